import pytest
import torch
from torch_geometric.data import Data

from hpme.explainers.edge_masks.soft_mix import soft_mix
from hpme.figures import measure_leak, soft_data
from hpme.figures.palette import LIGHT, VERMILLION
from hpme.method.mixup import EXPLANATION
from tests.figures.test_documents import story  # noqa: F401 (a fixture)


def test_a_leak_is_counted_in_edges_that_can_be_seen_and_in_mass():
    # A path of four nodes, of which the first two are kept; both directions of an edge weigh the same.
    edge_index = torch.tensor([[0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2]])
    weight = torch.tensor([0.5, 0.5, 0.9, 0.9, 0.005, 0.005])
    soft = Data(edge_index=edge_index, edge_weight=weight, edge_origin=torch.full((6,), EXPLANATION))
    leak = measure_leak(soft, torch.tensor([True, True, False, False]))
    assert (leak.edges, leak.total) == (1, 2)
    assert leak.mass == pytest.approx(0.905 / 1.405)
    assert leak.sentence == (
        "1 of 2 edges outside the explanation still pass messages; 64% of the mask's mass lies outside."
    )


def test_leaked_edges_are_red_and_as_wide_as_their_weights_beside_hpmes_mix(story):  # noqa: F811
    graph, donor = story.scene.graph, story.scene.donor
    mask = torch.tensor([1.0, 1.0, 0.5, 0.5, 0.25, 0.25])
    soft = soft_mix(graph, donor, mask, torch.zeros(donor.num_edges), 0)
    first, second = soft_data(story, story, soft, torch.tensor([[0.0, 1.0]]), "Saliency")["light"]
    assert (first["name"], second["name"]) == ("Soft mix", "Mixed graph")
    own = [edge for edge in first["edges"] if edge["from"] < 4 and edge["to"] < 4]
    colours = [edge["color"]["color"] for edge in own]
    assert colours == [LIGHT.explanation, VERMILLION, VERMILLION]
    assert own[1]["width"] == 2 * own[2]["width"]
    assert VERMILLION not in [edge["color"]["color"] for edge in second["edges"]]
