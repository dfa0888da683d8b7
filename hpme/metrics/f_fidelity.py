"""F-Fidelity: what is lost as edges go, asked of a copy of the model that was tuned to such graphs.

Of the explanation, or of all but the explanation, each edge goes by chance a half, but by less where more
than a tenth of the graph's edges would go. The copy has seen graphs that lack up to a tenth of their edges,
whichever they were: so none is out of its distribution, and the copy knows nothing of any explainer.

Deviations from the publication, which is of images, series and texts: what goes are edges, both directions
together; the copy learns the model's own predictions in the place of labels, as these are what is explained;
and those are also what a prediction is compared with.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from torch_geometric.data import Data

from hpme.forward.around import GraphsAround
from hpme.forward.ask import same, tolerance
from hpme.forward.calling import copied
from hpme.forward.packed import Packed
from hpme.forward.question import Question, ask
from hpme.metrics.edge_draws import DRAWS, answers, thinned
from hpme.metrics.forward import logits
from hpme.seeding import generator

CHANCE = 0.5  # alpha: of an edge to go
MOST = 0.1  # beta: of a graph's edges that go
STEPS, BATCH, RATE = 200, 64, 1e-3  # of the tuning
REFUSALS = (RuntimeError, ValueError, TypeError, AttributeError, NotImplementedError)


def f_fid_plus(
    model: nn.Module,
    tuned: nn.Module,
    graphs: Sequence[Data],
    keeps: Sequence[Tensor],
    seed: int = 0,
    draws: int = DRAWS,
) -> Tensor:
    """Returns how much less often the tuned copy agrees, ``[G]``, when edges of the explanation go.

    It is in [-1, 1]: 1 or 0, as the copy predicts for the whole graph what the model does or not, less the
    share of draws in which it still does.

    Args:
        model: Model in evaluation mode.
        tuned: Its copy, see `finetuned`.
        graphs: Graphs.
        keeps: Kept nodes of each, ``bool [N]``; the edges between them are the explanation.
        seed: Seed of the draws.
        draws: Number of draws.

    Source:
        Zheng et al. (2024), arXiv:2410.02970, alpha = 0.5, beta = 0.1, 50 draws.
    """
    return _lost(model, tuned, graphs, keeps, True, (seed, 3), draws)


def f_fid_minus(
    model: nn.Module,
    tuned: nn.Module,
    graphs: Sequence[Data],
    keeps: Sequence[Tensor],
    seed: int = 0,
    draws: int = DRAWS,
) -> Tensor:
    """Returns how much less often the tuned copy agrees, ``[G]``, when edges outside the explanation go.

    See `f_fid_plus`.
    """
    return _lost(model, tuned, graphs, keeps, False, (seed, 4), draws)


def finetuned(model: nn.Module, graphs: Sequence[Data]) -> Question | None:
    """Returns a copy of a model tuned to predict the same for graphs that lack up to a tenth of their edges.

    The share that a graph lacks is drawn anew each time, and so are the edges. Statistics of normalisation
    stay as they are. Equal arguments give equal weights.

    Args:
        model: Model in evaluation mode, which is left as it is.
        graphs: Graphs to learn from, such as those that it was trained on; of graphs around nodes a step has
            the whole graph.

    Returns:
        The copy, or None where a model cannot be copied or tuned, as it has no weights or no gradient.
    """
    try:
        copy = copied(ask(model))
        weights = [weight.requires_grad_() for weight in copy.parameters() if weight.is_floating_point()]
        if not weights:
            return None
        _tune(copy, logits(model, graphs), graphs, torch.optim.Adam(weights, RATE))
    except REFUSALS:  # of a model that somebody brings, whatever it does not bear
        return None
    return copy.requires_grad_(False) if all(weight.isfinite().all() for weight in weights) else None


def _tune(
    copy: Question, predicted: Tensor, graphs: Sequence[Data], optimizer: torch.optim.Optimizer
) -> None:
    """Takes the steps towards the model's own predictions ``[G, C]``."""
    draws = generator(0, 5)
    whole = graphs if isinstance(graphs, GraphsAround) else None  # one graph, of which all nodes count
    packed = copy.pack(graphs) if whole is None else whole.packed
    for _ in range(STEPS):
        ids = torch.randperm(len(graphs), generator=draws)[:BATCH]
        batch = packed.take(ids)[0] if whole is None else packed
        gone = MOST * torch.rand(batch.size, generator=draws).to(batch.device)
        seen = thinned(batch, 1 - gone[batch.edge_batch], 1, draws)
        output = copy(seen) if whole is None else copy.each_node(seen)[whole.nodes]
        wanted = predicted if whole is not None else predicted[ids.to(predicted.device)]
        optimizer.zero_grad()
        _loss(output, wanted, predicted).backward()
        optimizer.step()


def _loss(output: Tensor, target: Tensor, everyone: Tensor) -> Tensor:
    """The cross-entropy with the predicted class, or the squared error of the number, in its variances."""
    if output.size(1) == 1:
        return F.mse_loss(output, target) / everyone.var().clamp(min=1e-6)
    return F.cross_entropy(output, target.argmax(-1))


def _lost(
    model: nn.Module,
    tuned: nn.Module,
    graphs: Sequence[Data],
    keeps: Sequence[Tensor],
    inside: bool,
    seed: tuple[int, int],
    draws: int,
) -> Tensor:
    question, original = ask(tuned), logits(model, graphs)
    near = tolerance(original)
    packed = question.pack(graphs)
    stay = _stay(packed, torch.cat([*keeps]).to(packed.device)[packed.edge_index].all(0) == inside)
    held = torch.zeros_like(original[:, 0])
    for outputs in answers(question, packed, stay, generator(*seed), draws):
        held += same(outputs, original, near).float().sum(0)
    return same(logits(question, graphs), original, near).float() - held / draws


def _stay(graphs: Packed, part: Tensor) -> Tensor:
    """The chance of each edge to stay ``[E]``, where those of a part, bool ``[E]``, may go."""
    count = torch.bincount(graphs.edge_batch[part], minlength=graphs.size).clamp(min=1)
    chance = (MOST * graphs.edge_ptr.diff() / count).clamp(max=CHANCE)
    return torch.where(part, 1 - chance[graphs.edge_batch], 1.0)
