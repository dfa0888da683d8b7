import pytest
import torch
from torch import nn
from torch_geometric.nn import GCNConv, global_add_pool

from hpme.explainers.edge_masks.soft_mix import soft_mix, weighted_logits


@pytest.fixture
def mixed(path, make_graph):
    """The path, its middle edge half in, appended to a pair of nodes whose edge is a fifth in."""
    donor = make_graph([5.0, 6.0], [(0, 1)])
    mask = torch.tensor([1.0, 0.5, 0.0])[path.edge_index.amin(0)]
    return soft_mix(path, donor, mask, torch.full((2,), 0.2), seed=3)


def test_nothing_is_removed_and_every_node_knows_where_it_came_from(mixed):
    assert mixed.x.flatten().tolist() == [3, 2, 0, 1, 5, 6]
    assert mixed.node_origin.tolist() == [0, 0, 0, 0, 1, 1]
    assert mixed.node_id.tolist() == [0, 1, 2, 3, 0, 1]


def test_the_graph_keeps_its_mask_and_the_donor_what_its_own_mask_leaves(mixed):
    ends = zip(
        mixed.edge_index.t().tolist(), mixed.edge_weight.tolist(), mixed.edge_origin.tolist(), strict=True
    )
    edges = {(u, v): (weight, origin) for (u, v), weight, origin in ends if u < v and origin < 2}
    assert edges == {
        (0, 1): (1.0, 0),
        (1, 2): (0.5, 0),
        (2, 3): (0.0, 0),
        (4, 5): (pytest.approx(0.8), 1),
    }


def test_links_weigh_one_and_join_the_two_in_both_directions(mixed):
    links = mixed.edge_index[:, mixed.edge_origin == 2]
    assert links.numel()
    assert (mixed.edge_weight[mixed.edge_origin == 2] == 1).all()
    assert (mixed.node_origin[links[0]] != mixed.node_origin[links[1]]).all()
    assert sorted(links.t().tolist()) == sorted(links.flip(0).t().tolist())


def test_after_a_second_sigmoid_no_edge_is_gone(path):
    mixed = soft_mix(path, path, torch.zeros(6), torch.ones(6), as_released=True)
    assert (mixed.edge_weight[mixed.edge_origin < 2] == 0.5).all()


def test_the_classifier_gets_each_message_times_its_weight(mixed, neighbour_sum):
    # Source's feature times weight, edge by edge: 3 + 2, (2 + 0) / 2, nothing, (5 + 6) * .8; and the links.
    links = mixed.edge_index[0, mixed.edge_origin == 2]
    expected = 5 + 1 + 8.8 + float(mixed.x[links].sum())
    assert weighted_logits(neighbour_sum, mixed).tolist() == [[1.0, pytest.approx(expected)]]


class Native(nn.Module):
    """A normalised GCN that would take weights of edges, too."""

    def __init__(self):
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            self.conv = GCNConv(1, 2)

    def forward(self, x, edge_index, batch, edge_weight=None):
        return global_add_pool(self.conv(x, edge_index, edge_weight), batch)


def test_a_model_that_takes_edge_weights_is_given_the_mixs_weights_once(path):
    mixed = soft_mix(path, path, torch.full((6,), 0.3), torch.full((6,), 0.6))
    model, batch = Native().eval(), torch.zeros(mixed.num_nodes, dtype=torch.long)
    expected = model(mixed.x, mixed.edge_index, batch, mixed.edge_weight)
    assert torch.allclose(weighted_logits(model, mixed), expected, atol=1e-6)
    with pytest.raises(ValueError, match=r"^Expected graphs without 'edge_weight' for a soft mix"):
        soft_mix(mixed, path, mixed.edge_weight, torch.ones(6))


def test_a_soft_mix_is_around_our_node_alone(path, make_graph):
    donor = make_graph([1.0, 2.0], [(0, 1)])
    path.centre, donor.centre = torch.arange(4) == 2, torch.arange(2) == 1
    mixed = soft_mix(path, donor, torch.full((6,), 0.3), torch.full((2,), 0.2))
    assert mixed.centre.tolist() == [False, False, True, False, False, False]
