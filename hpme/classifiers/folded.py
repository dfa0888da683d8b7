"""The built-in models as they answer in evaluation mode, in fewer steps, for whoever asks very often."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from torch_geometric.nn import GCNConv, GINConv, GINEConv

from hpme.classifiers.gcn import GCN
from hpme.classifiers.gin import GIN
from hpme.classifiers.gine import GINE
from hpme.classifiers.gnn import in_floats
from hpme.classifiers.of_nodes import NodeGNN
from hpme.forward.packed import pointers


class Folded(nn.Module):
    """A model of ours with batch normalisation folded into its maps, and messages summed over sorted edges.

    Its answers are the model's own but for rounding. It has no gradient, and follows no change of weights.

    Args:
        model: The model.
        layers: Its layers, see `folded`.
    """

    def __init__(self, model: Any, layers: "list[_Layer]") -> None:
        super().__init__()
        self.model, self.layers = model, layers

    @property
    def model_config(self) -> dict[str, str]:
        """The task, in the words of `torch_geometric.explain.ModelConfig`."""
        return self.model.model_config

    def forward(
        self,
        x: Tensor,
        edge_index: Tensor,
        batch: Tensor,
        batch_size: int,
        edge_attr: Tensor | None = None,
    ) -> Tensor:
        """What the model's own `forward` returns."""
        edges, x, found = _Edges(edge_index, len(x)), in_floats(x), list[Tensor]()
        if isinstance(self.model, GINE) and edge_attr is not None:
            edge_attr, x = edge_attr.index_select(0, edges.order), self.model.lift(x)
        for layer in self.layers:
            x = layer(x, edges, edge_attr)
            found.append(x)
        if isinstance(self.model, NodeGNN):
            return self.model.linear(torch.cat(found, dim=-1))
        return self.model.read_out(x, batch, batch_size)


class _Edges:
    """Edges by their end, so that what each node is told lies side by side."""

    def __init__(self, edge_index: Tensor, num_nodes: int) -> None:
        self.order = edge_index[1].argsort()
        self.start = edge_index[0].index_select(0, self.order)
        self._ptr = pointers(torch.bincount(edge_index[1], minlength=num_nodes))

    def sums(self, rows: Tensor, places: Tensor) -> Tensor:
        """The sum over each node's edges of the rows at these places, one an edge."""
        return F.embedding_bag(places, rows, self._ptr, mode="sum", include_last_offset=True)


_Layer = Callable[[Tensor, _Edges, Tensor | None], Tensor]  # of nodes' rows, and of edges' features


def folded(model: nn.Module) -> Folded | None:
    """Returns a `GIN`, `GINE` or `GCN` folded, or a model of nodes by their layers; None of any other.

    Only these very classes are taken. That the answers are the same is for the caller to try: somebody may
    have changed a part of the model.
    """
    if type(model) not in (GIN, GINE, GCN, NodeGNN):
        return None
    layers: Any = model.layers
    try:
        with torch.no_grad():
            return Folded(model, [_FOLDS[type(layer.conv)](layer) for layer in layers])
    except (AttributeError, KeyError, TypeError, ValueError):  # a layer is another one, or was changed
        return None


def _gin(layer: Any) -> _Layer:
    own, perceptron = 1 + float(layer.conv.eps), _perceptron(layer)
    return lambda x, edges, _: perceptron(edges.sums(x, edges.start).add_(x, alpha=own))


def _gine(layer: Any) -> _Layer:
    own, perceptron, of_edges = 1 + float(layer.conv.eps), _perceptron(layer), layer.conv.lin

    def run(x: Tensor, edges: _Edges, features: Tensor | None) -> Tensor:
        messages = of_edges(features).add_(x.index_select(0, edges.start)).relu_()
        each = torch.arange(len(messages), device=x.device)
        return perceptron(edges.sums(messages, each).add_(x, alpha=own))

    return run


def _gcn(layer: Any) -> _Layer:
    weight, bias = layer.conv.lin.weight, layer.conv.bias
    return lambda x, edges, _: F.normalize(
        edges.sums(F.linear(x, weight), edges.start).add_(bias), dim=-1
    ).relu_()


_FOLDS = {GINConv: _gin, GINEConv: _gine, GCNConv: _gcn}


def _perceptron(layer: Any) -> Callable[[Tensor], Tensor]:
    """Two maps, of which the second is followed by batch normalisation, and rectifiers."""
    first, _, second = layer.conv.nn
    norm = layer.norm
    factor = norm.weight / (norm.running_var + norm.eps).sqrt()
    weight, bias = second.weight * factor[:, None], (second.bias - norm.running_mean) * factor + norm.bias
    return lambda x: F.linear(first(x).relu_(), weight, bias).relu_()
