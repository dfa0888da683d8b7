"""Every explainer on a classifier whose reason is known: class 1 is a bond between an A and a B."""

from dataclasses import replace

import pytest
import torch
from torch import nn
from torch_geometric.data import Data
from torch_geometric.nn import SimpleConv, global_add_pool
from torch_geometric.utils import to_undirected

from hpme.explainers import EXPLAINERS

FLOORS = {"random", "degree"}  # they do not ask the classifier
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


@pytest.mark.parametrize("name", sorted(EXPLAINERS.keys() - FLOORS))
def test_the_edge_that_the_classifier_looks_at_ranks_first(name):
    explainer = EXPLAINERS[name].build(Bond().eval(), 0)
    if name == "hpme":
        explainer.config = replace(explainer.config, rounds=1, min_steps=150)
    elif hasattr(explainer.config, "learning_rate") and hasattr(explainer.config, "steps"):
        explainer.config = replace(explainer.config, steps=60, learning_rate=0.02)
    graphs = [chain(number) for number in range(32)]
    for graph, out in zip(graphs[1::4], explainer.fit(graphs).explain_batch(graphs[1::4]), strict=True):
        assert out.target.tolist() == graph.y.tolist() == [1]
        bond = (graph.x[graph.edge_index][..., :2].sum((0, 2)) == 2).tolist()
        best = (out.edge_score == out.edge_score.max()).tolist()
        assert best == bond
