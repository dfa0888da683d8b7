"""How likely each node is kept: at one point of the path, over some, or at a size that has a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from hpme.explainers.hpme.memo import Memo, in_cache
from hpme.explainers.hpme.scorer import NodeScorer
from hpme.method.capacity import SIZES, Size


@dataclass(frozen=True)
class At:
    """Where on the path nodes are scored, and what the path's points are for.

    Raises:
        ValueError: If both a checkpoint and a size are asked for, or one that is not known.
    """

    checkpoint: int | None  # a point of the path
    size: Size | None  # or a size; else the default
    plateau: Sequence[int]  # points of the default
    sizes: Mapping[Size, Sequence[int]]  # points of the sizes

    def __post_init__(self) -> None:
        """Refuses what cannot be scored."""
        if self.size is None:
            return
        if self.size not in SIZES:
            raise ValueError(
                f"Expected one of {', '.join(SIZES)} as size (got {self.size!r}); leave it out for HPME's"
            )
        if self.checkpoint is not None:
            raise ValueError(
                f"Expected a checkpoint or a size (got {self.checkpoint} and {self.size!r}); leave one out"
            )
        if self.size not in self.sizes:
            raise ValueError(
                f"Expected a fit whose sizes were measured (got one of before 0.2.0, and {self.size!r}); "
                "fit the explainer again"
            )


class Remembered:
    """`node_scores` of rows that were not scored before at the same place; of others from memory."""

    def __init__(self) -> None:
        self._scorers: Sequence[NodeScorer] = ()
        self._memos: dict[tuple, Memo] = {}

    @property
    def missed(self) -> float:
        """The share of rows that were not scored before, of all that were asked for."""
        memos = self._memos.values()
        return sum(memo.missed for memo in memos) / max(1, sum(memo.asked for memo in memos))

    def __call__(self, scorers: Sequence[NodeScorer], z: Tensor, at: At) -> Tensor:
        """Returns each node's score ``[N]``; see `node_scores`."""
        if self._scorers is not scorers:  # others have seen nothing yet
            self._scorers, self._memos = scorers, {}
        points = tuple(at.sizes.get(at.size, ())) if at.size else ()
        place = at.checkpoint, at.size, tuple(at.plateau), points
        memo = self._memos.setdefault(place, Memo(partial(node_scores, scorers, at=at)))
        return memo(z)


def node_scores(scorers: Sequence[NodeScorer], z: Tensor, at: At) -> Tensor:
    """Returns each node's score ``[N]``, above one half where it is kept.

    At a checkpoint it is the probability to be kept. At a size, the default is kept where the plateau's mean
    is above one half. The core takes the lowest of that mean and of the core's checkpoints, all that counts
    the highest of it and of any of its checkpoints: so the core is a part of the default, and that of all
    that counts. Kept nodes, and likewise the others, are ranked by how long they stay: by the mean
    probability from the path's start to the plateau's end. The points of a plateau alone would rank nodes
    that are all kept there, or all left out, by chance.

    Args:
        scorers: One a point of the path.
        z: Their input ``[N, H]``.
        at: Where on the path.

    Raises:
        ValueError: If there is no such checkpoint.
    """
    if at.checkpoint is not None:
        if not 0 <= at.checkpoint < len(scorers):
            raise ValueError(
                f"Expected a checkpoint in [0, {len(scorers) - 1}] (got {at.checkpoint}); see 'path'"
            )
        return _each(scorers, [at.checkpoint], z)[0]
    stays = _each(scorers, range(at.plateau[-1] + 1), z)
    score = torch.stack([stays[point] for point in at.plateau]).mean(0)
    if at.size == "core":
        score = torch.minimum(score, _each(scorers, at.sizes[at.size], z).amin(0))
    elif at.size == "all":
        score = torch.maximum(score, _each(scorers, at.sizes[at.size], z).amax(0))
    return ((score > 0.5) + stays.mean(0)) / 2


def _each(scorers: Sequence[NodeScorer], points: Sequence[int], z: Tensor) -> Tensor:
    """Each node's probability at some points of the path ``[P, N]``."""
    with torch.no_grad():
        some = [torch.stack([scorers[i](rows).sigmoid() for i in points]) for rows in in_cache(z)]
    return torch.cat(some, 1)
