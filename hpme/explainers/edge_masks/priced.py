"""Soft masks with HPME's price path and its rule for the size, so that their explanations are hard."""

import copy
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, exp
from typing import Self

import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import checks
from hpme.explainers.base import (
    ExplainerSpec,
    Progress,
    checked,
    edge_to_node_scores,
    make_explanation,
    noted,
)
from hpme.explainers.edge_masks.base import (
    EdgeMaskConfig,
    EdgeMaskExplainer,
    edge_inputs,
    edge_logits,
    fit_scorer,
)
from hpme.explainers.edge_masks.fitted import usable
from hpme.explainers.edge_masks.gsat import GSATObjective
from hpme.explainers.edge_masks.objective import Objective, Sampled
from hpme.explainers.edge_masks.pgexplainer import PGObjective
from hpme.explainers.edge_masks.whole import Whole, seen_embedding
from hpme.explainers.hpme.fitting import last_tenth, prices_of_fall
from hpme.explainers.hpme.measuring import Prepared, ask_model, measure_subgraphs
from hpme.forward.ask import answer, levels
from hpme.forward.batches import one_thread
from hpme.forward.packed import Packed
from hpme.forward.pairs import undirected_pairs
from hpme.forward.weighted import EdgeWeighted
from hpme.method import pooling
from hpme.method.capacity import Checkpoint, default_size, kept_of_first


@dataclass(frozen=True)
class PricedObjective(Objective):
    """Another objective whose price of the whole graph rises geometrically along the fit.

    Raises:
        ValueError: If a setting is out of range.
    """

    price_low: float = 0.05  # of the whole graph at the first step, as in HPME
    price_high: float = 2.0  # and at the last

    def __post_init__(self) -> None:
        """Checks the ranges."""
        checks.in_range("price_low", self.price_low, 1e-3, self.price_high)
        checks.in_range("price_high", self.price_high, self.price_low, 6.9)

    def price(self, progress: float) -> float:
        """Returns the price when the share `progress` of the fit is over."""
        return self.price_low * (self.price_high / self.price_low) ** progress

    @abstractmethod
    def at(self, price: float, graphs: Packed) -> Objective:
        """Returns the objective at which all edges of such graphs cost the price, in nats."""

    def __call__(
        self, model: EdgeWeighted, batch: Sampled, network: nn.Module, draws: torch.Generator
    ) -> Tensor:
        """Returns the loss of a batch, a scalar."""
        return self.at(self.price(batch.progress), batch.graphs)(model, batch, network, draws)


@dataclass(frozen=True)
class PricedPG(PricedObjective):
    """PGExplainer's, whose size coefficient rises: the price over the mean number of edges of a graph.

    Without its entropy by default. That makes two resting places of every weight, near 0 and near 1, between
    which it falls at one price or never: with the published 0.3 all of 30 points of a path kept every edge of
    ba-2motifs, and no size could be chosen. What it is for, weights that are hard, is done by the threshold.
    """

    entropy: float = 0.0

    def at(self, price: float, graphs: Packed) -> Objective:
        """Returns PGExplainer's objective with this price."""
        return PGObjective(size=price * graphs.size / graphs.edge_index.size(1), entropy=self.entropy)


@dataclass(frozen=True)
class PricedGSAT(PricedObjective):
    r"""GSAT's, whose rate falls on: to :math:`e^{-\lambda}`, at which edges kept for sure cost the price."""

    def at(self, price: float, graphs: Packed) -> Objective:
        """Returns GSAT's objective with this price."""
        return GSATObjective(rate_high=exp(-price), rate_low=exp(-price))


