from dataclasses import replace

import pytest
import torch

from hpme.explainers import EXPLAINERS, EdgeMaskConfig, EdgeMaskExplainer, GSATObjective, MixupObjective
from hpme.explainers.edge_masks.mixupexplainer import append
from hpme.forward.packed import pack


@pytest.fixture
def draws():
    return torch.Generator().manual_seed(0)


@pytest.fixture
def pair(make_graph):
    """A path 0 - 1 - 2 and an edge 0 - 1; the first of their edges is the explanation of the path."""
    graphs = pack([make_graph([1.0, 2.0, 3.0], [(0, 1), (1, 2)]), make_graph([5.0, 6.0], [(0, 1)])])
    return graphs, torch.tensor([1.0, 1.0, 0.2, 0.2, 0.7, 0.7])


def test_a_graph_keeps_its_weights_and_its_donor_the_complement(pair, draws):
    mixed = append(*pair, torch.tensor([1, 0]), 0.0, 0.0, draws)
    graphs = mixed.graphs
    assert graphs.x.squeeze(1).tolist() == [1, 2, 3, 5, 6, 5, 6, 1, 2, 3]
    assert graphs.batch.tolist() == [0] * 5 + [1] * 5
    weights = dict(zip(map(tuple, graphs.edge_index.t().tolist()), mixed.weight.tolist(), strict=True))
    expected = {(0, 1): 1, (1, 2): 0.2, (3, 4): 0.3, (5, 6): 0.7, (7, 8): 0, (8, 9): 0.8}
    assert weights == pytest.approx(expected | {(v, u): w for (u, v), w in expected.items()})


def test_dropout_takes_edges_of_the_rest_only(pair, draws):
    mixed = append(*pair, torch.tensor([1, 0]), 0.0, 1.0, draws)
    assert mixed.weight[mixed.graphs.edge_index[0] == 0].tolist() == [1]
    assert mixed.weight[mixed.graphs.edge_index[0] == 3].tolist() == [0]


def test_links_join_graph_and_donor_with_weight_one_both_ways_and_about_eta_times(pair, draws):
    graphs, weight = pair
    many, weights = graphs.repeat(500), weight.repeat(500)
    mixed = append(many, weights, torch.arange(1000).roll(1), 2.0, 0.0, draws)
    own = torch.tensor([0] * 3 + [1] * 2 + [0] * 2 + [1] * 3).repeat(500)
    batch, (start, end) = mixed.graphs.batch, mixed.graphs.edge_index
    crosses = own[start] != own[end]
    there, back = ((own[start] == side) & crosses for side in (0, 1))
    assert len(start) - 2 * len(weights) == crosses.sum()
    assert sorted(zip(*mixed.graphs.edge_index[:, there].tolist(), strict=True)) == sorted(
        zip(*mixed.graphs.edge_index[:, back].flip(0).tolist(), strict=True)
    )
    assert int(there.sum()) == pytest.approx(2000, abs=150)
    assert torch.equal(batch[start], batch[end])
    assert mixed.weight[crosses].unique().tolist() == [1]


def test_links_take_the_attributes_of_an_edge_both_ways(pair, draws):
    graphs, weight = pair
    kinds = torch.tensor([1.0, 1, 2, 2, 3, 3])[:, None]
    bonded = replace(graphs, edge_attrs={"edge_attr": kinds})
    mixed = append(bonded, weight, torch.tensor([1, 0]), 2.0, 0.0, draws).graphs
    found = {
        (int(u), int(v)): float(kind)
        for (u, v), kind in zip(mixed.edge_index.t(), mixed.edge_attrs["edge_attr"], strict=True)
    }
    assert found[0, 1] == 1
    assert found[1, 2] == 2
    assert found[3, 4] == 3
    assert set(found.values()) <= {1, 2, 3}
    assert all(found[v, u] == kind for (u, v), kind in found.items())


def test_only_the_released_one_passes_its_weights_through_a_second_sigmoid(pair, draws):
    donor, state = torch.tensor([1, 0]), draws.get_state()
    repaired = MixupObjective().mix(*pair, donor, draws)
    released = MixupObjective(as_released=True).mix(*pair, donor, draws.set_state(state))
    assert torch.equal(released.weight, repaired.weight.sigmoid())
    assert torch.equal(released.graphs.edge_index, repaired.graphs.edge_index)


def test_the_registry_has_both(neighbour_sum):
    for name, released in (("mixupexplainer-released", True), ("mixupexplainer", False)):
        config = EXPLAINERS[name].build(neighbour_sum, 3).config
        assert (config.objective.as_released, config.seed) == (released, 3)


@pytest.mark.parametrize("setting", [{"eta": -1}, {"dropout": 2}, {"size": -1}, {"entropy": -1}])
def test_settings_out_of_range_are_refused(setting):
    with pytest.raises(ValueError, match=next(iter(setting))):
        MixupObjective(**setting)


def test_its_own_mix_is_seen_with_its_weights(neighbour_sum, make_graph):
    graphs = [make_graph([1.0, 2.0], [(0, 1)]), make_graph([4.0, 8.0], [(0, 1)])]
    objective = MixupObjective(eta=0.0, dropout=0.0)
    explainer = EdgeMaskExplainer(neighbour_sum, EdgeMaskConfig(objective, steps=2)).fit(graphs)
    own, other = (out.edge_mask[0].item() for out in explainer.explain_batch(graphs))
    (mixed,) = explainer.mix_embeddings(graphs[:1], graphs[1:]).tolist()
    # Each node takes its neighbour's feature, in the graph by the edge's weight, in the donor by its rest.
    nodes = [2 * own, own, 8 * (1 - other), 4 * (1 - other)]
    assert mixed == pytest.approx([max(nodes), sum(nodes) / 4])


def test_an_objective_that_mixes_nothing_has_no_own_mix(neighbour_sum, make_graph):
    graphs = [make_graph([1.0, 2.0], [(0, 1)]), make_graph([4.0, 8.0], [(0, 1)])]
    explainer = EdgeMaskExplainer(neighbour_sum, EdgeMaskConfig(GSATObjective(), steps=2)).fit(graphs)
    assert explainer.mix_embeddings(graphs, graphs) is None
