from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

PAGE = Path(__file__).parents[2] / "pages" / "benchmark.py"


@pytest.fixture
def page():
    return healthy(AppTest.from_file(str(PAGE), default_timeout=120).run())


def healthy(app):
    assert not app.exception, app.exception[0].message
    return app


def test_the_table_holds_every_explainer_once_a_place_and_marks_the_best(page):
    board = page.dataframe[0].value
    assert not board.duplicated(["dataset", "model", "split", "explainer"]).any()
    first = board[(board["dataset"] == "BA-2Motifs") & (board["model"] == "GIN")]
    assert first.iloc[0]["explainer"] == "HPME"
    assert first.iloc[0]["rank"] == 1


def test_filters_let_through_only_what_they_name(page):
    healthy(next(m for m in page.multiselect if m.key == "datasets").select("benzene").run())
    assert set(page.dataframe[0].value["dataset"]) == {"Benzene"}
    healthy(next(m for m in page.multiselect if m.key == "datasets").select("ba-2motifs").run())
    assert set(page.dataframe[0].value["dataset"]) == {"Benzene", "BA-2Motifs"}


@pytest.mark.parametrize("kind", ["AUC and size", "Robust fidelity", "Shift", "Stability", "Ablations"])
def test_every_chart_is_drawn_or_says_what_is_missing(page, kind):
    control = next(group for group in page.button_group if group.key == "chart")
    healthy(control.set_value(kind).run())
    assert page.get("plotly_chart") or page.info
