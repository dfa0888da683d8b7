"""Modules around models: wrapped, compiled, scripted, ready-made."""

from functools import partial
from threading import Lock

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel
from torch_geometric import nn as g
from torch_geometric.data import Batch

from tests.forward.models.case import (
    NO_LAYERS,
    Case,
    graphs,
    mlp,
    plain,
    whole,
    zeros,
)
from tests.forward.models.nets import WIDTH, EdgeWeight, Plain, gin


class _Ready(nn.Module):
    """A model of PyG's zoo, and a readout."""

    def __init__(self, kind, **settings) -> None:
        super().__init__()
        self.gnn, self.head = kind(4, WIDTH, 2, **settings), nn.Linear(WIDTH, 2)

    def forward(self, x, edge_index, batch):
        return self.head(g.global_mean_pool(self.gnn(x, edge_index), batch))


class _DeepSet(nn.Module):
    """Sees no edges."""

    def __init__(self) -> None:
        super().__init__()
        self.each, self.head = mlp(4, WIDTH), nn.Linear(WIDTH, 2)

    def forward(self, x, batch):
        return self.head(g.global_add_pool(self.each(x), batch))


class _Lightning(nn.Module):
    """Another module around a network, as training frameworks have it."""

    def __init__(self) -> None:
        super().__init__()
        self.net = Plain()
        self.head = self.net.head

    def forward(self, batch: Batch, stage: str = "test") -> Tensor:
        return self.net(batch.x, batch.edge_index, batch.batch)


def _sequential() -> nn.Module:
    return g.Sequential(
        "x, edge_index, edge_weight, batch",
        [
            (g.GraphConv(4, WIDTH), "x, edge_index, edge_weight -> x"),
            nn.ReLU(),
            (g.global_add_pool, "x, batch -> x"),
            nn.Linear(WIDTH, 2),
        ],
    )


def _scripted() -> nn.Module:
    class Sum(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lin, self.last = nn.Linear(4, WIDTH), nn.Linear(WIDTH, 2)

        def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor) -> Tensor:
            x = self.lin(x)
            x = torch.zeros_like(x).index_add(0, edge_index[1], x[edge_index[0]]).relu()
            out = torch.zeros([int(batch.max()) + 1, x.size(1)]).index_add(0, batch, x)
            return self.last(out)

    return torch.jit.script(Sum())


class _Keeping(Plain):
    """Keeps its activations and their gradients, as the tutorials of GradCAM do."""

    def forward(self, x, edge_index, batch=None):
        with torch.enable_grad():
            self.kept = self.layer(x, edge_index)
            self.kept.register_hook(lambda slope: setattr(self, "slope", slope))
        return self.head(g.global_add_pool(self.kept.relu(), batch))


def _has_kept() -> nn.Module:
    model, graph = _Keeping(), graphs()()[0]
    model(graph.x, graph.edge_index).sum().backward()
    return model


class _Locked(Plain):
    def __init__(self) -> None:
        super().__init__()
        self.lock = Lock()


class _Trained(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer, self.norm = gin(), nn.BatchNorm1d(WIDTH)
        self.drop, self.head = nn.Dropout(0.5), nn.Linear(WIDTH, 2)

    def forward(self, x, edge_index, batch=None):
        x = self.drop(self.norm(self.layer(x, edge_index)).relu())
        return self.head(g.global_add_pool(x, batch))


class _Rounded(Plain):
    def forward(self, x, edge_index, batch=None):
        return super().forward(x, edge_index, batch).mul(4).round()


def _wrapped(id_: str, title: str, model, **more) -> Case:
    more.setdefault("graphs", graphs())
    return Case(id_, "models", title, model, **more)


MODELS = [
    _wrapped("A13a", "torch.compile", lambda: torch.compile(Plain(), backend="eager")),
    _wrapped("A13b", "DataParallel", lambda: nn.DataParallel(Plain())),
    _wrapped(
        "N78",
        "AveragedModel of an order of its own",
        lambda: AveragedModel(EdgeWeight(partial(g.GraphConv, 4, WIDTH))),
        call=lambda m, d: m(d.x, d.edge_index, batch=zeros(d)),
    ),
    _wrapped("N79", "keeps its activations, with a gradient", _has_kept),
    _wrapped("N80", "cannot be copied", _Locked, peers={"gnnexplainer": "a model that can be copied"}),
    _wrapped("N52", "torch.jit.script", _scripted, peers=NO_LAYERS),
    _wrapped(
        "N53",
        "torch_geometric.nn.Sequential",
        _sequential,
        graphs=graphs("edge_weight"),
        call=lambda m, d: m(d.x, d.edge_index, d.edge_weight, zeros(d)),
    ),
    _wrapped("N54", "a module around a network, `forward(batch, stage)`", _Lightning, call=whole),
    _wrapped("N55a", "PyG's GIN, and a readout", partial(_Ready, g.GIN)),
    _wrapped("N55b", "PyG's GCN, and a readout", partial(_Ready, g.GCN)),
    _wrapped("N55c", "PyG's GAT, and a readout", partial(_Ready, g.GAT, v2=True)),
    _wrapped("N55d", "PyG's GraphSAGE, and a readout", partial(_Ready, g.GraphSAGE, jk="cat")),
    _wrapped(
        "N56",
        "sums over nodes alone, without edges",
        _DeepSet,
        call=lambda m, d: m(d.x, zeros(d)),
        peers=NO_LAYERS,
    ),
    _wrapped(
        "M4",
        "left in training mode, with BatchNorm and Dropout",
        _Trained,
        training=True,
        notes=("was in training mode",),
    ),
    _wrapped("M7", "not differentiable", _Rounded, peers_note="All scores are 0"),
    _wrapped("N57", "a function, no module", lambda: plain, refused="^Expected a torch.nn.Module"),
    _wrapped("N58", "a class, no instance of it", lambda: Plain, refused="^Expected a torch.nn.Module"),
]
