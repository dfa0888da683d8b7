"""Readouts and pooling: how a graph's nodes become one row."""

from functools import partial

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812
from torch_geometric import nn as g
from torch_geometric.utils import to_dense_adj, to_dense_batch

from tests.forward.models.case import NO_LAYERS, OWN_EDGES, Case, alone, graphs, mlp
from tests.forward.models.nets import WIDTH, Pooled, Read


class _DiffPool(nn.Module):
    """Dense layers and assignments to clusters, with an embed method."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.assign = g.DenseSAGEConv(4, WIDTH), g.DenseSAGEConv(4, 3)
        self.head = nn.Linear(WIDTH, 2)

    def dense(self, x, edge_index, batch):
        full, mask = to_dense_batch(x, batch)
        adj = to_dense_adj(edge_index, batch, max_num_nodes=full.size(1), batch_size=len(full))
        return full, adj, mask

    def embed(self, x, edge_index, batch):
        full, adj, mask = self.dense(x, edge_index, batch)
        return self.first(full, adj, mask).relu()[mask]

    def forward(self, x, edge_index, batch):
        full, adj, mask = self.dense(x, edge_index, batch)
        z, s = self.first(full, adj, mask).relu(), self.assign(full, adj, mask)
        pooled, *_ = g.dense_diff_pool(z, adj, s, mask)
        return self.head(pooled.sum(1))


class _NoEmbed(_DiffPool):
    embed = None


class _Transformer(nn.Module):
    """Full attention of each graph's nodes, with a class token."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = g.GINConv(mlp(4, WIDTH))
        self.token = nn.Parameter(torch.randn(1, 1, WIDTH))
        self.attend = nn.TransformerEncoderLayer(WIDTH, 2, 16, dropout=0.0, batch_first=True)
        self.head = nn.Linear(WIDTH, 2)

    def forward(self, x, edge_index, batch):
        full, mask = to_dense_batch(self.conv(x, edge_index), batch)
        full = torch.cat([self.token.expand(len(full), 1, -1), full], 1)
        hidden = F.pad(~mask, (1, 0), value=False)
        return self.head(self.attend(full, src_key_padding_mask=hidden)[:, 0])


class _Jumping(nn.Module):
    def __init__(self, mode: str) -> None:
        super().__init__()
        self.convs = nn.ModuleList([g.GINConv(mlp(4, WIDTH)), g.GINConv(mlp(WIDTH, WIDTH))])
        self.jump = g.JumpingKnowledge(mode, WIDTH, 2)
        self.head = nn.Linear(2 * WIDTH if mode == "cat" else WIDTH, 2)

    def forward(self, x, edge_index, batch):
        layers = []
        for conv in self.convs:
            x = conv(x, edge_index).relu()
            layers.append(x)
        return self.head(g.global_mean_pool(self.jump(layers), batch))


class _EdgePool(Pooled):
    """Merges ends of edges; ties fall by the place in a batch, so it is asked about one graph at a time."""

    def forward(self, x, edge_index):
        return super().forward(x, edge_index, torch.zeros(len(x), dtype=torch.long))

    def smaller(self, x, edge_index, batch):
        x, edge_index, batch, _ = self.pool(x, edge_index, batch)
        return x, edge_index, batch


class _One(nn.Module):
    """A model of one graph at a time: it takes no batch vector."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.head = g.GINConv(mlp(4, WIDTH)), nn.Linear(WIDTH, 2)

    def forward(self, x, edge_index):
        return self.head(self.conv(x, edge_index).relu().sum(0))


class _Both(nn.Module):
    """Several readouts side by side."""

    def forward(self, x, batch):
        return torch.cat([g.global_add_pool(x, batch), g.global_max_pool(x, batch)], 1)


class _InOrder(nn.Module):
    """Reads the nodes in their order, as a sequence."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(WIDTH, WIDTH, batch_first=True)

    def forward(self, x, batch):
        full, mask = to_dense_batch(x, batch)
        return self.gru(full)[0][torch.arange(len(full)), mask.sum(1) - 1]


def _read(id_: str, title: str, readout, width: int = WIDTH, **more) -> Case:
    return Case(id_, "readouts", title, partial(Read, readout, width), graphs(), **more)


def _pool(id_: str, title: str, pool) -> Case:
    return Case(id_, "readouts", title, partial(Pooled, pool), graphs(x="float"), peers=OWN_EDGES)


def _attention() -> nn.Module:
    return g.AttentionalAggregation(nn.Linear(WIDTH, 1))


READOUTS = [
    Case("A1", "readouts", "DiffPool by dense layers, with embed", _DiffPool, graphs(), peers=NO_LAYERS),
    Case("A9", "readouts", "DiffPool without embed", _NoEmbed, graphs(), peers=NO_LAYERS),
    _pool("A6", "SAGPooling", partial(g.SAGPooling, WIDTH, 0.5)),
    _pool("A7", "TopKPooling", partial(g.TopKPooling, WIDTH, 0.5)),
    _pool("N15", "ASAPooling", partial(g.ASAPooling, WIDTH, 0.5)),
    Case(
        "N16",
        "readouts",
        "EdgePooling, one graph at a time",
        partial(_EdgePool, partial(g.EdgePooling, WIDTH)),
        graphs(x="float"),
        call=alone,
        peers=OWN_EDGES,
    ),
    _read("A8a", "Set2Set", partial(g.Set2Set, WIDTH, 2), 2 * WIDTH),
    _read("A8b", "attention over nodes", _attention),
    _read("N17", "SortAggregation", partial(g.SortAggregation, 3), 3 * WIDTH),
    _read("N18", "GraphMultisetTransformer", partial(g.GraphMultisetTransformer, WIDTH, 3, heads=2)),
    _read("N19", "SetTransformerAggregation", partial(g.SetTransformerAggregation, WIDTH, heads=2)),
    _read("N20", "sum and maximum side by side", _Both, 2 * WIDTH),
    _read("N21", "MedianAggregation", g.MedianAggregation),
    _read("N22", "softmax of learnt temperature", partial(g.SoftmaxAggregation, learn=True)),
    _read("N87", "nodes in their order, by a GRU", _InOrder, notes=("depend on the order of the nodes",)),
    Case("N23", "readouts", "a transformer with a class token", _Transformer, graphs()),
    Case("N24a", "readouts", "JumpingKnowledge, concatenated", partial(_Jumping, "cat"), graphs()),
    Case("N24b", "readouts", "JumpingKnowledge, by an LSTM", partial(_Jumping, "lstm"), graphs()),
    Case("N25", "readouts", "no batch vector: one graph at a time", _One, graphs(), call=alone),
]
