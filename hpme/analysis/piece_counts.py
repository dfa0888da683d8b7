"""Kept pieces of many graphs, counted: the commonest first, each with the graphs of which it is kept."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hpme.analysis.overall import KeptPart, KeptPiece
from hpme.analysis.shapes import Shape


@dataclass(frozen=True)
class PieceCount:
    """A piece, and the graphs of which it is kept."""

    shape: Shape
    parts: tuple[KeptPart, ...]  # in the order of the graphs
    alone: int  # graphs of which nothing else is kept
    times: int  # how often it is kept; a graph may have it twice
    adds: float  # mean over those times, see `KeptPiece`
    example: tuple[int, tuple[int, ...]]  # id of a graph, and the piece's nodes in it

    @property
    def graphs(self) -> list[int]:
        """Ids of the graphs."""
        return [part.card.graph for part in self.parts]

    @property
    def wrong(self) -> int:
        """How many of the graphs are predicted wrong."""
        return sum(part.right is False for part in self.parts)

    @property
    def predicted(self) -> Counter[int]:
        """How many of the graphs are predicted as each class; none in a regression."""
        return Counter(part.predicted for part in self.parts if part.predicted is not None)

    @property
    def holds(self) -> float | None:
        """Mean share of mixed graphs that keep the prediction; None where nothing can be mixed."""
        shares = [share for part in self.parts if (share := part.card.values["kept_on_mix"]) is not None]
        return sum(shares) / len(shares) if shares else None


def count_pieces(parts: Sequence[KeptPart], shapes: Sequence[Shape]) -> list[PieceCount]:
    """Returns each piece that is kept of any of the graphs, with these, the commonest first.

    Args:
        parts: First result of `kept_parts`, or some of it.
        shapes: Second result.
    """
    by_shape: dict[int, list[tuple[KeptPart, KeptPiece]]] = {}
    for part in parts:
        for piece in part.pieces:
            by_shape.setdefault(piece.shape, []).append((part, piece))
    counts = [_count(shapes[number], pairs) for number, pairs in by_shape.items()]
    return sorted(counts, key=lambda count: (-len(count.parts), -count.times, count.shape.name))


def count_rows(counts: Sequence[PieceCount], classes: Sequence[str]) -> list[dict[str, Any]]:
    """Returns a row of a table for each piece; `classes` are the names of those that are predicted."""
    return [
        {
            "piece": count.shape.name,
            "words": count.shape.words,
            "nodes": len(count.example[1]),
            "graphs": len(count.parts),
            "alone": count.alone,
            "times": count.times,
            "wrong": count.wrong,
            "holds_in_mixes": count.holds,
            "adds": count.adds,
            **{f"predicted {name}": count.predicted[number] for number, name in enumerate(classes)},
            "example": count.example[0],
        }
        for count in counts
    ]


def extents(parts: Sequence[KeptPart]) -> Mapping[str, list[KeptPart]]:
    """Returns the graphs of which a part, everything or nothing is kept."""
    return {
        extent: [part for part in parts if part.card.extent == extent]
        for extent in ("part", "everything", "nothing")
    }


def _count(shape: Shape, pairs: Sequence[tuple[KeptPart, KeptPiece]]) -> PieceCount:
    owners = {part.card.graph: part for part, _ in pairs}
    first, piece = pairs[0]
    return PieceCount(
        shape=shape,
        parts=tuple(owners.values()),
        alone=sum(len(part.pieces) == 1 for part in owners.values()),
        times=len(pairs),
        adds=sum(piece.adds for _, piece in pairs) / len(pairs),
        example=(first.card.graph, piece.nodes),
    )
