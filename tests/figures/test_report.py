import re
from xml.etree import ElementTree

import pytest

from hpme.figures import answer_rows, metric_rows, report_html
from tests.figures.test_documents import HOSTILE, story  # noqa: F401 (a fixture)


@pytest.fixture
def report(story):  # noqa: F811
    return report_html(story, f"Why {HOSTILE}?", f"hpme explain {HOSTILE}", {"seed": 0, "config": {"a": 1}})


def test_a_report_is_one_well_formed_page_without_script_that_loads_nothing(report):
    assert not re.search(r"""<(script|link|img|iframe)|\b(src|href)=["']http""", report)
    ElementTree.fromstring(report.replace("<!doctype html>", "").replace("<meta charset='utf-8'>", ""))


def test_a_report_holds_the_result_the_pictures_the_numbers_and_their_origin(report):
    assert "keeps 2 of 4 nodes" in report
    assert report.count("<svg ") == 3
    assert "Kept on the mix" in report
    assert "<td>seed</td><td>0</td>" in report
    assert "hpme explain &lt;/script&gt;" in report


def test_the_rows_of_a_report_say_what_is_better_and_what_is_kept(story):  # noqa: F811
    metrics = {row["metric"]: (row["value"], row["better"]) for row in metric_rows(story)}
    assert metrics["Kept share"] == (0.5, "neither")
    assert metrics["Capacity"] == (4.0, "lower")
    kept = [row["same as the whole graph"] for row in answer_rows(story)]
    assert kept == ["yes", "yes", "no", "yes"]
