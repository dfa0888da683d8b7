import re
from xml.etree import ElementTree

import pytest

from hpme.analysis.story import Subject, build_story
from hpme.datasets.molecules import ELEMENTS
from hpme.figures import (
    Method,
    answer_rows,
    comparison_html,
    gallery_html,
    grid_data,
    metric_rows,
    piece_thumbnail,
    report_html,
)
from hpme.figures.report import graph_facts
from tests.figures.scenes import explanation_of, molecule_graph
from tests.figures.test_documents import HOSTILE, story  # noqa: F401 (a fixture)


@pytest.fixture
def report(story):  # noqa: F811
    return report_html(story, f"Why {HOSTILE}?", f"hpme explain {HOSTILE}", {"seed": 0, "config": {"a": 1}})


def test_a_report_is_one_well_formed_page_without_script_that_loads_nothing(report):
    assert not re.search(r"""<(script|link|img|iframe)|\b(src|href)=["']http""", report)
    ElementTree.fromstring(report.replace("<!doctype html>", "").replace("<meta charset='utf-8'>", ""))


def test_a_gallery_is_such_a_page_and_escapes_what_users_name():
    pictures = [(piece_thumbnail(molecule_graph("CCO"), [0, 1]), HOSTILE, [HOSTILE, "wrong in 7"])]
    page = gallery_html(pictures, [{HOSTILE: HOSTILE}], HOSTILE, HOSTILE, {"dataset": HOSTILE})
    assert not re.search(r"""<(script|link|img|iframe)|\b(src|href)=["']http""", page)
    ElementTree.fromstring(page.replace("<!doctype html>", "").replace("<meta charset='utf-8'>", ""))
    assert "wrong in 7" in page


def test_a_report_holds_the_result_the_pictures_the_numbers_and_their_origin(report):
    assert "keeps 2 of 4 nodes" in report
    assert report.count("<svg ") == 3
    assert "Holds in mixes" in report
    assert "<td>seed</td><td>0</td>" in report
    assert "hpme explain &lt;/script&gt;" in report


def test_a_report_tells_the_graph_its_nodes_the_legend_and_settings_one_by_one(report):
    page = ElementTree.fromstring(report.replace("<!doctype html>", "").replace("<meta charset='utf-8'>", ""))
    about, _, _, nodes, facts = page.iter("table")
    cells = [["".join(cell.itertext()) for cell in row] for row in about.iter("tr")]
    assert cells[1:3] == [["nodes", "4"], ["edges", "3"]]
    rows = [["".join(cell.itertext()) for cell in row] for row in nodes.iter("tr")]
    assert [row[rows[0].index("kept")] for row in rows] == ["kept", "yes", "yes", "no", "no"]
    assert [["".join(cell.itertext()) for cell in row] for row in facts.iter("tr")][-1] == ["config: a", "1"]
    keys = ["".join(key.itertext()) for key in page.iter("span") if key.get("class") == "key"]
    assert [key for key in keys if key != "ground truth"][:4] == [
        "importance",
        "kept",
        "dropped",
        "explanation",
    ]


def bars(page):
    return [
        " ".join(bar.itertext()) for bar in page.iter("span") if (bar.get("class") or "").startswith("bar ")
    ]


def test_a_report_has_the_bars_and_marks_that_its_note_tells_of(report):
    page = ElementTree.fromstring(report.replace("<!doctype html>", "").replace("<meta charset='utf-8'>", ""))
    # Sums 6, 5, 1 and 5 against 2.5: the sigmoid of the difference.
    assert bars(page) == [
        "Whole graph 97% ✓",
        "Subgraph alone 92% ✓",
        "Rest alone 18% ≠",
        "Mixed graph 92% ✓",
    ]
    figures = [len(bars(figure)) for figure in page.iter("figure")]
    assert figures == [1, 2, 1]
    assert "✓ the prediction holds, ✗ it does not." in report


def test_the_marks_of_a_legend_have_the_shapes_of_the_drawing(report):
    style = report.split("</style>")[0]  # a square is drawn as it is
    kinds = ("dot", "halo", "ring", "star", "line", "ramp", "dash")
    assert [kind for kind in kinds if f".{kind}" not in style] == []


def test_a_report_of_a_molecule_has_its_smiles_and_those_of_the_kept_part(feature_sum):
    graphs = [molecule_graph(smiles) for smiles in ("Cc1ccccc1", "CCO")]
    subject = Subject(feature_sum, graphs[0], graphs[1], graphs[1:], ("a", "b"), ELEMENTS)
    told = build_story(subject, lambda each: [explanation_of(graph, range(1, 7), 4.0) for graph in each])
    assert graph_facts(told) | {"label": None} == {
        "SMILES": "Cc1ccccc1",
        "formula": "C7H8",
        "kept part": "benzene ring",
        "kept part, SMARTS": "c1ccccc1",
        "nodes": 7,
        "edges": 7,
        "label": None,
    }


def test_the_rows_of_a_report_say_what_is_better_and_what_is_kept(story):  # noqa: F811
    metrics = {row["metric"]: (row["value"], row["better"]) for row in metric_rows(story)}
    assert metrics["Kept share"] == (0.5, "neither")
    assert metrics["Capacity"] == (4.0, "lower")
    kept = [row["as the whole graph"] for row in answer_rows(story)]
    assert kept == ["yes", "yes", "no", "yes"]


def test_a_report_of_a_comparison_has_a_picture_a_row_and_a_column_for_each_explainer(story):  # noqa: F811
    own = story.scene.explanation
    turned = explanation_of(story.scene.graph, (0, 1))
    turned.node_score = turned.node_score.flip(0)
    methods = [Method("HPME", story, own, 0.004), Method(HOSTILE, story, turned, 0.2, 1.5)]
    report = comparison_html(methods, grid_data(methods), f"Who {HOSTILE}?", {"seed": 0})
    page = ElementTree.fromstring(report.replace("<!doctype html>", "").replace("<meta charset='utf-8'>", ""))
    assert HOSTILE not in report
    assert report.count("<svg ") == 3  # the consensus and both
    assert [len(bars(figure)) for figure in page.iter("figure")] == [1, 3, 3]
    assert "✓ the prediction holds, ✗ it does not." in report
    explainers, kept, ranks, nodes, facts = page.iter("table")
    cells = [["".join(cell.itertext()) for cell in row] for row in explainers.iter("tr")]
    assert [row[0] for row in cells] == ["explainer", "HPME", HOSTILE]
    assert cells[2][-2:] == ["1.500", "200.000"]
    # Both keep the same two nodes; one ranking is the other turned round.
    assert [cell.text for cell in list(kept.iter("tr"))[1]] == ["HPME", "1.000", "1.000"]
    assert [cell.text for cell in list(ranks.iter("tr"))[1]] == ["HPME", "1.000", "-1.000"]
    assert len(list(nodes.iter("tr"))) == 1 + 4
    assert [cell.text for cell in list(facts.iter("tr"))[1]] == ["seed", "0"]
