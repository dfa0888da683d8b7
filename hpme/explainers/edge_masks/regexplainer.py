"""RegExplainer: mixup with a near graph, and a contrast between near and far ones."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from hpme import checks
from hpme.explainers.base import ExplainerSpec
from hpme.explainers.edge_masks.base import EdgeMaskConfig, EdgeMaskExplainer
from hpme.explainers.edge_masks.choice import TRIAL, grid
from hpme.explainers.edge_masks.mixupexplainer import append
from hpme.explainers.edge_masks.objective import (
    Objective,
    Sampled,
    only_graphs,
    output_loss,
    size_and_entropy,
)
from hpme.forward.packed import Packed
from hpme.forward.weighted import EdgeWeighted, WeightedGraphs

GRID = grid(  # the published setting, the same from the whole graph, and dearer edges without entropy
    "start temperature_high size entropy",
    (0.0, 5.0, 0.05, 1.0),
    (5.0, 1.0, 0.05, 1.0),
    (0.0, 5.0, 0.1, 0.0),
    (5.0, 1.0, 0.1, 0.0),
    (0.0, 5.0, 0.5, 0.0),
    (5.0, 1.0, 0.5, 0.0),
)


@dataclass(frozen=True)
class RegObjective(Objective):
    r"""Keeps the output, and likeness to a near graph, when an explanation is appended to its rest.

    Each graph :math:`a` draws two others of the batch by the cosine :math:`c` of the model's graph
    embeddings, one with chances :math:`\propto c`, one :math:`\propto 1 - c`; the closer one is its near
    graph, the other its far one. With the near graph as donor it is mixed up as in MixupExplainer; let
    :math:`m_a` be the mixed graph's embedding, :math:`h` those of the originals. Loss: cross-entropy with
    :math:`a`'s prediction on the mixed graph, or for a regression the relative squared error; size and
    entropy; and InfoNCE,

    .. math:: -\log \frac{e^{\cos(m_a, h_{near(a)}) / \tau}}
        {e^{\cos(m_a, h_{near(a)}) / \tau} + \sum_b e^{\cos(m_a, h_{far(b)}) / \tau}}

    over the far graphs of the whole batch, but those that are at least as close to :math:`a` as its near one.

    Args:
        eta: Expected number of links of a mixed graph.
        dropout: Chance of a rest's edge to be dropped.
        size: Coefficient of the sum of the weights.
        entropy: Coefficient of the mean entropy of a weight.
        contrast: Coefficient of InfoNCE.
        temperature: Of InfoNCE, :math:`\tau`.

    Raises:
        ValueError: If a setting is out of range.

    Source:
        Zhang et al. (2023), arXiv:2307.07840, with the coefficients of its code at first. As both graphs of
        a mixture are penalised, `size` all but cancels, and this entropy drives every weight to 1: so the
        grid adds less entropy and more size. There the contrast is taken
        of one pair at a time, which makes it 0 for any weights; so this is what it is meant to be. Donors
        come from the batch, there from all graphs; the number of links is MixupExplainer's, there 3 % of the
        cross pairs; there weights pass a second sigmoid, and the near graph's explanation is put into
        :math:`a`'s rest as well.
    """

    eta: float = 5.0
    dropout: float = 0.1
    size: float = 0.05
    entropy: float = 1.0
    contrast: float = 1.0
    temperature: float = 0.5

    def __post_init__(self) -> None:
        """Checks the ranges."""
        checks.in_range("eta", self.eta, 0, 1000)
        checks.in_range("dropout", self.dropout, 0, 1)
        checks.in_range("size", self.size, 0, 1000)
        checks.in_range("entropy", self.entropy, 0, 1000)
        checks.in_range("contrast", self.contrast, 0, 1000)
        checks.in_range("temperature", self.temperature, 1e-3, 1000)

    def mix(self, graphs: Packed, weight: Tensor, donor: Tensor, draws: torch.Generator) -> WeightedGraphs:
        """Returns the mixed graphs; see `append`."""
        return append(graphs, weight, donor, self.eta, self.dropout, draws)

    def __call__(
        self, model: EdgeWeighted, batch: Sampled, network: nn.Module, draws: torch.Generator
    ) -> Tensor:
        """Returns the loss of a batch, a scalar."""
        only_graphs(batch.graphs, "RegExplainer")
        original = model.embed(batch.graphs, torch.ones_like(batch.weight))
        like = cosines(original, original)
        near, far = near_and_far(like, draws)
        mixed = self.mix(batch.graphs, batch.weight, near, draws)
        embedding = model.embed(mixed.graphs, mixed.weight)
        penalty = size_and_entropy(
            mixed.weight, mixed.graphs.edge_batch, mixed.graphs.size, self.size, self.entropy
        )
        contrast = info_nce(embedding, original, near, far, like, self.temperature)
        fidelity = output_loss(model(mixed.graphs, mixed.weight), batch.output)
        return fidelity + penalty + self.contrast * contrast


def cosines(a: Tensor, b: Tensor) -> Tensor:
    """Returns the cosine of each row of `a` ``[A, H]`` with each of `b` ``[B, H]``, ``[A, B]``."""
    return F.normalize(a, dim=1) @ F.normalize(b, dim=1).t()


def near_and_far(like: Tensor, draws: torch.Generator) -> tuple[Tensor, Tensor]:
    """Draws two others for each graph by likeness ``[B, B]``: the nearer one and the farther, ``[B]``."""
    others = 1 - torch.eye(len(like), device=like.device)
    chances = torch.stack([like.clamp(min=0) + 1e-6, (1 - like).clamp(min=0) + 1e-6]) * others
    drawn = torch.multinomial(chances.view(-1, len(like)).cpu(), 1, generator=draws).view(2, -1)
    drawn = drawn.to(like.device)
    rank = like.gather(1, drawn.t())
    swap = rank[:, 0] < rank[:, 1]
    return torch.where(swap, drawn[1], drawn[0]), torch.where(swap, drawn[0], drawn[1])


def info_nce(
    mixed: Tensor, original: Tensor, near: Tensor, far: Tensor, like: Tensor, temperature: float
) -> Tensor:
    """Returns InfoNCE, a scalar in nats: how hard it is to tell a mixed graph's near graph from all far ones.

    Args:
        mixed: Embeddings of the mixed graphs ``[B, H]``.
        original: Embeddings of the originals ``[B, H]``.
        near: Near graph of each ``[B]``.
        far: Far graph of each ``[B]``; those that are as near to another as its own near one do not count.
        like: Likeness of the originals ``[B, B]``.
        temperature: Divides the cosines.
    """
    positive = F.cosine_similarity(mixed, original[near])
    negative = cosines(mixed, original[far])
    closeness = like.gather(1, near[:, None])
    negative = negative.masked_fill(like[:, far] >= closeness, -torch.inf)
    return F.cross_entropy(
        torch.cat([positive[:, None], negative], dim=1) / temperature, torch.zeros_like(near)
    )


REGEXPLAINER = ExplainerSpec(
    name="regexplainer",
    title="RegExplainer",
    hard=False,
    fits_masks=True,
    validation=(
        "Not validated: its paper explains regressions alone, and neither their data nor a checkpoint "
        "was released."
    ),
    learns=True,
    one_pass=False,
    build=lambda model, seed: EdgeMaskExplainer(
        model,
        EdgeMaskConfig(RegObjective(), seed=seed, learning_rate=3e-3, trial_steps=TRIAL, grid=GRID).at(
            GRID[0]
        ),
    ),
    source="https://arxiv.org/abs/2307.07840",
    only_graphs=True,
)
