import json

from benchmarks.sanity_table import PAGE, SHIPPED, lines, renewed, tables


def drawn(explainer: str, depth: int, correlation: float | None, auc: float):
    place = {"check": "weights", "dataset": "a", "explainer": explainer, "depth": depth}
    return place | {"correlation": correlation, "edge_auc": auc}


ROWS = [
    {"check": "labels", "dataset": "a", "explainer": "hpme", "edge_auc": 0.5, "accuracy": 0.481},
    drawn("hpme", 0, 1.0, 0.9),
    drawn("hpme", 1, None, 0.4),
    drawn("random", 0, 1.0, 0.5),
]


def test_a_table_has_two_digits_and_a_dash_for_what_is_not_there():
    assert lines(["name", "value"], [["a", 0.456], ["b", None]]) == (
        "| name | value |\n| --- | --- |\n| a | 0.46 |\n| b | – |"
    )


def test_each_number_of_stages_has_a_column():
    assert tables(ROWS)["weights"].splitlines() == [
        "| dataset | explainer | trained | 1 drawn anew |",
        "| --- | --- | --- | --- |",
        "| a | hpme | 1.00 / 0.90 | – / 0.40 |",
        "| a | random | 1.00 / 0.50 | – |",
    ]


def test_a_page_keeps_its_words_and_is_the_same_when_it_is_written_again():
    marks = "\n".join(f"{name}: <!-- {name} --><!-- /{name} -->." for name in tables(ROWS))
    page = renewed(marks, ROWS)
    assert "| a | hpme | 0.50 | 0.48 |\n\n<!-- /labels -->.\nweights: <!-- weights -->" in page
    assert renewed(page, ROWS) == page


def test_the_page_is_written_from_the_shipped_rows():
    page = PAGE.read_text(encoding="utf-8")
    assert renewed(page, json.loads(SHIPPED.read_text(encoding="utf-8"))["rows"]) == page
