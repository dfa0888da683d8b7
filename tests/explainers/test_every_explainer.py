"""Every explainer on a classifier whose reason is known: class 1 is a bond between an A and a B."""

from dataclasses import replace

import pytest
import torch
from torch import nn
from torch_geometric.data import Data
from torch_geometric.nn import SimpleConv, global_add_pool
from torch_geometric.utils import to_undirected

from hpme.explainers import EXPLAINERS

BASELINES = {"random", "degree"}  # they do not ask the classifier
A, B, C = torch.eye(3)


class Bond(nn.Module):
    """Logits ``(4, 4 z)``: an A counts in z the weight of its bond to a B, and a B that to an A."""

    def __init__(self):
        super().__init__()
        self.conv = SimpleConv(aggr="sum")

    def embed(self, x, edge_index):
        met = self.conv(x, edge_index)
        return torch.cat([(x[:, :2] + met[:, [1, 0]] - 1).relu(), x], dim=1)

    def forward(self, x, edge_index, batch, batch_size=None):
        bonds = global_add_pool(self.embed(x, edge_index)[:, :2].sum(1, keepdim=True), batch, batch_size)
        return torch.cat([torch.full_like(bonds, 4), 4 * bonds], dim=1)


def chain(number: int) -> Data:
    """Eight nodes in a row, all C but an A and a B: side by side in odd ones, two apart in even ones."""
    x, place = C.repeat(8, 1), 1 + number // 2 % 4
    other = place + 1 + (number + 1) % 2
    x[place], x[other] = (A, B) if number // 8 % 2 else (B, A)
    edge_index = to_undirected(torch.stack([torch.arange(7), torch.arange(1, 8)]))
    return Data(x=x, edge_index=edge_index, graph_id=number, y=torch.tensor([number % 2]))


def quick(name: str, steps: int):
    """An explainer of `Bond` whose fit takes about so many steps, where it has some."""
    explainer = EXPLAINERS[name].build(Bond().eval(), 0)
    if EXPLAINERS[name].reference:
        explainer.config = replace(explainer.config, rounds=1, min_steps=steps)
    elif EXPLAINERS[name].learns:
        short = {"trial_steps": 0, "grid": explainer.config.grid[:2]}
        explainer.config = replace(explainer.config, steps=steps, learning_rate=0.02, **short)
    return explainer


@pytest.mark.parametrize("name", sorted(EXPLAINERS.keys() - BASELINES))
def test_the_edge_that_the_classifier_looks_at_ranks_first(name):
    explainer = quick(name, 150 if EXPLAINERS[name].reference else 60)
    graphs = [chain(number) for number in range(32)]
    for graph, out in zip(graphs[1::4], explainer.fit(graphs).explain_batch(graphs[1::4]), strict=True):
        assert out.target.tolist() == graph.y.tolist() == [1]
        bond = (graph.x[graph.edge_index][..., :2].sum((0, 2)) == 2).tolist()
        best = (out.edge_score == out.edge_score.max()).tolist()
        assert best == bond


@pytest.mark.parametrize("name", EXPLAINERS)
def test_a_fit_tells_of_each_step_and_there_is_none_where_nothing_is_learnt(name):
    explainer, graphs, steps = quick(name, 3), [chain(number) for number in range(8)], []
    assert explainer.fit(graphs, lambda *step: steps.append(step)) is explainer
    assert bool(steps) == EXPLAINERS[name].learns
    assert [step for step, _, _ in steps] == list(range(1, len(steps) + 1))
    assert all("loss" in info for _, _, info in steps)


@pytest.mark.parametrize("name", EXPLAINERS)
def test_only_mixup_and_regexplainer_show_the_classifier_weighted_mixed_graphs(name):
    graphs = [chain(number) for number in range(4)]
    embedding = quick(name, 1).fit(graphs).mix_embeddings(graphs[:2], graphs[2:])
    if name in {"mixupexplainer-released", "mixupexplainer", "regexplainer"}:
        assert embedding.shape == (2, 2 * 5)  # maximum and mean of two counts and three features
    else:
        assert embedding is None
