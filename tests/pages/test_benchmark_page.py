import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from benchmarks.ablation import VARIANTS
from hpme.benchmark import leaderboard
from ui.benchmark_charts import ABLATIONS

PAGE = Path(__file__).parents[2] / "pages" / "benchmark.py"


@pytest.fixture
def page():
    return healthy(AppTest.from_file(str(PAGE), default_timeout=120).run())


def healthy(app):
    assert not app.exception, app.exception[0].message
    return app


def board(app):
    """The table of all explainers: the one with ranks."""
    (found,) = (frame.value for frame in app.dataframe if "rank" in frame.value)
    return found


def control(app, key):
    return next(group for group in app.button_group if group.key == key)


def test_the_table_holds_every_explainer_once_a_place_and_marks_the_best(page):
    shown = board(page)
    assert not shown.duplicated(["dataset", "model", "split", "explainer"]).any()
    first = shown[(shown["dataset"] == "BA-2Motifs") & (shown["model"] == "GIN")]
    assert first.iloc[0]["explainer"] == "HPME"
    assert first.iloc[0]["rank"] == 1


def test_filters_let_through_only_what_they_name(page):
    healthy(next(m for m in page.multiselect if m.key == "datasets").select("benzene").run())
    assert set(board(page)["dataset"]) == {"Benzene"}
    healthy(next(m for m in page.multiselect if m.key == "datasets").select("ba-2motifs").run())
    assert set(board(page)["dataset"]) == {"Benzene", "BA-2Motifs"}


@pytest.mark.parametrize("kind", ["AUC and size", "Robust fidelity", "Shift", "Stability", "Ablations"])
def test_every_chart_is_drawn_or_says_what_is_missing(page, kind):
    healthy(control(page, "chart").set_value(kind).run())
    assert page.get("plotly_chart") or page.info


def test_the_page_opens_on_what_the_tests_say_and_a_task_has_its_own_lines(page):
    standing = page.dataframe[0].value
    assert {"measure", "sets", "first", "tied", "behind", "not tested", "mean rank"} <= set(standing)
    assert (standing[["first", "tied", "behind", "not tested"]].sum(axis=1) == standing["sets"]).all()
    healthy(control(page, "predicted").set_value("node-classification").run())
    assert page.dataframe[0].value.set_index("measure").loc["Edge AUC ↑", "sets"] == 4


def test_hpmes_own_criterion_is_no_column_unless_asked_for(page):
    assert "kept_on_mix" not in board(page)


@pytest.fixture
def measured(tmp_path, monkeypatch):
    """The page on HPME, one that is worse on every graph, and one that is saturated."""

    def values(explainer, auc, **others):
        place = {"dataset": "ba-2motifs", "model": "gin", "split": "held-out", "classifier": "c"}
        facts = {"explainer": explainer, "seed": 0, "graphs": 20, "explain_ms": 1.0, "fit_seconds": 1.0}
        auc = [round(auc + 0.001 * i, 4) for i in range(20)]
        return place | facts | {"edge_auc": auc[0], "by_graph": {"edge_auc": auc}} | others

    rows = [values("hpme", 0.9), values("saliency", 0.8), values("pgexplainer", 0.95, saturated=0.9)]
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"meta": {"date": "2026-01-01", "command": "hpme bench"}, "rows": rows}))
    monkeypatch.setattr(leaderboard, "SHIPPED", [path])
    return healthy(AppTest.from_file(str(PAGE), default_timeout=120).run())


def test_a_cell_of_hpme_says_what_the_test_says_and_a_saturated_mask_has_no_auc(measured):
    standing, verdicts = (measured.dataframe[place].value for place in (0, 1))
    assert standing.set_index("measure").loc["Edge AUC ↑", "first"] == 1
    assert verdicts["Edge AUC ↑"].tolist() == ["first (+0.100)"]
    cells = {line["explainer"]: line["edge_auc"] for line in board(measured).to_dict("records")}
    assert cells.keys() == {"HPME", "Saliency", "PGExplainer"}
    assert "nan" in str(cells["PGExplainer"]).lower()
    assert any("keeps everything" in text.value for text in measured.caption)


def test_a_file_that_holds_no_results_is_named(tmp_path, monkeypatch):
    (tmp_path / "x.json").write_text("{}")
    monkeypatch.setattr(leaderboard, "SHIPPED", [tmp_path / "x.json"])
    page = healthy(AppTest.from_file(str(PAGE), default_timeout=120).run())
    assert "Expected results" in page.error[0].value


def test_the_page_ends_on_whether_explainers_are_true_to_the_model_with_its_command(page):
    (chart,) = [chart for chart in page.get("plotly_chart") if "rank correlation" in chart.proto.spec]
    assert "old truth" in chart.proto.spec
    assert any(code.value.startswith("python -m benchmarks.sanity --json") for code in page.code)
    rows = next(frame.value for frame in page.dataframe if "auc_shortcut" in frame.value)
    ours = rows[(rows["check"] == "shortcut") & (rows["explainer"] == "hpme")]
    assert (ours["auc_shortcut"] > 0.9).all()
    assert (ours["auc_truth"] < 0.5).all()


def test_every_ablation_is_named_in_plain_words():
    assert {*ABLATIONS} == {*VARIANTS}
    page = AppTest.from_file(str(PAGE), default_timeout=120)
    page.query_params["chart"] = "Ablations"
    healthy(page.run())
    assert any("kept part beside the whole donor" in chart.proto.spec for chart in page.get("plotly_chart"))
