"""Layers of PyG: what passes messages, with and without attributes of edges."""

from functools import partial

import torch
from torch import nn
from torch_geometric import nn as g

from tests.forward.models.case import NO_LAYERS, ZERO_GRADIENT, Case, graphs, mlp, named
from tests.forward.models.nets import (
    WIDTH,
    Batched,
    Bonds,
    EdgeAttr,
    EdgeType,
    EdgeWeight,
    OptionalEdgeAttr,
    Plain,
)


def _plain(id_: str, title: str, layer, **more) -> Case:
    return Case(id_, "layers", title, partial(Plain, layer), graphs(x=more.pop("x", "one-hot")), **more)


def _attr(id_: str, title: str, layer, net=EdgeAttr, **more) -> Case:
    return Case(
        id_, "layers", title, partial(net, layer), graphs("edge_attr"), call=named("edge_attr"), **more
    )


class _Gps(nn.Module):
    """Attention among all nodes of a graph, beside a convolution."""

    def __init__(self) -> None:
        super().__init__()
        self.lin = nn.Linear(4, WIDTH)
        self.gps = g.GPSConv(WIDTH, g.GINConv(mlp(WIDTH, WIDTH)), heads=2)

    def forward(self, x, edge_index, batch):
        return self.gps(self.lin(x), edge_index, batch)


class _Normed(nn.Module):
    def __init__(self, norm) -> None:
        super().__init__()
        self.conv, self.norm, self.last = g.GINConv(mlp(4, WIDTH)), norm(), g.GINConv(mlp(WIDTH, WIDTH))

    def forward(self, x, edge_index, batch):
        return self.last(self.norm(self.conv(x, edge_index), batch), edge_index)


