"""What would change a model's mind: every single change of a graph is tried, and pairs of the best."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import torch
from torch import Tensor, nn
from torch_geometric.data import Data

from hpme.editing.candidates import Step, named_nodes, single_changes
from hpme.editing.edits import Delete
from hpme.editing.kinds import Kinds
from hpme.editing.trying import Search, Variant
from hpme.forward.around import GraphsAround
from hpme.forward.question import ask
from hpme.method.objective import log_odds

ROWS = 100_000  # nodes of all graphs that are tried: more than 2,000 graphs of 40 nodes
BEST = 12  # single changes that are tried two by two
KEPT = 24  # graphs that are kept of those that flip, and of those that come near it


@dataclass(frozen=True)
class Share:
    """How many single changes that flip the prediction lie in a part of the graph."""

    flips: int
    inside: int  # of the flips
    tried: int
    tried_inside: int  # of those tried

    @property
    def expected(self) -> float:
        """How many flips would lie inside if the place of a change made no difference."""
        return self.flips * self.tried_inside / max(self.tried, 1)


@dataclass(frozen=True)
class Counterfactuals:
    """What was tried on one graph; see `counterfactuals`."""

    graph: Data  # the original, with `node_name`
    output: Tensor  # the model's about it, logits [C] or the number [1]
    flips: tuple[Variant, ...]  # the smallest first; of a number, the largest moves
    nearest: tuple[Variant, ...]  # others, those first that come nearest to a flip; of a number single ones
    singles: tuple[tuple[Step, float, bool], ...]  # all single changes: their effect, and whether they flip
    pairs: int  # how many pairs were tried
    refused: int  # single changes that cannot be made, such as those that no valence allows
    left_out: int  # single changes that were too many to try

    @property
    def regression(self) -> bool:
        """Returns whether the answer is a number, not a class."""
        return len(self.output) == 1

    @property
    def answer(self) -> float:
        """The log-odds of the predicted class, or the number: what effects are on."""
        return float(log_odds(self.output[None], self.output[None].argmax(-1)))

    @property
    def node_effect(self) -> Tensor:
        """What each node does for the prediction ``[N]``: the answer, less the one without the node.

        The answer is the log-odds of the predicted class, or the number. NaN where a node cannot be deleted,
        or was not.
        """
        without = {step[0].node: -effect for step, effect, _ in self.singles if isinstance(step[0], Delete)}
        return torch.tensor([without.get(name, torch.nan) for name in self.graph.node_name.tolist()])

    @property
    def short(self) -> tuple[Variant, ...]:
        """The single changes that move a number most, where only pairs move it far; else none."""
        alone = self.regression and self.flips and len(self.flips[0].steps) > 1
        return tuple(one for one in self.nearest if alone and len(one.steps) == 1)

    @property
    def listed(self) -> tuple[Variant, ...]:
        """All flips that are kept, `short` ones before them, or what comes nearest."""
        return (*self.short, *self.flips) or self.nearest

    def shown(self, count: int) -> list[Variant]:
        """Returns so many of the `listed` to look at, at most half of them `short`: other nodes first."""
        short = _other_places_first(self.short)[: count // 2]
        return [*short, *_other_places_first(self.flips or self.nearest)[: count - len(short)]]

    def share(self, kept: Collection[int]) -> Share:
        """Returns how many single changes lie inside a part of the graph, given by names of nodes."""
        inside = [named_nodes(step) <= {*kept} for step, _, _ in self.singles]
        flips = [flip for _, _, flip in self.singles]
        both = sum(a and b for a, b in zip(flips, inside, strict=True))
        return Share(sum(flips), both, len(flips), sum(inside))


def counterfactuals(
    model: nn.Module,
    graph: Data,
    kinds: Kinds,
    *,
    around: GraphsAround | None = None,
    near: float = 0.0,
) -> Counterfactuals:
    """Tries every single change of a graph, and pairs of the best that flip nothing alone.

    Changes are those of `hpme.editing.candidates.single_changes`, made by `hpme.editing.kinds.edited`, which
    refuses what no valence allows. The model is asked about all of them in one batch, and again about the
    pairs. Of changes that make the same graph (the same canonical SMILES, or the same
    `hpme.editing.alike.graph_keys` and answer) the first one is listed. A flip is small if few changes, and
    then few nodes and edges, make it; of equals the surest comes first. In a regression the moves are listed,
    those of one change before those of two, and the largest first; so are those that are not far.

    Args:
        model: Model, or `hpme.forward.question.Question`; not changed.
        graph: As `hpme.editing.kinds.edited` takes it; of a node, the one of `around`.
        kinds: The types of nodes.
        around: The graphs around nodes that it is one of: edits are then made in the whole graph.
        near: In a regression, the largest move that counts as none; see `hpme.forward.ask.tolerance`.

    Raises:
        ValueError: If the model reads of the graph what edits do not keep.

    Example:
        >>> from hpme import load_classifier, load_dataset
        >>> from hpme.editing.kinds import kinds_of
        >>> data = load_dataset("ba-2motifs")
        >>> found = counterfactuals(load_classifier("ba-2motifs"), data.test[0], kinds_of(data))
        >>> found.flips[0].flips, len(found.flips[0].steps)
        (True, 1)
    """
    search = Search(ask(model), graph, kinds, around, near)
    changes, possible = single_changes(search.original, kinds, *search.room(ROWS))
    singles = search.tried([(change,) for change in changes])
    pairs = search.tried(_pairs(search, singles))
    listed = search.listed([*singles, *pairs])
    return Counterfactuals(
        search.original,
        search.output,
        _kept([one for one in listed if one.flips]),
        _kept(search.nearing(listed)),
        tuple((one.steps[0], one.effect, one.flips) for one in singles),
        len(pairs),
        len(changes) - len(singles),
        possible - len(changes),
    )


def _kept(variants: Sequence[Variant]) -> tuple[Variant, ...]:
    """The first ones, each with tensors of its own: views would hold those of all that were tried."""
    return tuple(replace(one, graph=one.graph.clone()) for one in variants[:KEPT])


def _pairs(search: Search, singles: list[Variant]) -> list[tuple[Step, Step]]:
    """The best of the changes that flip nothing, two by two; none names what the other one deletes."""
    best = [one.steps[0] for one in _one_a_place(search.nearing(search.listed(singles)))[:BEST]]
    return [(one, other) for one, other in combinations(best, 2) if not _gone(one, other)]


def _one_a_place(variants: Sequence[Variant]) -> list[Variant]:
    """The first of those that name the same nodes."""
    found: dict[frozenset[int], Variant] = {}
    for one in variants:
        found.setdefault(named_nodes(one.edits), one)
    return list(found.values())


def _other_places_first(variants: Sequence[Variant]) -> list[Variant]:
    """The same ones: first one of those that name the same nodes, then the others."""
    first = _one_a_place(variants)
    return [*first, *(one for one in variants if one not in first)]


def _gone(one: Step, other: Step) -> bool:
    """Whether one of two changes deletes a node that the other one names."""
    deletes = any(isinstance(edit, Delete) for edit in (*one, *other))
    return deletes and bool(named_nodes(one) & named_nodes(other))
