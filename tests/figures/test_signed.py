import pytest
import torch

from hpme.figures import signed_data
from hpme.figures.palette import DARK, LIGHT, RED
from tests.figures.scenes import molecule_graph, scene_of


@pytest.fixture
def scene():
    graph, donor = molecule_graph("CCO", [2]), molecule_graph("CCCN")
    return scene_of(graph, [2], donor, [3], labels=("C", "N", "O"))


def colours(panel) -> list[str]:
    return [node["color"]["background"] for node in panel["nodes"]]


@pytest.mark.parametrize(("name", "theme"), [("light", LIGHT), ("dark", DARK)])
def test_colours_diverge_from_no_effect_to_the_largest_either_way(scene, name, theme):
    (panel,) = signed_data(scene, torch.tensor([2.0, 0.0, -2.0]), "logP")[name]
    assert colours(panel) == [theme.explanation.lower(), theme.low, RED.lower()]
    (half,) = signed_data(scene, torch.tensor([4.0, 0.0, -2.0]), "logP")[name]
    assert colours(half)[2] not in {theme.low, RED.lower()}


def test_the_legend_says_how_much_the_full_colours_are_and_a_node_what_it_adds(scene):
    (panel,) = signed_data(scene, torch.tensor([0.5, 0.0, -1.25]), "logP")["light"]
    assert [key["label"] for key in panel["legend"]] == ["−1.25 … 0", "0 … +1.25", "ground truth"]
    assert panel["nodes"][2]["title"].endswith("Adds -1.250")
    assert panel["nodes"][2]["borderWidth"] == 3  # the ground truth
    assert panel["alt"].startswith("What each node adds, left out, to logP: at most 1.25")


def test_where_nothing_adds_anything_nothing_is_coloured(scene):
    (panel,) = signed_data(scene, torch.zeros(3), "logP")["light"]
    assert set(colours(panel)) == {LIGHT.low}
