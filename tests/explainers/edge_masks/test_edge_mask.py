from dataclasses import replace
from math import log

import pytest
import torch
from torch import nn
from torch_geometric.data import Data

from hpme import load_classifier, load_dataset
from hpme.explainers import EdgeMaskConfig, EdgeMaskExplainer, MixupObjective, NotFittedError
from hpme.explainers.edge_masks.base import concrete, edge_inputs, edge_logits
from hpme.explainers.edge_masks.objective import kl_to_rate, output_loss, size_and_entropy
from hpme.forward.fingerprint import fingerprint
from hpme.forward.packed import pack

FREE = MixupObjective(size=0, entropy=0)
QUICK = EdgeMaskConfig(FREE, steps=150, batch_size=16, learning_rate=0.02)


class Named(nn.Module):
    """Knows the nodes by their features, and adds the source's feature over the edges."""

    def __init__(self, adder):
        super().__init__()
        self.adder = adder

    def embed(self, x, edge_index):
        return x

    def forward(self, x, edge_index, batch):
        logits = self.adder(x, edge_index, batch)
        return torch.stack([torch.zeros(len(logits)), logits[:, 1]], dim=1)


@pytest.fixture
def named(neighbour_sum):
    return Named(neighbour_sum).eval()


@pytest.fixture
def stars(make_graph):
    """A hub of feature 0 with leaves ±4, ±4 of the class's sign and two of the opposite sign, but 1."""
    edges = [(0, 1), (0, 2), (0, 3), (0, 4)]
    return [
        make_graph([0.0, 4 * s, 4 * s, -s, -s], edges, graph_id=i) for i, s in enumerate([1.0, -1.0] * 16)
    ]


def test_edges_that_speak_for_the_class_score_above_those_that_speak_against(named, stars):
    explainer = EdgeMaskExplainer(named, QUICK).fit(stars)
    for graph, out in zip(stars[:4], explainer.explain_batch(stars[:4]), strict=True):
        strong = graph.x[graph.edge_index].abs().amax(0).squeeze(1) > 2
        assert out.edge_score[strong].min() > out.edge_score[~strong].max()
        assert out.target.tolist() == [1 - graph.graph_id % 2]


def test_both_directions_score_alike_and_a_node_as_its_best_edge(named, stars):
    out = EdgeMaskExplainer(named, QUICK).fit(stars).explain(stars[0])
    score = dict(zip(map(tuple, out.edge_index.t().tolist()), out.edge_score.tolist(), strict=True))
    assert all(score[0, v] == score[v, 0] for v in (1, 2, 3, 4))
    assert out.node_score.tolist() == [max(score.values()), *(score[0, v] for v in (1, 2, 3, 4))]
    assert 0 < out.edge_score.min() < out.edge_score.max() < 1
    assert 0 < out.edge_mask.min() < out.edge_mask.max() <= 1
    assert out.validate_masks()


def test_the_global_generator_is_left_alone(named, stars):
    state = torch.get_rng_state()
    EdgeMaskExplainer(named, replace(QUICK, steps=2)).fit(stars).explain(stars[0])
    assert torch.equal(torch.get_rng_state(), state)


def test_the_same_seed_gives_the_same_scores_and_another_seed_others(named, stars):
    config = replace(QUICK, steps=3)
    scores = [
        EdgeMaskExplainer(named, replace(config, seed=seed)).fit(stars).explain(stars[0]).edge_score.tolist()
        for seed in (1, 1, 2)
    ]
    assert scores[0] == scores[1] != scores[2]


def test_a_batch_is_explained_like_its_graphs_one_by_one_and_the_classifier_unchanged():
    model, data = load_classifier("ba-2motifs", "gin"), load_dataset("ba-2motifs")
    before = fingerprint(model)
    explainer = EdgeMaskExplainer(model, replace(QUICK, steps=3)).fit(data.train[:32])
    for graph, out in zip(data.test[:4], explainer.explain_batch(data.test[:4]), strict=True):
        assert torch.allclose(explainer.explain(graph).edge_score, out.edge_score, atol=1e-5)
    assert explainer.explain_batch([]) == []
    assert fingerprint(model) == before
    assert all(layer.conv._edge_mask is None for layer in model.layers)


