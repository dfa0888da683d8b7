"""What a model says of hard subgraphs: inside other graphs, or alone."""

import torch
from torch import Tensor, nn

from hpme.classifiers.folded import folded
from hpme.forward.ask import answer, graph_logits
from hpme.forward.both import same_but_rounded
from hpme.forward.packed import Packed
from hpme.forward.question import Question, ask
from hpme.method import mixup, pooling
from hpme.method.ends import Exchange
from hpme.method.types import Traits


def mixed_graphs(
    graphs: Packed, traits: Traits, keep: Tensor, donor: Tensor, dilation: float, draws: torch.Generator
) -> mixup.Mixed:
    """Returns the mixed graphs of every mask, one mask's ``B`` after the other's.

    Args:
        graphs: ``B`` graphs.
        traits: Of their nodes and edges.
        keep: Masks, bool ``[T, N]``.
        donor: A permutation of the graphs for each mask ``[T, B]``.
        dilation: Share of the mixtures whose donor loses the neighbours of its explanation, too.
        draws: Source of all draws.

    Returns:
        ``T * B`` mixed graphs.
    """
    copies, size = donor.shape
    many, flat = graphs.repeat(copies), keep.reshape(-1)
    grown = (torch.rand(copies * size, generator=draws) < dilation).to(graphs.device)
    shift = size * torch.arange(copies, device=graphs.device)[:, None]
    exchange = Exchange(
        keep=flat,
        cut=mixup.dilate(many, flat, grown) if dilation else flat,
        donor=(donor.to(graphs.device) + shift).reshape(-1),
        traits=traits.repeat(copies),
    )
    return mixup.replace(many, exchange, draws)


def mixed_logits(
    model: nn.Module,
    graphs: Packed,
    traits: Traits,
    keep: Tensor,
    donor: Tensor,
    dilation: float,
    draws: torch.Generator,
) -> Tensor:
    """Returns the logits ``[T, B, C]`` of `mixed_graphs`, from one forward pass over their disjoint union.

    A model that reads positions is asked about the bare subgraphs instead: positions mean nothing elsewhere.
    """
    if ask(model).removal_only(graphs):
        return logits_alone(model, graphs, keep)
    made = mixed_graphs(graphs, traits, keep, donor, dilation, draws).graphs
    return answer(model, made).view(*donor.shape, -1)


def logits_alone(model: nn.Module, graphs: Packed, keep: Tensor) -> Tensor:
    """Returns the logits ``[T, B, C]`` of the bare subgraphs of ``B`` graphs, of masks bool ``[T, N]``."""
    made = pooling.induced_subgraph(graphs.repeat(len(keep)), keep.reshape(-1))
    return answer(model, made).view(len(keep), graphs.size, -1)


def quickly_asked(model: nn.Module, graphs: Packed, logits: Tensor) -> Question:
    """Returns a question with the same answers, which takes less time where the model is one of ours.

    Args:
        model: Model, or the question to it.
        graphs: ``B`` graphs.
        logits: What the model says of them ``[B, C]``: only a folded model that says the same is asked.
    """
    question = ask(model)
    own = None if question.settings or graphs.device.type != "cpu" else folded(question.model)
    if own is None:
        return question
    quick = Question(own)
    return quick if same_but_rounded(graph_logits(quick, graphs), logits) else question
