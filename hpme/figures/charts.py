"""The chart of a capacity path, as a table and in words too."""

from collections.abc import Sequence
from typing import Any, Protocol

import plotly.graph_objects as go

from hpme.figures.palette import BLUE, ORANGE, SKY, VERMILLION

_TICKS = (0, 5, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
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


def capacity_path(path: Sequence[PathPoint], plateau: Sequence[int], current: int | None) -> go.Figure:
    """A chart of bits kept against predictions that hold along the capacity path: a rate-distortion curve.

    Args:
        path: Checkpoints, from nearly the whole graph to nothing.
        plateau: Indices of HPME's own choice.
        current: Index of the checkpoint that is shown; None for HPME's own choice.

    Returns:
        A figure whose first trace has one point a checkpoint, in order. Bits stand on a square-root axis,
        as they grow with the square of the number of nodes.
    """
    words = [
        f"step {i}: {point.share:.0%} of the nodes, {point.bits:.1f} bits;"
        f"<br>{point.kept:.0%} of predictions hold"
        for i, point in enumerate(path)
    ]
    xs = [point.bits**0.5 for point in path]
    figure = go.Figure().add_scatter(
        x=xs,
        y=[point.kept for point in path],
        text=words,
        name="steps of the path",
        mode="lines+markers",
        line={"color": SKY, "width": 1},
        marker={"size": 7, "color": BLUE},
        hovertemplate="%{text}<extra></extra>",
    )
    diamond = {"symbol": "diamond", "color": ORANGE, "size": 10}
    _mark(figure, plateau, "HPME's choice: the mean of these steps", diamond)
    if current is not None:
        ring = {"symbol": "circle-open", "color": VERMILLION, "size": 16, "line": {"width": 3}}
        _mark(figure, [current], "shown", ring)
    span = max(figure.data[0].y) - min(figure.data[0].y)
    figure.update_layout(
        height=230,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={"title": "bits kept, on average"} | square_root_ticks(max(xs)),
        yaxis={"title": "predictions that hold", "tickformat": ".0%" if span > 0.04 else ".1%"},
    )
    return figure


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


def _mark(figure: go.Figure, indices: Sequence[int], name: str, marker: dict[str, Any]) -> None:
    curve = figure.data[0]
    xs, ys = [curve.x[i] for i in indices], [curve.y[i] for i in indices]
    figure.add_scatter(x=xs, y=ys, mode="markers", name=name, marker=marker, hoverinfo="skip")


def square_root_ticks(end: float) -> dict[str, Any]:
    """Ticks of an axis of square roots, with the plain numbers as their text."""
    ticks: list[int] = []
    for tick in (tick for tick in _TICKS if tick**0.5 <= end):
        if not ticks or tick**0.5 - ticks[-1] ** 0.5 > _APART * end:
            ticks.append(tick)
    return {"tickvals": [tick**0.5 for tick in ticks], "ticktext": ticks}
