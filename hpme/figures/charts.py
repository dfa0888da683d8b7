"""The chart of a capacity path as plain values, as a table and in words too."""

from collections.abc import Sequence
from math import ceil, floor
from typing import Any, Protocol

_TICKS = (0, 5, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
_STEPS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2)  # between ticks of shares
_APART = 0.055  # of the axis: ticks that are nearer would lie on each other


class PathPoint(Protocol):
    """A checkpoint of the capacity path."""

    @property
    def bits(self) -> float:
        """Mean capacity of the kept subgraphs."""

    @property
    def kept(self) -> float:
        """Share of predictions that hold in mixed graphs."""

    @property
    def share(self) -> float:
        """Mean share of nodes kept."""


def capacity_path(path: Sequence[PathPoint], plateau: Sequence[int], current: int | None) -> dict[str, Any]:
    """Bits kept against predictions that hold along the capacity path: a rate-distortion curve.

    Args:
        path: Checkpoints, from nearly the whole graph to nothing.
        plateau: Indices of HPME's own choice.
        current: Index of the checkpoint that is shown; None for HPME's own choice.

    Returns:
        Plain values for JSON: the ``points`` in order, with their ``words``; ``choice`` and ``shown``,
        indices of points; the ticks ``across`` and ``up``, values and texts; ``alt``, the chart in
        words. Bits stand on a square-root axis, as they grow with the square of the number of nodes.
    """
    points = [
        {
            "x": point.bits**0.5,
            "y": point.kept,
            "words": f"step {i}: {point.share:.0%} of the nodes, {point.bits:.1f} bits; "
            f"{point.kept:.0%} of predictions hold",
        }
        for i, point in enumerate(path)
    ]
    ticks = square_root_ticks(max(point.bits for point in path) ** 0.5)
    low = min(point.bits for point in path) ** 0.5
    across = zip(ticks["tickvals"], map(str, ticks["ticktext"]), strict=True)
    return {
        "points": points,
        "choice": list(plateau),
        "shown": [] if current is None else [current],
        "across": [tick for tick in across if tick[0] >= low],
        "up": _share_ticks([point.kept for point in path]),
        "alt": path_words(path, plateau),
    }


def _share_ticks(values: Sequence[float]) -> list[tuple[float, str]]:
    """At most six round shares from the least to the largest of some, or just above, with their texts."""
    low, high = min(values), max(values)
    step = next((step for step in _STEPS if high - low <= 5 * step), 0.2)
    first, last = ceil(low / step - 1e-9), floor(high / step + 0.2)
    digits = 1 if step < 0.01 else 0
    return [(n * step, f"{n * step:.{digits}%}") for n in range(first, last + 1)]


def path_rows(path: Sequence[PathPoint]) -> list[dict[str, float]]:
    """A capacity path as a table: one row a step, shares in ``[0, 1]``."""
    return [
        {"step": i, "nodes kept": point.share, "bits": point.bits, "predictions that hold": point.kept}
        for i, point in enumerate(path)
    ]


def path_words(path: Sequence[PathPoint], plateau: Sequence[int]) -> str:
    """The chart of a capacity path in one sentence."""
    own = path[plateau[len(plateau) // 2]]
    return (
        f"Capacity path of {len(path)} steps, from {path[0].bits:.0f} to {path[-1].bits:.0f} bits; "
        f"at HPME's choice, about {own.bits:.0f} bits, {own.kept:.0%} of predictions hold."
    )


def square_root_ticks(end: float) -> dict[str, Any]:
    """Ticks of an axis of square roots, with the plain numbers as their text."""
    ticks: list[int] = []
    for tick in (tick for tick in _TICKS if tick**0.5 <= end):
        if not ticks or tick**0.5 - ticks[-1] ** 0.5 > _APART * end:
            ticks.append(tick)
    return {"tickvals": [tick**0.5 for tick in ticks], "ticktext": ticks}
