from dataclasses import replace

import pytest

from hpme.figures import Method, grid_data
from tests.figures.scenes import explanation_of
from tests.figures.test_documents import story  # noqa: F401 (a fixture)


@pytest.fixture
def methods(story):  # noqa: F811
    """Two explainers on a path of four nodes: one keeps nodes 0 and 1, the other 1 and 2."""
    other = explanation_of(story.scene.graph, (1, 2))
    other_story = replace(story, scene=replace(story.scene, explanation=other))
    return [
        Method("HPME", story, story.scene.explanation, 0.004),
        Method("Other", other_story, other, 0.2, 1.5),
    ]


def test_the_consensus_comes_first_and_says_of_each_node_how_many_keep_it(methods):
    panels = grid_data(methods)["light"]
    assert [panel["name"] for panel in panels] == ["Consensus", "HPME", "Other"]
    votes = [node["title"].splitlines()[-1] for node in panels[0]["nodes"]]
    assert votes == ["Kept by 1 of 2", "Kept by 2 of 2", "Kept by 1 of 2", "Kept by 0 of 2"]
    fills = [node["color"]["background"] for node in panels[0]["nodes"]]
    assert fills[0] == fills[2]
    assert len(set(fills)) == 3


def test_of_one_explainer_alone_no_number_is_told(methods):
    (caption, _) = (panel["caption"] for panel in grid_data(methods[:1])["light"])
    assert caption == "What HPME keeps; no other explainer stands here yet."


def test_all_panels_have_one_layout_and_each_method_tells_its_views_its_metrics_and_its_time(methods):
    panels = grid_data(methods)["dark"]
    places = [[(node["id"], node["x"], node["y"]) for node in panel["nodes"]] for panel in panels]
    assert places == [places[0]] * 3
    for panel, time in zip(panels[1:], ("4 ms", "1.5 s fit, 200 ms"), strict=True):
        views = [verdict["what"] for verdict in panel["verdicts"]]
        assert views == ["Subgraph alone", "Rest alone", "Mixed graph"]
        assert panel["facts"][-1]["value"] == time
        assert all(fact["words"] for fact in panel["facts"])
    assert panels[2]["caption"] == "2 of 4 nodes kept."


def test_an_own_mask_is_drawn_as_it_is_with_all_of_its_edges(methods):
    hard, own = (grid_data(methods, masks)["light"][2] for masks in ((), ("Other",)))
    assert own["caption"] == (
        "Its raw mask, as the explainer gives it. The bars are of it cut to 2 of 4 nodes."
    )
    # Of the path's three edges the other keeps the one between its two nodes; weight 1 is 6 wide, 0 a hair.
    assert [edge["width"] for edge in own["edges"]] == [0.3, 6.0, 0.3]
    assert [edge["width"] for edge in hard["edges"]].count(4) == 1
