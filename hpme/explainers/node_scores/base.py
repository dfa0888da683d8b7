"""Explanations by a score of each node that needs no fitting: many graphs in one pass."""

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import checks
from hpme.explainers.base import Explainer, explain_nodes
from hpme.forward.ask import graph_logits
from hpme.forward.packed import Packed, chunks, pack

CHUNK = 256  # graphs in a pass


class NodeScore(Protocol):
    """A frozen dataclass of settings that scores nodes when called."""

    def __call__(self, model: nn.Module, graphs: Packed, target: Tensor) -> Tensor:
        """Scores each node ``[N]`` for the class ``target [B]`` of its graph; larger is more important."""
        ...


class NodeWise(Explainer):
    """Explains by scores of nodes, as shares of the graph's largest: in ``[0, 1]``, negative ones are 0.

    An edge scores as its lower end, and the soft masks equal the scores. The model is put in evaluation
    mode and not changed otherwise.

    Args:
        model: Model called as ``model(x, edge_index, batch)``; logits ``[B, C]``.
        config: The method, with its settings.
    """

    def __init__(self, model: nn.Module, config: NodeScore) -> None:
        self.model = model.eval()
        self.config = config

    def explain(self, graph: Data, target: int | None = None) -> Explanation:
        """Explains one graph: the predicted class, unless `target` names another.

        Raises:
            ValueError: If the graph does not fit, or there is no such class.
        """
        return self._explain([graph], target)[0]

    def explain_batch(self, graphs: Sequence[Data]) -> list[Explanation]:
        """Explains the predicted class of each graph, in order."""
        return [out for chunk in chunks(graphs, CHUNK) for out in self._explain(chunk)]

    def _explain(self, graphs: list[Data], target: int | None = None) -> list[Explanation]:
        for graph in graphs:
            checks.graph(graph)
        packed = pack(graphs)
        logits = graph_logits(self.model, packed)
        targets = logits.argmax(-1)
        if target is not None:
            checks.in_range("target", target, 0, logits.size(1) - 1)
            targets = torch.full_like(targets, target)
        scores = self.config(self.model, packed, targets).detach().clamp(min=0)
        largest = scores.new_zeros(packed.size).scatter_reduce(0, packed.batch, scores, "amax")
        shares = scores / largest.clamp(min=torch.finfo(scores.dtype).tiny)[packed.batch]
        parts = packed.split_nodes(shares)
        return [explain_nodes(*row) for row in zip(graphs, parts, targets[:, None], strict=True)]


def class_gradient(model: nn.Module, graphs: Packed, target: Tensor, x: Tensor) -> Tensor:
    """Returns the gradient ``[N, F]`` of each graph's logit of its class ``[B]`` at the features `x`."""
    x = x.detach().requires_grad_()
    with torch.enable_grad():
        return torch.autograd.grad(target_logits(model, graphs, target, x), x)[0]


def target_logits(model: nn.Module, graphs: Packed, target: Tensor, x: Tensor) -> Tensor:
    """Returns the sum of the graphs' logits of their class ``[B]``; its gradient is each graph's own."""
    return model(x, graphs.edge_index, graphs.batch).gather(1, target[:, None]).sum()
