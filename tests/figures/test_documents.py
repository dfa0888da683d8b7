import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from hpme.analysis.story import Subject, build_story
from hpme.figures import capacity_path, data_svgs, graph_svg, page_html, panels, trio_data
from hpme.figures.palette import DARK
from hpme.method.capacity import Checkpoint
from tests.figures.scenes import explanation_of

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture
def story(feature_sum, path, make_graph):
    path.graph_id = 3
    donors = [make_graph([5.0, 5.0, 0.0], [(0, 1), (1, 2)], graph_id=i) for i in (10, 11)]
    subject = Subject(feature_sum, path, donors[0], donors, ("low", HOSTILE))
    return build_story(subject, lambda graphs: [explanation_of(graph, [0, 1], 4.0) for graph in graphs])


def test_the_svg_draws_every_node_and_edge_of_every_panel(path_scene):
    root = ET.fromstring(graph_svg(panels(path_scene)))
    assert len(list(root.iter(f"{SVG}circle"))) == 4 + 4 + 2
    assert len(list(root.iter(f"{SVG}rect"))) == 1 + 2  # the surface, and the donor's two nodes
    assert len(list(root.iter(f"{SVG}line"))) == 3 + 3 + 3
    assert [text.text for text in root.findall(f"{SVG}text")] == [
        "Original graph",
        "Hard-pooled subgraph",
        "Mixed graph",
    ]


def test_a_picture_without_names_is_as_much_lower_as_they_are_high(path_scene):
    named, bare = (ET.fromstring(graph_svg(panels(path_scene)[:1], named=named)) for named in (True, False))
    assert not bare.findall(f"{SVG}text")
    assert float(named.get("height")) - float(bare.get("height")) == 45


def test_what_the_script_draws_is_drawn_as_pictures_too(story):
    drawn = data_svgs(trio_data(story, show_dropped=False), dark=True)
    assert list(drawn) == ["Original graph", "Hard-pooled subgraph", "Mixed graph", "All panels"]
    subgraph = ET.fromstring(drawn["Hard-pooled subgraph"])
    assert len(list(subgraph.iter(f"{SVG}circle"))) == 2  # dropped nodes are hidden here as well
    assert subgraph.find(f"{SVG}rect").get("fill") == DARK.surface
    together = ET.fromstring(drawn["All panels"])
    assert [text.text for text in together.findall(f"{SVG}text")] == list(drawn)[:3]


def test_the_svg_escapes_hover_text(path_scene):
    panel = panels(path_scene)[0]
    panel = replace(panel, nodes=[node | {"title": HOSTILE, "label": HOSTILE} for node in panel.nodes])
    assert "<img" not in graph_svg([panel])


def test_an_empty_panel_is_an_svg_too(path_scene):
    ET.fromstring(graph_svg([replace(panels(path_scene)[0], nodes=[], edges=[])]))


def test_the_page_loads_nothing_and_no_name_breaks_out_of_it(story):
    page = page_html(story, title=HOSTILE)
    assert not re.search(r"""<(script|link|img|iframe)[^>]*\s(src|href)=""", page)
    assert "bootstrap" not in page.lower()
    assert HOSTILE not in page
    assert "keeps 2 of 4 nodes" in page


def test_panels_report_the_probability_of_the_explained_class(story):
    below = [panel["verdicts"] for panel in trio_data(story)["light"]]
    assert [[verdict["what"] for verdict in verdicts] for verdicts in below] == [
        ["Whole graph"],
        ["Subgraph alone", "Rest alone"],
        ["Mixed graph"],
    ]
    assert [verdict["holds"] for verdicts in below for verdict in verdicts] == [True, True, False, True]


def test_the_capacity_path_marks_the_choice_and_what_is_shown():
    bits = (16.0, 9.0, 4.0, 0.0)
    path = [Checkpoint(price=0.1, share=1 - i / 4, bits=b, kept=1 - i / 10) for i, b in enumerate(bits)]
    chart = capacity_path(path, [1, 2], 3)
    assert [point["x"] for point in chart["points"]] == [4.0, 3.0, 2.0, 0.0]  # square roots
    assert [point["y"] for point in chart["points"]] == pytest.approx([1.0, 0.9, 0.8, 0.7])
    assert chart["points"][1]["words"] == "step 1: 75% of the nodes, 9.0 bits; 90% of predictions hold"
    assert (chart["choice"], chart["shown"]) == ([1, 2], [3])
    assert capacity_path(path, [1, 2], None)["shown"] == []  # HPME's choice is what is shown
    assert chart["across"] == [(0.0, "0"), (pytest.approx(5**0.5), "5")]
    assert chart["up"] == [(pytest.approx(share / 10), f"{share}0%") for share in (7, 8, 9, 10)]
    nearly = [Checkpoint(price=0.1, share=1.0, bits=1.0, kept=kept) for kept in (0.985, 0.7)]
    assert capacity_path(nearly, [0], None)["up"] == chart["up"]  # 100% is so near that it is told
