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


def capacity_path(path: Sequence[PathPoint], chosen: int, current: int) -> go.Figure:
    """Bits kept against predictions kept along the capacity path: a rate-distortion curve.

    Args:
        path: Checkpoints, from nearly the whole graph to nothing.
        chosen: Index of HPME's own choice.
        current: Index of what is shown.

    Returns:
        A figure whose first trace has one point a checkpoint, in order.
    """
    figure = go.Figure()
    words = [
        f"step {i}: {point.share:.0%} of the nodes,<br>{point.bits:.1f} bits, {point.kept:.0%} of predictions"
        for i, point in enumerate(path)
    ]
    hover = "%{text}<extra></extra>"
    xs, ys = [point.bits for point in path], [point.kept for point in path]
    line = {"color": BLUE, "width": 2}
    figure.add_scatter(
        x=xs, y=ys, text=words, hovertemplate=hover, mode="lines+markers", line=line, name="checkpoints"
    )
    marks = ((chosen, "star", ORANGE, "HPME's choice"), (current, "circle-open", VERMILLION, "shown"))
    for index, symbol, colour, name in marks:
        marker = {
            "size": 15,
            "symbol": symbol,
            "color": colour,
            "line": {"width": 2.5 if "open" in symbol else 1},
        }
        figure.add_scatter(
            x=[xs[index]], y=[ys[index]], mode="markers", marker=marker, name=name, hoverinfo="skip"
        )
    figure.update_layout(
        height=230,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis_title="bits kept, on average",
        yaxis={"title": "predictions kept", "tickformat": ".0%"},
    )
    return figure