def test_a_graph_without_edges_scores_nothing_and_is_not_fitted_on(named, stars, make_graph):
    alone = make_graph([1.0, 2.0], [])
    explainer = EdgeMaskExplainer(named, replace(QUICK, steps=1))
    out = explainer.fit([*stars, alone]).explain(alone)
    assert out.node_score.tolist() == [0, 0]
    assert out.edge_score.tolist() == []
    with pytest.raises(ValueError, match=r"^Expected at least 2 training graphs with edges \(got 1 in 2\)"):
        explainer.fit([stars[0], alone])


def test_an_unfitted_explainer_and_another_class_are_refused(named, stars):
    explainer = EdgeMaskExplainer(named, replace(QUICK, steps=1))
    with pytest.raises(NotFittedError, match="call fit"):
        explainer.explain(stars[0])
    assert explainer.fit(stars).explain(stars[0], target=1).target.tolist() == [1]
    with pytest.raises(ValueError, match=r"predicted class 1 as target \(got 0\)"):
        explainer.explain(stars[0], target=0)


@pytest.mark.parametrize("setting", [{"steps": 0}, {"temperature_low": 9.0}, {"batch_size": 1}, {"seed": -1}])
def test_settings_out_of_range_are_refused(setting):
    with pytest.raises(ValueError, match=next(iter(setting))):
        EdgeMaskConfig(FREE, **setting)


def test_an_edges_logit_is_the_mean_of_both_directions():
    scorer = nn.Linear(2, 1, bias=False)
    scorer.weight.data = torch.tensor([[1.0, 10.0]])
    graphs = pack([Data(x=torch.zeros(3, 1), edge_index=torch.tensor([[0, 1, 1], [1, 0, 2]]))])
    inputs = edge_inputs(torch.tensor([[1.0], [2.0], [3.0]]), graphs)
    # 1 + 20 and 2 + 10 have the mean 16.5; 2 + 30 has no opposite.
    assert edge_logits(scorer, inputs, torch.tensor([0, 0, 1])).tolist() == [16.5, 16.5, 32]


def test_around_a_node_a_scorer_reads_that_node_beside_the_ends_of_each_edge():
    edges = torch.tensor([[0, 1], [1, 0]])
    graphs = pack(
        [Data(x=torch.zeros(2, 1), edge_index=edges, centre=torch.tensor(c)) for c in ([1, 0], [0, 1])]
    )
    assert edge_inputs(torch.arange(4.0)[:, None], graphs).tolist() == [
        [0, 1, 0], [1, 0, 0], [2, 3, 3], [3, 2, 3],
    ]  # fmt: skip


def test_concrete_weights_share_a_draw_per_edge_and_are_above_one_half_as_often_as_the_logit_says():
    pair = torch.arange(20_000).repeat(2)
    weight = concrete(torch.full((40_000,), log(3)), pair, 2.0, torch.Generator().manual_seed(0))
    assert torch.equal(weight[:20_000], weight[20_000:])
    assert (weight > 0.5).float().mean() == pytest.approx(0.75, abs=0.01)
    # Above sigma(log(3) / 2) = .634 for half of the draws: where log u - log(1 - u) > 0.
    assert (weight > (1 + 3**-0.5) ** -1).float().mean() == pytest.approx(0.5, abs=0.01)


def test_penalties_are_the_sum_of_weights_and_the_mean_entropy_of_each_graph():
    weight, graph = torch.tensor([0.5, 0.5, 1.0, 1.0, 1.0, 0.5]), torch.tensor([0, 0, 1, 1, 1, 1])
    # Sums 1 and 3.5; entropies log 2 and log(2) / 4.
    penalty = size_and_entropy(weight, graph, 2, size=10, entropy=1)
    assert float(penalty) == pytest.approx((45 + 1.25 * log(2)) / 2, abs=1e-4)


def test_the_loss_is_cross_entropy_with_the_prediction_or_the_relative_squared_error():
    logits, output = torch.tensor([[0.0, log(3)]]), torch.tensor([[-1.0, 1.0]])
    assert float(output_loss(logits, output)) == pytest.approx(log(4 / 3))
    # Variance of 1 and 3 is 2, the squared errors 1 and 0.
    assert float(output_loss(torch.tensor([[2.0], [3.0]]), torch.tensor([[1.0], [3.0]]))) == 0.25


def test_the_divergence_from_a_rate_is_known_for_bernoullis():
    logit = torch.tensor([0.0, log(3)])  # one half, three quarters
    expected = [0.5 * log(2) + 0.5 * log(2 / 3), 0.75 * log(3) + 0.25 * log(1 / 3)]
    assert kl_to_rate(logit, 0.25).tolist() == pytest.approx(expected)
