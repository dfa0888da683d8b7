from hpme.io.table import csv_bytes


def test_texts_that_a_spreadsheet_would_run_get_an_apostrophe_and_numbers_do_not():
    rows = [{"node": "=1+1", "@score": -0.5}, {"node": "C7, ring", "@score": None}]
    assert csv_bytes(rows).decode() == "node,'@score\r\n'=1+1,-0.5\r\n\"C7, ring\",\r\n"


def test_no_rows_are_an_empty_line():
    assert csv_bytes([]) == b"\r\n"
