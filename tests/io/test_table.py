import pytest

from hpme.io.table import csv_bytes


def test_texts_that_a_spreadsheet_would_run_get_an_apostrophe_and_numbers_do_not():
    rows = [{"node": "=1+1", "@score": -0.5}, {"node": "C7, ring", "@score": None}]
    assert csv_bytes(rows).decode() == "node,'@score\r\n'=1+1,-0.5\r\n\"C7, ring\",\r\n"


def test_no_rows_are_an_empty_line():
    assert csv_bytes([]) == b"\r\n"


@pytest.mark.parametrize(
    "text",
    [" =1+1", "\n=1+1", "\u3000=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20a", "\u22121", "\u200b=1"],
)
def test_formulas_behind_blanks_and_in_other_widths_get_one_too(text):
    assert csv_bytes([{"a": text}]).decode().partition("\r\n")[2].lstrip('"').startswith("'")


@pytest.mark.parametrize("text", ["C=O", "a - b", " a", "C\n=O"])
def test_other_texts_stay(text):
    assert "'" not in csv_bytes([{"a": text}]).decode()
