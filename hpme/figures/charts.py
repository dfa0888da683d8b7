"""Charts that are not networks, with plotly."""

from collections.abc import Sequence
from typing import Protocol

import plotly.graph_objects as go

from hpme.figures.palette import BLUE, ORANGE, VERMILLION


class PathPoint(Protocol):
    """A checkpoint of the capacity path."""

    @property
    def bits(self) -> float:
        """Mean capacity of the kept subgraphs."""

    @property
    def kept(self) -> float:
        """Share of predictions kept on mixed graphs."""

    @property
    def share(self) -> float:
        """Mean share of nodes kept."""


def capacity_path(path: Sequence[PathPoint], plateau: Sequence[int], current: int | None) -> go.Figure:
    """Bits kept against predictions kept along the capacity path: a rate-distortion curve.

    Args:
        path: Checkpoints, from nearly the whole graph to nothing.
        plateau: Indices of HPME's own choice.
        current: Index of the checkpoint that is shown; None for HPME's own choice.

    Returns:
        A figure whose first trace has one point a checkpoint, in order.
    """
    words = [
        f"step {i}: {point.share:.0%} of the nodes,<br>{point.bits:.1f} bits, {point.kept:.0%} of predictions"
        for i, point in enumerate(path)
    ]
    xs, ys = [point.bits for point in path], [point.kept for point in path]
    figure = go.Figure()
    figure.add_scatter(
        **{"x": xs, "y": ys, "text": words, "mode": "lines+markers", "name": "steps of the path"},
        line={"color": BLUE, "width": 2},
        marker={"size": 7},
        hovertemplate="%{text}<extra></extra>",
    )
    shown = plateau if current is None else [current]
    marks = (
        (plateau, "diamond", ORANGE, 9, "HPME's choice"),
        (shown, "circle-open", VERMILLION, 15, "shown"),
    )
    for indices, symbol, colour, size, name in marks:
        figure.add_scatter(
            **{"x": [xs[i] for i in indices], "y": [ys[i] for i in indices], "mode": "markers", "name": name},
            marker={"symbol": symbol, "color": colour, "size": size, "line": {"width": 2}},
            hoverinfo="skip",
        )
    figure.update_layout(
        height=230,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis_title="bits kept, on average",
        yaxis={"title": "predictions kept", "tickformat": ".0%"},
    )
    return figure
