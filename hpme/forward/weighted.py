"""Giving a model a weight for each edge."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from torch import Tensor, nn
from torch_geometric.explain.algorithm.utils import clear_masks, set_masks

from hpme.forward.ask import readout
from hpme.forward.packed import Packed
from hpme.forward.question import ask


@dataclass(frozen=True)
class WeightedGraphs:
    """Graphs with a weight for each edge."""

    graphs: Packed
    weight: Tensor  # of each edge [E]


class EdgeWeighted:
    """A copy of a model that multiplies each message by its edge's weight, in every layer.

    Weight 1 leaves the message as it is. Weight 0 is the edge removed wherever a layer sums its messages
    (GIN, GraphConv, GCN without degree normalisation). Layers that count neighbours, by a mean, a degree or
    attention, still count that edge: there the weights are what PyG's own explainers use.

    Args:
        model: Model, or `hpme.forward.question.Question`; copied.
    """

    def __init__(self, model: nn.Module) -> None:
        self.question = copy.deepcopy(ask(model)).requires_grad_(False)

    def __call__(self, graphs: Packed, weight: Tensor) -> Tensor:
        """Logits ``[B, C]``, with a gradient for the weights ``[E]``, which may be any numbers."""
        with self._weights(graphs.edge_index, weight):
            return self.question(graphs)

    def embed(self, graphs: Packed, weight: Tensor) -> Tensor:
        """Maximum and mean of each graph's node embeddings ``[B, 2H]``, with a gradient for the weights."""
        with self._weights(graphs.edge_index, weight):
            return readout(self.question.embed(graphs), graphs)

    @contextmanager
    def _weights(self, edge_index: Tensor, weight: Tensor) -> Iterator[None]:
        set_masks(self.question.model, weight, edge_index, apply_sigmoid=False)
        try:
            yield
        finally:
            clear_masks(self.question.model)
