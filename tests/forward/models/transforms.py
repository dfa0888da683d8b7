"""Transforms: what happens to every graph before the model sees it, to mixed ones, too."""

from functools import partial

import torch
from torch import Tensor
from torch_geometric import nn as g
from torch_geometric.transforms import (
    AddLaplacianEigenvectorPE,
    AddRandomWalkPE,
    ToSparseTensor,
    VirtualNode,
)

from tests.forward.models.case import (
    OWN_EDGES,
    Case,
    graphs,
    mlp,
    named,
    plain,
)
from tests.forward.models.nets import WIDTH, Plain


def _doubled(graph):
    graph.x = 2 * graph.x
    return graph


def _doubled_in_place(graph):
    graph.x *= 2
    return graph


def _virtual(model, graph) -> Tensor:
    return plain(model, VirtualNode()(graph.clone()))


def _walked(model, graph) -> Tensor:
    return plain(model, AddRandomWalkPE(4, attr_name=None)(graph.clone()))


class _TakesWalks(Plain):
    def forward(self, x, edge_index, batch, walk_pe):
        return super().forward(x + walk_pe, edge_index, batch)


def _each(transform):
    return lambda: [transform(graph) for graph in graphs()()]


class _Walks(Plain):
    def __init__(self) -> None:
        super().__init__(lambda: g.GINConv(mlp(8, WIDTH)))


def _case(id_: str, title: str, model, **more) -> Case:
    more.setdefault("graphs", graphs())
    return Case(id_, "transforms", title, model, **more)


TRANSFORMS = [
    _case(
        "D13",
        "a virtual node by a transform",
        Plain,
        settings={"transform": VirtualNode()},
        call=_virtual,
        peers=OWN_EDGES,
        lines="HPME(model, transform=torch_geometric.transforms.VirtualNode())",
    ),
    _case(
        "N66",
        "a transform that is a function",
        Plain,
        settings={"transform": _doubled},
        call=lambda m, d: plain(m, _doubled(d.clone())),
    ),
    _case(
        "N67",
        "a transform that writes in place",
        Plain,
        settings={"transform": _doubled_in_place},
        refused="^Expected that the transform leaves what it is given as it is",
    ),
    _case(
        "N68",
        "a transform that drops nodes",
        Plain,
        settings={"transform": lambda graph: graph.subgraph(torch.arange(graph.num_nodes - 1))},
        refused="^Expected a transform that keeps all nodes",
    ),
    _case(
        "N69",
        "a transform that fails on small graphs",
        partial(Plain, lambda: g.GINConv(mlp(10, WIDTH))),
        settings={"transform": AddLaplacianEigenvectorPE(6, attr_name=None, is_undirected=True)},
        refused="^Expected a transform of graphs of any size .got ",
    ),
    _case(
        "N85",
        "a transform that leaves a sparse matrix in the place of edge_index",
        Plain,
        settings={"transform": ToSparseTensor(layout=torch.sparse_csr)},
        refused=r"^Expected a transform that returns a graph with edge_index .got one without.",
    ),
    _case(
        "N86",
        "a transform that returns nothing",
        Plain,
        settings={"transform": lambda graph: None},
        refused=r"^Expected a transform that returns a graph with edge_index .got NoneType.",
    ),
    _case(
        "D13c",
        "a virtual node in the data, not marked",
        Plain,
        graphs=_each(VirtualNode()),
        notes=("have edge_type", "last node of each graph is joined to all others"),
    ),
    _case(
        "D14b",
        "positional encodings in the data",
        _TakesWalks,
        graphs=_each(AddRandomWalkPE(4, attr_name="walk_pe")),
        call=named("walk_pe"),
        notes=("'walk_pe' looks like an encoding",),
    ),
    _case(
        "D14",
        "positional encodings by a transform",
        _Walks,
        settings={"transform": AddRandomWalkPE(4, attr_name=None)},
        call=_walked,
        lines="HPME(model, transform=torch_geometric.transforms.AddRandomWalkPE(4, attr_name=None))",
    ),
]
