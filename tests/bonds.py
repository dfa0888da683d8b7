"""Trees with types of edges, and a model that reads nothing else."""

import torch
from torch import nn
from torch_geometric.data import Data
from torch_geometric.nn import SimpleConv, global_add_pool
from torch_geometric.utils import to_undirected


class Bonds(nn.Module):
    """Class 1: more than one bond of the third kind; right without any training."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = SimpleConv()

    def forward(self, x, edge_index, batch, edge_attr=None):
        w = x[edge_index[0], 0] * 0 if edge_attr is None else edge_attr[:, 2]
        met = self.conv(x.sum(1, keepdim=True), edge_index, w)  # every node counts one
        total = global_add_pool(met, batch)
        return torch.cat([total * 0 + 2.5, total], dim=1)


def tree(number: int, smallest: int) -> Data:
    """A tree of up to three nodes more than the smallest, drawn by its number."""
    draws = torch.Generator().manual_seed(number)
    size = smallest + number % 4
    up = torch.tensor([[int(torch.randint(i, (1,), generator=draws)), i] for i in range(1, size)]).t()
    kinds = torch.eye(3)[torch.randint(3, (size - 1,), generator=draws)]
    edge_index, edge_attr = to_undirected(up, kinds)
    x = torch.eye(4)[torch.randint(4, (size,), generator=draws)]
    return Data(x=x, edge_index=edge_index, edge_attr=edge_attr, graph_id=number)
