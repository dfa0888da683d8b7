"""Kinds of graphs: directed, with loops, without features, of several types, in space."""

from functools import partial

import torch
from torch import nn
from torch_geometric import nn as g
from torch_geometric.data import Batch, Data, HeteroData
from torch_geometric.loader import DataLoader

from tests.forward.models.case import NO_GRADIENT, NO_LAYERS, Case, graphs, mlp, whole, zeros
from tests.forward.models.nets import WIDTH, EdgeAttr, Plain, TakesData, gin


class _Space(nn.Module):
    """Distances between neighbours in space weigh what they say; numbers of atoms, and no x."""

    def __init__(self) -> None:
        super().__init__()
        self.table, self.layer, self.head = nn.Embedding(6, 4), g.GraphConv(4, WIDTH), nn.Linear(WIDTH, 2)

    def forward(self, z, pos, edge_index, batch=None):
        near = (-(pos[edge_index[0]] - pos[edge_index[1]]).norm(dim=1)).exp()
        return self.head(g.global_add_pool(self.layer(self.table(z), edge_index, near).relu(), batch))


class _SpaceData(_Space):
    def forward(self, data):
        return super().forward(data.z, data.pos, data.edge_index, data.batch)


class _Degree(nn.Module):
    """No features: the degree is all that is known of a node."""

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.head = g.GINConv(mlp(1, WIDTH)), nn.Linear(WIDTH, 2)

    def forward(self, edge_index, batch):
        ones = torch.ones(len(batch), 1)
        return self.head(g.global_add_pool(self.layer(ones, edge_index).relu(), batch))