@dataclass(frozen=True)
class PathConfig(EdgeMaskConfig):
    """Settings of a fit along a path; those that HPME has, too, are HPME's.

    Raises:
        ValueError: If a setting is out of range.
    """

    objective: PricedObjective
    rounds: int = 25  # passes through the training graphs, or `steps`, if these are more
    batch_size: int = 96
    checkpoints: int = 30
    draws: int = 8

    def __post_init__(self) -> None:
        """Checks the ranges."""
        super().__post_init__()
        checks.in_range("rounds", self.rounds, 1, 100_000)
        checks.in_range("checkpoints", self.checkpoints, 1, 10_000)
        checks.in_range("draws", self.draws, 1, 10_000)

    def for_graphs(self, count: int) -> Self:
        """Returns the settings with the steps that so many training graphs take, as in HPME."""
        wanted = max(self.steps, self.rounds * count / self.batch_size)
        return replace(self, steps=self.checkpoints * ceil(wanted / self.checkpoints))


class EdgeMaskPath(EdgeMaskExplainer):
    r"""Explains by the hard subgraphs of a soft mask, sized by HPME's rule as their price rises.

    The mask is fitted as in `EdgeMaskExplainer`, on weighted graphs; but the price of its edges rises as in
    HPME, copies of the scorer are kept along the way, and each is measured as HPME's are: by the predictions
    that its hard subgraphs keep in mixed validation graphs. A node is in if an edge of weight above 1/2 is at
    it. HPME's rule then chooses the size, and the mean weight over that plateau ranks the edges; where HPME
    walks its path a second time, so is this one. It is PGExplainer's or GSAT's mask with HPME's path and
    rule: what HPME has beyond it are hard draws, and replacement instead of weights.

    Args:
        model: Model, or `hpme.forward.question.Question`; not changed.
        config: Settings.

    Source:
        Ours. For the objectives see `PGObjective` and `GSATObjective`, for the rule
        `hpme.method.capacity.default_size`.
    """

    config: PathConfig

    def __init__(self, model: nn.Module, config: PathConfig) -> None:
        super().__init__(model, config)
        self.scorers: list[nn.Module] = []
        self.path: list[Checkpoint] = []
        self.plateau: list[int] = []

    def fit(self, graphs: Sequence[Data], progress: Progress | None = None) -> Self:
        """Walks the path; the last tenth of the graphs is left for measuring it.

        Args:
            graphs: Training graphs; those without edges are passed over.
            progress: Called as ``progress(step, steps, info)`` after each step, with its loss.

        Raises:
            ValueError: If fewer than four graphs are left, or weights cannot reach the model's edges, or have
                no gradient.
        """
        learnt, self.whole = usable(graphs), Whole.of(self.question, graphs)
        if len(learnt) < 4:
            raise ValueError(
                f"Expected at least 4 training graphs with edges (got {len(learnt)}); donors come from them"
            )
        report = progress or (lambda *_: None)
        train, held = (self._seen(part) for part in last_tenth(learnt))
        with one_thread(), torch.enable_grad():
            validation = ask_model(self.question, held.graphs)
            outputs = levels(validation.logits.size(1))
            self.scorers, self.path = self._walk(self.config, train, held, validation, report)
            self._walk_again(train, held, validation, outputs, report)
        self.plateau = default_size(self.path, outputs, self.question.task.of_nodes)
        self.scorer = self.scorers[self.plateau[len(self.plateau) // 2]]
        return self

    def _walk_again(
        self, train: "Embedded", held: "Embedded", validation: Prepared, outputs: float, report: Progress
    ) -> None:
        """Walks over the prices of the fall, where the first walk saw little of it."""
        prices = prices_of_fall(self.path)
        if prices is None:
            return
        aim = replace(self.config.objective, price_low=prices[0], price_high=prices[1])
        config, ahead = replace(self.config, objective=aim), self.config.for_graphs(train.graphs.size).steps
        scorers, points = self._walk(
            config,
            train,
            held,
            validation,
            lambda step, steps, info: report(ahead + step, ahead + steps, info),
        )
        before = kept_of_first(self.path, points, outputs)
        if before is not None:
            self.scorers, self.path = self.scorers[before] + scorers, self.path[before] + points

    def _walk(
        self, config: PathConfig, train: "Embedded", held: "Embedded", validation: Prepared, report: Progress
    ) -> tuple[list[nn.Module], list[Checkpoint]]:
        """Fits a new scorer while the price rises; returns copies of it, and what they cost and keep."""
        config = config.for_graphs(train.graphs.size)
        every = config.steps // config.checkpoints
        scorers, points = list[nn.Module](), list[Checkpoint]()

        def watch(step: int, scorer: nn.Module) -> None:
            if step % every:
                return
            scorers.append(copy.deepcopy(scorer).requires_grad_(False))
            with torch.no_grad():
                keep = held.nodes(held.logits(scorers[-1]).sigmoid()) > 0.5
            price = config.objective.price(step / config.steps)
            points.append(
                measure_subgraphs(self.question, validation, keep, price, config.draws, config.seed)
            )

        fit_scorer(self.question, train.graphs, train.z, config, report, watch)
        return scorers, points

    def explain_batch(self, graphs: Sequence[Data]) -> list[Explanation]:
        """Explains the predicted class of each graph in one pass, in order."""
        self.fitted()
        graphs = checked(graphs)
        if not graphs:
            return []
        seen = self._seen(graphs)
        packed, target = seen.graphs, answer(self.question, seen.graphs).argmax(-1, keepdim=True)
        weight = self._mean_over(self.plateau, seen)
        keep = pooling.always_kept(seen.nodes(weight) > 0.5, packed)
        if self.question.task.of_nodes:  # as in HPME
            weight = ((weight > 0.5) + self._mean_over(range(self.plateau[-1] + 1), seen)) / 2
        edges = ranking_of(weight)
        columns = (
            packed.split_nodes(seen.nodes(edges)),
            packed.split_edges(edges),
            packed.split_nodes(keep.float()),
            packed.split_edges(keep[packed.edge_index].all(0).float()),
        )
        rows = zip(graphs, *columns, target, strict=True)
        return noted(self.question, graphs, (make_explanation(*row) for row in rows))

    def _seen(self, graphs: Sequence[Data]) -> "Embedded":
        packed = self.question.pack(graphs)
        return Embedded(packed, seen_embedding(self.question, self.whole, graphs, packed))

    def _mean_over(self, points: Sequence[int], seen: "Embedded") -> Tensor:
        """The mean weight of each edge at some points of the path, in double precision ``[E]``."""
        with torch.no_grad():
            scorers = (self.scorers[i].to(seen.z.device) for i in points)
            return torch.stack([seen.logits(scorer).double().sigmoid() for scorer in scorers]).mean(0)


@dataclass(frozen=True)
class Embedded:
    """Graphs with the embeddings of their nodes ``[N, H]``, as a scorer reads them."""

    graphs: Packed
    z: Tensor

    def logits(self, scorer: nn.Module) -> Tensor:
        """Returns the logit of each edge ``[E]``."""
        pair = undirected_pairs(self.graphs.edge_index, len(self.z))
        return edge_logits(scorer, edge_inputs(self.z, self.graphs), pair)

    def nodes(self, values: Tensor) -> Tensor:
        """Returns the largest of the values ``[E]`` of each node's edges ``[N]``."""
        return edge_to_node_scores(self.graphs.edge_index, values, len(self.z))


def ranking_of(weight: Tensor) -> Tensor:
    """Returns scores in single precision that rank as weights in double do ``[E]``, even near 0 and 1."""
    return ((1 + nn.functional.softsign(weight.logit(eps=1e-15))) / 2).float()


PGEXPLAINER_PATH = ExplainerSpec(
    name="pgexplainer-path",
    title="PGExplainer with a price path",
    hard=True,
    learns=True,
    one_pass=False,
    build=lambda model, seed: EdgeMaskPath(model, PathConfig(objective=PricedPG(), seed=seed)),
    source="https://arxiv.org/abs/2011.04573",
    validation="Not validated: nobody has published PGExplainer with a price path.",
)
GSAT_PATH = ExplainerSpec(
    name="gsat-path",
    title="GSAT with a price path",
    hard=True,
    learns=True,
    one_pass=False,
    build=lambda model, seed: EdgeMaskPath(model, PathConfig(objective=PricedGSAT(), seed=seed)),
    source="https://arxiv.org/abs/2201.12987",
    validation="Not validated: nobody has published GSAT with a price path.",
)