class _Virtual(nn.Module):
    """A virtual node inside of the model: the graph's mean is added to every node."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.last = g.GINConv(mlp(4, WIDTH)), g.GINConv(mlp(WIDTH, WIDTH))

    def forward(self, x, edge_index, batch):
        x = self.conv(x, edge_index)
        return self.last(x + g.global_mean_pool(x, batch)[batch], edge_index)


class _Edge(nn.Module):
    """Edge features that are changed by layers (MetaLayer)."""

    def __init__(self) -> None:
        super().__init__()
        self.edge, self.node = nn.Linear(11, WIDTH), nn.Linear(4 + WIDTH, WIDTH)
        self.meta = g.MetaLayer(self._edges, self._nodes)

    def _edges(self, src, dst, edge_attr, u, batch):
        return self.edge(torch.cat([src, dst, edge_attr], 1)).relu()

    def _nodes(self, x, edge_index, edge_attr, u, batch):
        into = x.new_zeros(len(x), WIDTH).index_add(0, edge_index[1], edge_attr)
        return self.node(torch.cat([x, into], 1))

    def forward(self, x, edge_index, edge_attr):
        return self.meta(x, edge_index, edge_attr)[0]


class _Crystal(g.CGConv):
    """Keeps the width of its input, so it is made wider."""

    def __init__(self) -> None:
        super().__init__(4, dim=3)

    def forward(self, x, edge_index, edge_attr):
        return super().forward(x, edge_index, edge_attr).repeat(1, 2)


def _nnconv() -> nn.Module:
    return g.NNConv(4, WIDTH, nn.Linear(3, 4 * WIDTH))


def _pna() -> nn.Module:
    deg = torch.tensor([0, 9, 12, 7, 3, 1])
    return g.PNAConv(4, WIDTH, ["mean", "max", "std"], ["identity", "amplification"], deg, edge_dim=3)


def _general() -> nn.Module:
    return g.GeneralConv(4, WIDTH, in_edge_channels=3)


def _attentive() -> nn.Module:
    return g.AttentiveFP(4, WIDTH, 2, edge_dim=3, num_layers=2, num_timesteps=2)


LAYERS = [
    Case(
        "E1",
        "layers",
        "GeneralConv with edge features, optional edge_attr",
        partial(OptionalEdgeAttr, _general),
        graphs("edge_attr"),
        call=named("edge_attr"),
    ),
    Case(
        "E1b",
        "layers",
        "a rule on the kinds of bonds",
        Bonds,
        graphs("edge_attr"),
        call=named("edge_attr"),
        peers=ZERO_GRADIENT,
    ),
    _attr("E2", "GATv2Conv with edge_dim", partial(g.GATv2Conv, 4, WIDTH, edge_dim=3)),
    Case(
        "E3",
        "layers",
        "GCNConv with edge_weight",
        partial(EdgeWeight, partial(g.GCNConv, 4, WIDTH)),
        graphs("edge_weight"),
        call=named("edge_weight"),
    ),
    _attr("E4a", "GINEConv", lambda: g.GINEConv(mlp(4, WIDTH), edge_dim=3)),
    _attr("E4b", "NNConv", _nnconv),
    _attr("E5a", "TransformerConv with edge_dim", partial(g.TransformerConv, 4, WIDTH, edge_dim=3)),
    Case(
        "E5b",
        "layers",
        "RGCNConv with edge_type",
        partial(EdgeType, partial(g.RGCNConv, 4, WIDTH, 3)),
        graphs("edge_type"),
        call=named("edge_type"),
    ),
    Case("E6a", "layers", "AttentiveFP", _attentive, graphs("edge_attr"), call=named("edge_attr")),
    _attr("E6b", "CGConv", _Crystal),
    _attr("N1", "PNAConv with degrees", _pna),
    Case("N2", "layers", "GPSConv", partial(Batched, _Gps), graphs()),
    _attr("N3", "ResGatedGraphConv", partial(g.ResGatedGraphConv, 4, WIDTH, edge_dim=3)),
    Case(
        "N4",
        "layers",
        "FiLMConv with edge_type",
        partial(EdgeType, partial(g.FiLMConv, 4, WIDTH, num_relations=3)),
        graphs("edge_type"),
        call=named("edge_type"),
    ),
    _attr("N5", "GENConv", partial(g.GENConv, 4, WIDTH, edge_dim=3)),
    _plain("N6", "GatedGraphConv", partial(g.GatedGraphConv, WIDTH, 2)),
    Case(
        "N7",
        "layers",
        "ChebConv",
        partial(EdgeWeight, partial(g.ChebConv, 4, WIDTH, K=2)),
        graphs("edge_weight"),
        call=named("edge_weight"),
    ),
    _plain("N8", "ARMAConv", partial(g.ARMAConv, 4, WIDTH)),
    _plain("N9", "SAGEConv", partial(g.SAGEConv, 4, WIDTH)),
    _plain("N10", "TAGConv", partial(g.TAGConv, 4, WIDTH)),
    _plain("N11", "EdgeConv", lambda: g.EdgeConv(mlp(8, WIDTH))),
    _plain("N12", "LEConv", partial(g.LEConv, 4, WIDTH), x="float"),
    _attr("N13", "MetaLayer, which changes edge features", _Edge, peers=NO_LAYERS),
    Case(
        "N14",
        "layers",
        "RGATConv with edge_type",
        partial(EdgeType, partial(g.RGATConv, 4, WIDTH, 3)),
        graphs("edge_type"),
        call=named("edge_type"),
    ),
    Case(
        "A4a",
        "layers",
        "GraphNorm",
        partial(Batched, partial(_Normed, partial(g.GraphNorm, WIDTH))),
        graphs(),
    ),
    Case("A4b", "layers", "PairNorm", partial(Batched, partial(_Normed, g.PairNorm)), graphs()),
    Case(
        "A4c",
        "layers",
        "InstanceNorm",
        partial(Batched, partial(_Normed, partial(g.InstanceNorm, WIDTH))),
        graphs(),
    ),
    Case("A5", "layers", "a virtual node inside the model", partial(Batched, _Virtual), graphs()),
]
