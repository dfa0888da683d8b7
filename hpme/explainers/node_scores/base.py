"""Explanations by a score of each node that needs no fitting: many graphs in one pass."""

from dataclasses import replace
from typing import Protocol

import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.explainers.base import InChunks, explain_nodes, noted, target_classes
from hpme.forward.ask import answer
from hpme.forward.hops import CENTRE
from hpme.forward.packed import Packed
from hpme.forward.question import ask
from hpme.forward.weighted import no_gradient


class NodeScore(Protocol):
    """A frozen dataclass of settings that scores nodes when called."""

    def __call__(self, model: nn.Module, graphs: Packed, target: Tensor) -> Tensor:
        """Scores each node ``[N]`` for the class ``target [B]`` of its graph; larger is more important."""
        ...


class NodeWise(InChunks):
    """Explains by scores of nodes, as shares of the graph's largest: in ``[0, 1]``, negative ones are 0.

    An edge scores as its lower end, and the soft masks equal the scores. The node that a graph was cut around
    scores 1: it is part of every explanation, and an edge at it scores as the other end.

    Args:
        model: Model, or `hpme.forward.question.Question`; not changed.
        config: The method, with its settings.
    """

    def __init__(self, model: nn.Module, config: NodeScore) -> None:
        self.question = ask(model)
        self.config = config

    def _explain(self, graphs: list[Data], target: int | None = None) -> list[Explanation]:
        packed = self.question.pack(graphs)
        targets = target_classes(answer(self.question, packed), target)
        scores = self.config(self.question, packed, targets).detach().float().clamp(min=0)
        parts = packed.split_nodes(shares_of_largest(scores, packed))
        rows = zip(graphs, parts, targets[:, None], strict=True)
        return noted(self.question, graphs, (explain_nodes(*row) for row in rows))


def shares_of_largest(scores: Tensor, graphs: Packed) -> Tensor:
    """Returns scores ``[N]``, none below 0, as shares of the graph's largest; the centre of one scores 1."""
    largest = scores.new_zeros(graphs.size).scatter_reduce(0, graphs.batch, scores, "amax")
    shares = scores / largest.clamp(min=torch.finfo(scores.dtype).tiny)[graphs.batch]
    if CENTRE in graphs.node_attrs:
        shares = shares.masked_fill(graphs.node_attrs[CENTRE].bool().view(-1), 1.0)
    return shares


def class_gradient(model: nn.Module, graphs: Packed, target: Tensor, x: Tensor) -> Tensor:
    """Returns the gradient ``[N, F]`` of each graph's logit of its class ``[B]`` at the features `x`.

    Raises:
        ValueError: If the features are none that have a gradient, or the logits have none for them.
    """
    if not graphs.has_features or not graphs.x.is_floating_point():
        kind = str(graphs.x.dtype).removeprefix("torch.") if graphs.has_features else "no x"
        raise ValueError(
            f"Expected features in floating point for a gradient (got {kind}); choose an explainer that "
            "needs none, such as HPME"
        )
    x = x.detach().requires_grad_()
    with torch.enable_grad():
        gradient = torch.autograd.grad(target_logits(model, graphs, target, x), x, allow_unused=True)[0]
    if gradient is None:
        raise ValueError(no_gradient(ask(model).name, "features"))
    return gradient


def target_logits(model: nn.Module, graphs: Packed, target: Tensor, x: Tensor) -> Tensor:
    """Returns the sum of the graphs' logits of their class ``[B]``; its gradient is each graph's own.

    Raises:
        ValueError: If there is no gradient, as the model makes no use of the features, or breaks it off.
    """
    question = ask(model)
    chosen = question(replace(graphs, x=x)).gather(1, target[:, None]).sum()
    if not chosen.requires_grad:
        raise ValueError(no_gradient(question.name, "features"))
    return chosen


def over_features(values: Tensor) -> Tensor:
    """Returns the sum over the features of each node ``[N]``, of whatever shape they are."""
    return values.reshape(len(values), -1).sum(1)
