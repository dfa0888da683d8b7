from math import log

import pytest
import torch

from hpme import load_dataset
from hpme.explainers import EXPLAINERS, ProxyObjective
from hpme.explainers.edge_masks.base import concrete
from hpme.explainers.edge_masks.objective import Sampled
from hpme.explainers.edge_masks.proxyexplainer import AutoEncoder, all_pairs, redraw_loss
from hpme.forward.packed import pack
from hpme.forward.weighted import EdgeWeighted


def test_all_pairs_are_those_of_different_nodes_of_one_graph(make_graph):
    pairs, real = all_pairs(pack([make_graph([1.0, 2.0], [(0, 1)]), make_graph([1.0, 2.0, 3.0], [(1, 2)])]))
    labels = dict(zip(map(tuple, pairs.edge_index.t().tolist()), real.tolist(), strict=True))
    edges = {(0, 1), (1, 0), (3, 4), (4, 3)}
    assert pairs.edge_batch.tolist() == [0] * 2 + [1] * 6
    assert labels == {pair: pair in edges for pair in edges | {(2, 3), (3, 2), (2, 4), (4, 2)}}


def test_edges_and_other_pairs_weigh_the_same_in_each_graph():
    drawn = torch.tensor([0.5, 0.25, 0.25, 0.5])
    real, graph = torch.tensor([True, False, False, True]), torch.tensor([0, 0, 0, 1])
    # Graph 0: (log 2 + log 4/3) / 2; graph 1 has edges only: log(2) / 2.
    expected = (log(2) + log(4 / 3) + log(2)) / 4
    assert float(redraw_loss(drawn, real, graph, 2)) == pytest.approx(expected)


def test_the_proxy_takes_the_larger_weight_and_a_code_that_is_normal_diverges_by_nothing(path):
    network = AutoEncoder(1, 2)
    for parameter in network.requires_grad_(False).parameters():
        parameter.zero_()
    network.mean.bias[0] = 1
    pairs, noise = torch.tensor([[0, 1], [1, 2]]), torch.tensor([[2.0, 0.0]] * 2 + [[-3.0, 0.0]] * 2)
    drawn, divergence = network(path.x, path.edge_index, torch.ones(6), pairs, noise)
    # Explanation's codes (1, 0): sigma(1). The rest's 3, 3, -2: sigma(9) and sigma(-6).
    assert drawn.tolist() == pytest.approx([1 / (1 + 2.718281828**-9), 1 / (1 + 2.718281828**-1)])
    assert float(divergence) == pytest.approx(0.5)  # mean² / 2
    network.mean.bias[0] = 0
    assert float(network(path.x, path.edge_index, torch.ones(6), pairs, noise)[1]) == 0


def test_the_auto_encoder_learns_to_tell_edges_from_other_pairs():
    graphs = pack(load_dataset("ba-2motifs").train[:16])
    objective, draws = ProxyObjective(), torch.Generator().manual_seed(0)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = objective.network(10)
    optimizer = torch.optim.Adam(network.parameters(), 3e-3)
    pairs, real = all_pairs(graphs)
    weight = torch.full((graphs.edge_index.size(1),), 0.5)
    for _ in range(80):
        x = torch.cat([graphs.x, torch.randn(len(graphs.x), 16, generator=draws)], dim=1)
        noise = objective.noise * torch.randn(len(x), 64, generator=draws)
        drawn, _ = network(x, graphs.edge_index, weight, pairs.edge_index, noise)
        loss = redraw_loss(drawn, real, pairs.edge_batch, graphs.size)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert drawn[real].mean() > drawn[~real].mean() + 0.2


def test_the_scorer_learns_from_prediction_and_drawing_and_the_auto_encoder_from_the_drawing(
    neighbour_sum, path
):
    graphs, pair = pack([path, path]), torch.tensor([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    logit = torch.zeros(12, requires_grad=True)
    network = ProxyObjective(hidden=4).network(1)

    def gradients(output, **settings):
        objective = ProxyObjective(size=0, entropy=0, hidden=4, **settings)
        draws = torch.Generator().manual_seed(0)
        weight = concrete(logit, pair, 1.0, draws)
        batch = Sampled(graphs, pair, logit, weight, output, 0.0)
        loss = objective(EdgeWeighted(neighbour_sum), batch, network, draws)
        return torch.autograd.grad(loss, [logit, *network.parameters()], allow_unused=True)

    one, other = torch.tensor([[0.0, 1.0]] * 2), torch.tensor([[1.0, 0.0]] * 2)
    first, second, alone = gradients(one), gradients(other), gradients(one, fidelity=0)
    assert not torch.equal(first[0], second[0])
    assert all(torch.equal(a, b) for a, b in zip(first[1:], second[1:], strict=True))
    assert alone[0].any()  # the drawing
    assert torch.equal(alone[0], gradients(other, fidelity=0)[0])  # and nothing of the prediction
    assert all(torch.equal(a, b) for a, b in zip(first[1:], alone[1:], strict=True))


def test_the_registry_has_it(neighbour_sum):
    config = EXPLAINERS["proxyexplainer"].build(neighbour_sum, 3).config
    assert (config.objective, config.seed) == (ProxyObjective(), 3)


@pytest.mark.parametrize(
    "setting", [{"fidelity": -1}, {"divergence": -1}, {"hidden": 0}, {"marks": -1}, {"noise": 2}]
)
def test_settings_out_of_range_are_refused(setting):
    with pytest.raises(ValueError, match=next(iter(setting))):
        ProxyObjective(**setting)
