"""Giving a model a weight for each edge."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from torch import Tensor, nn
from torch_geometric.explain.algorithm.utils import clear_masks, set_masks

from hpme.forward.ask import readout, traced_embedding
from hpme.forward.packed import Graphs


@dataclass(frozen=True)
class WeightedGraphs:
    """`Graphs` with a weight for each edge."""

    x: Tensor  # [N, F]
    edge_index: Tensor  # [2, E]
    batch: Tensor  # [N]
    size: int  # number of graphs, B
    weight: Tensor  # of each edge [E]


class EdgeWeighted:
    """A copy of a model that multiplies each message by its edge's weight, in every layer.

    Weight 1 leaves the message as it is. Weight 0 is the edge removed wherever a layer sums its messages
    (GIN, GraphConv, GCN without degree normalisation). Layers that count neighbours, by a mean, a degree or
    attention, still count that edge: there the weights are what PyG's own explainers use.

    Args:
        model: Model called as ``model(x, edge_index, batch)``; copied, asked in evaluation mode.
    """

    def __init__(self, model: nn.Module) -> None:
        self.model = copy.deepcopy(model).eval().requires_grad_(False)

    def __call__(self, graphs: Graphs, weight: Tensor) -> Tensor:
        """Logits ``[B, C]``, with a gradient for the weights ``[E]``, which may be any numbers."""
        with self._weights(graphs.edge_index, weight):
            return self.model(graphs.x, graphs.edge_index, graphs.batch)

    def embed(self, graphs: Graphs, weight: Tensor) -> Tensor:
        """Maximum and mean of each graph's node embeddings ``[B, 2H]``, with a gradient for the weights."""
        with self._weights(graphs.edge_index, weight):
            return readout(traced_embedding(self.model, graphs), graphs)

    @contextmanager
    def _weights(self, edge_index: Tensor, weight: Tensor) -> Iterator[None]:
        set_masks(self.model, weight, edge_index, apply_sigmoid=False)
        try:
            yield
        finally:
            clear_masks(self.model)
