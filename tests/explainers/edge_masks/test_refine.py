from dataclasses import replace
from math import exp, log

import pytest
import torch

from hpme import load_classifier, load_dataset
from hpme.explainers import NotFittedError, ReFine, ReFineConfig
from hpme.explainers.edge_masks.refine import best_edges, class_contrast, fidelity_loss, scorer_logits
from hpme.forward.packed import pack

QUICK = ReFineConfig(steps=3, batch_size=16, tuning_rate=0.01)


def test_each_edge_is_scored_by_its_own_scorer_in_any_order():
    ends = torch.tensor([[1.0], [2.0], [3.0], [4.0]])
    ones, zeros = torch.ones(2, 1, 1), torch.zeros(2, 1, 1)
    scorers = [ones, zeros, torch.tensor([[[1.0]], [[10.0]]]), zeros]
    # Scorers 1, 0, 1, 0 give 10, 2, 30, 4; the last two edges are one pair.
    logit = scorer_logits(scorers, ends, torch.tensor([1, 0, 1, 0]), torch.tensor([0, 1, 2, 2]))
    assert logit.tolist() == [10, 2, 17, 17]


def test_the_best_edges_are_a_share_of_each_graph(make_graph):
    graphs = pack([make_graph([1.0] * 3, [(0, 1), (1, 2)]), make_graph([1.0] * 2, [(0, 1)])])
    logit = torch.tensor([1.0, 4.0, 3.0, 2.0, 9.0, 9.0])
    assert best_edges(logit, graphs, 0.5).tolist() == [False, True, True, False, True, False]
    assert best_edges(logit, graphs, 0).tolist() == [False, True, False, False, True, False]


def test_fidelity_is_minus_the_probability_and_the_contrast_rewards_likeness_within_a_class():
    logits = torch.tensor([[0.0, log(3)], [0.0, 0.0]])
    assert float(fidelity_loss(logits, torch.tensor([[0.0, 1.0], [1.0, 0.0]]))) == pytest.approx(-1.25)
    alike, target = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), torch.tensor([0, 0, 1])
    assert float(class_contrast(alike, target, 1.0)) == pytest.approx(-1 - log(3))
    # All the same: shares 2/3, 2/3, 1/3.
    same = -log(2 * exp(2 / 3) + exp(1 / 3))
    assert float(class_contrast(torch.ones(3, 2), target, 1.0)) == pytest.approx(same)


def test_graphs_tuned_together_come_out_as_tuned_alone_and_not_as_untuned():
    model, data = load_classifier("ba-2motifs", "gin"), load_dataset("ba-2motifs")
    explainer = ReFine(model, QUICK).fit(data.train[:32])
    together = explainer.explain_batch(data.test[:3])
    for graph, out in zip(data.test[:3], together, strict=True):
        assert torch.allclose(explainer.explain(graph).edge_score, out.edge_score, atol=1e-4)
    explainer.config = replace(QUICK, tuning_steps=0)
    assert not torch.allclose(explainer.explain(data.test[0]).edge_score, together[0].edge_score, atol=1e-4)


def test_wrong_use_is_refused(neighbour_sum, path, make_graph):
    with pytest.raises(NotFittedError, match="call fit"):
        ReFine(neighbour_sum).explain(path)
    with pytest.raises(ValueError, match="Expected at least 2 training graphs with edges"):
        ReFine(neighbour_sum).fit([path, make_graph([1.0], [])])
    explainer = ReFine(neighbour_sum, QUICK).fit([path, path])
    target = int(explainer.explain(path).target)
    with pytest.raises(ValueError, match=f"predicted class {target}"):
        explainer.explain(path, target=1 - target)
    assert explainer.explain(make_graph([1.0, 1.0], [])).node_score.tolist() == [0, 0]


@pytest.mark.parametrize("setting", [{"steps": 0}, {"ratio": 2}, {"temperature": 0}, {"tuning_rate": 0}])
def test_settings_out_of_range_are_refused(setting):
    with pytest.raises(ValueError, match=next(iter(setting))):
        ReFineConfig(**setting)
