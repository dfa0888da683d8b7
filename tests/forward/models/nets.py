"""Networks around a layer, in the orders of arguments that people write."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch_geometric import nn as g

from tests.forward.models.case import mlp

WIDTH = 8
Layer = Callable[[], nn.Module]


def gin() -> nn.Module:
    return g.GINConv(mlp(4, WIDTH))


class Plain(nn.Module):
    """A layer, a sum over nodes, a linear head."""

    def __init__(self, layer: Layer = gin, out: int = 2) -> None:
        super().__init__()
        self.layer = layer()
        self.head = nn.Linear(WIDTH, out)

    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor | None = None) -> Tensor:
        return self.head(g.global_add_pool(self.layer(x, edge_index).relu(), batch))


class TakesData(Plain):
    def forward(self, data):
        return super().forward(data.x, data.edge_index, data.batch)


class EdgeAttr(Plain):
    def forward(self, x, edge_index, edge_attr, batch):
        return self.head(g.global_add_pool(self.layer(x, edge_index, edge_attr).relu(), batch))


class OptionalEdgeAttr(Plain):
    def forward(self, x, edge_index, batch, edge_attr=None):
        return self.head(g.global_add_pool(self.layer(x, edge_index, edge_attr=edge_attr).relu(), batch))


class EdgeWeight(Plain):
    def forward(self, x, edge_index, edge_weight=None, batch=None):
        return self.head(g.global_add_pool(self.layer(x, edge_index, edge_weight).relu(), batch))


class EdgeType(Plain):
    def forward(self, x, edge_index, edge_type, batch=None):
        return self.head(g.global_add_pool(self.layer(x, edge_index, edge_type).relu(), batch))


class Batched(Plain):
    """A layer that is told the graphs, such as a normalisation over them."""

    def forward(self, x, edge_index, batch):
        return self.head(g.global_add_pool(self.layer(x, edge_index, batch).relu(), batch))


class Read(nn.Module):
    """A convolution, and a readout of the user's."""

    def __init__(self, readout: Callable[[], nn.Module], width: int = WIDTH, layer: Layer = gin) -> None:
        super().__init__()
        self.layer, self.readout = layer(), readout()
        self.head = nn.Linear(width, 2)

    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor) -> Tensor:
        return self.head(self.readout(self.layer(x, edge_index).relu(), batch))


class Pooled(nn.Module):
    """Pooling between two convolutions."""

    def __init__(self, pool: Callable[[], nn.Module]) -> None:
        super().__init__()
        self.first, self.pool = gin(), pool()
        self.second = g.GINConv(mlp(WIDTH, WIDTH))
        self.head = nn.Linear(WIDTH, 2)

    def forward(self, x, edge_index, batch):
        x = self.first(x, edge_index).relu()
        x, edge_index, batch = self.smaller(x, edge_index, batch)
        return self.head(g.global_add_pool(self.second(x, edge_index).relu(), batch))

    def smaller(self, x, edge_index, batch):
        x, edge_index, _, batch, *_ = self.pool(x, edge_index, None, batch)
        return x, edge_index, batch


class Bonds(nn.Module):
    """Class 1: more than `above` bonds of the third kind; right without any training."""

    def __init__(self, above: float = 2.5) -> None:
        super().__init__()
        self.layer, self.above = g.SimpleConv(), above

    def forward(self, x, edge_index, batch, edge_attr=None):
        unseen = self.layer(x, edge_index)[edge_index[0], 0] * 0
        third = unseen if edge_attr is None else edge_attr[:, 2]
        count = g.global_add_pool(third, batch[edge_index[0]], int(batch.max()) + 1)
        return torch.stack([torch.full_like(count, self.above), count], 1)