class _Counting(nn.Module):
    """Neither features nor layers: numbers of nodes and edges."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Linear(2, 2)

    def forward(self, edge_index, batch):
        ones = torch.ones(len(batch), 1)
        edges = g.global_add_pool(ones[edge_index[0]], batch[edge_index[0]], int(batch.max()) + 1)
        return self.head(torch.cat([g.global_add_pool(ones, batch), edges], 1))


class _Series(nn.Module):
    """Time series on nodes ``[N, T, F]``."""

    def __init__(self) -> None:
        super().__init__()
        self.gru, self.layer, self.head = nn.GRU(4, 4, batch_first=True), gin(), nn.Linear(WIDTH, 2)

    def forward(self, x, edge_index, batch=None):
        return self.head(g.global_add_pool(self.layer(self.gru(x)[0][:, -1], edge_index).relu(), batch))


class _Fixed(nn.Module):
    """Wants graphs of eight nodes."""

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.head = gin(), nn.Linear(8 * WIDTH, 2)

    def forward(self, x, edge_index, batch):
        return self.head(self.layer(x, edge_index).view(-1, 8 * WIDTH))


def _changed(change, *keys: str, **kinds):
    """Graphs, each of them changed."""
    return lambda: [change(graph) for graph in graphs(*keys, **kinds)()]


def _loops(graph: Data) -> Data:
    loops = torch.arange(graph.num_nodes)[::2].expand(2, -1)
    graph.edge_index = torch.cat([graph.edge_index, loops], 1)
    return graph


def _twice(graph: Data) -> Data:
    graph.edge_index = torch.cat([graph.edge_index, graph.edge_index[:, :4]], 1)
    return graph


def _bare(graph: Data) -> Data:
    return Data(edge_index=graph.edge_index, num_nodes=graph.num_nodes, y=graph.y)


def _no_edges(graph: Data) -> Data:
    return Data(edge_index=graph.edge_index, y=graph.y)


def _with_lonely() -> list[Data]:
    few = graphs()()
    for graph in few[:3]:
        graph.x = torch.cat([graph.x, graph.x[:2]])
    few[3] = Data(x=few[3].x[:1], edge_index=torch.zeros(2, 0, dtype=torch.long), y=few[3].y)
    return few


def _unlike() -> list[Data]:
    many = graphs("edge_attr")()
    del many[5].edge_attr
    return many


def _wide() -> list[Data]:
    many = graphs()()
    many[2].x = many[2].x[:, :3]
    return many


def _hetero() -> list[HeteroData]:
    data = HeteroData()
    data["atom"].x = torch.rand(3, 4)
    data["ring"].x = torch.rand(2, 4)
    return [data] * 6


def _fixed_node() -> list[Data]:
    """A master node is the last of each graph, joined to all, and always stays."""
    many = graphs()()
    for graph in many:
        n = graph.num_nodes
        spokes = torch.stack([torch.full((n,), n), torch.arange(n)])
        both = torch.stack([spokes, spokes.flip(0)], 2).reshape(2, -1)
        graph.x = torch.cat([graph.x, torch.zeros(1, 4)])
        graph.edge_index = torch.cat([graph.edge_index, both], 1)
        graph.fixed = torch.arange(n + 1) == n
    return many


def _space(model, graph):
    return model(graph.z, graph.pos, graph.edge_index)


def _nothing() -> list:
    return [{"x": 1}] * 6


def _case(id_: str, title: str, many, model=Plain, **more) -> Case:
    return Case(id_, "graphs", title, model, many, **more)


_MOVED = ("reads positions",)
KINDS = [
    _case("D1", "directed graphs", graphs(directed=True)),
    _case(
        "D1b",
        "directed graphs with kinds of edges",
        graphs("edge_attr", directed=True),
        model=partial(Plain),
        notes=("have edge_attr",),
    ),
    _case("D2", "self loops", _changed(_loops)),
    _case("D3", "nodes without edges, and a single node", _with_lonely),
    _case("D4", "edges that are there twice", _changed(_twice)),
    _case(
        "D5",
        "heterogeneous graphs",
        _hetero,
        refused="^Expected graphs with one type of nodes .got HeteroData with 2",
    ),
    _case(
        "D6",
        "no node features",
        _changed(_bare),
        model=_Degree,
        call=lambda m, d: m(d.edge_index, zeros(d)),
        peers=NO_GRADIENT,
    ),
    _case(
        "N71",
        "neither node features nor layers",
        _changed(_bare),
        model=_Counting,
        call=lambda m, d: m(d.edge_index, zeros(d)),
        peers=NO_GRADIENT | NO_LAYERS,
    ),
    _case(
        "D6b",
        "neither features nor a number of nodes",
        _changed(_no_edges),
        refused=r"^Expected 'x' of shape \[num_nodes, num_features\], or num_nodes",
    ),
    _case(
        "D9a",
        "in space: z, pos, and edges",
        _changed(lambda d: d, "z", "pos", x="none"),
        model=_Space,
        call=_space,
        notes=_MOVED,
        peers=NO_GRADIENT,
    ),
    _case(
        "D9b",
        "in space, `forward(data)`",
        graphs("z", "pos", x="none"),
        model=_SpaceData,
        call=whole,
        notes=_MOVED,
        peers=NO_GRADIENT,
    ),
    _case(
        "D9c",
        "in space, without edges",
        lambda: [Data(pos=d.pos, z=d.z) for d in graphs("z", "pos")()],
        model=_Space,
        refused=r"^Expected 'edge_index' of shape \[2, num_edges\] .got None",
    ),
    _case(
        "N60",
        "positions in the graphs that `forward(data)` does not read",
        graphs("pos"),
        model=TakesData,
        call=whole,
    ),
    _case("D12", "time series on nodes", graphs(x="series"), model=_Series),
    _case("D13b", "a virtual node in the data, marked as fixed", _fixed_node),
    _case("D16", "a Batch to fit", graphs(), fitted_on=Batch.from_data_list),
    _case("D17", "a DataLoader to fit", graphs(), fitted_on=lambda many: DataLoader(many, 5)),
    _case(
        "N61",
        "edge_attr missing in one graph",
        _unlike,
        model=partial(EdgeAttr, partial(g.GATv2Conv, 4, WIDTH, edge_dim=3)),
        refused="^Expected 'edge_attr'",
    ),
    _case(
        "N62",
        "x of another width in one graph",
        _wide,
        refused="^Expected 'x' of one width and type in all graphs",
    ),
    _case("N63", "dictionaries", _nothing, refused="^Expected torch_geometric.data.Data .got dict"),
    _case(
        "N64",
        "a model of graphs of one size",
        lambda: [d for d in graphs()() if d.num_nodes == 8] * 4,
        model=_Fixed,
        refused="^Expected an answer from _Fixed.forward when given",
    ),
]
