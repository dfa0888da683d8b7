"""A whole graph whose nodes are predicted, as a chart to find a node in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from hpme.figures.palette import BLUE, CLASSES, VERMILLION

COLOURINGS = ("class", "prediction", "right or wrong")
UNLABELLED = "no label"  # the class of a node that has none
SMALL = 1_000  # nodes that have room to be drawn larger
_UNKNOWN = "rgb(128, 140, 155)"
_LINE, _NEAR = "rgba(128, 140, 155, 0.35)", "rgba(0, 114, 178, 0.75)"  # edges: seen on light and on dark


@dataclass(frozen=True)
class WholeGraph:
    """A graph with ``N`` nodes and what a model predicts of each."""

    places: np.ndarray  # [N, 2], with y downwards
    edges: np.ndarray  # [2, E], each once
    labels: np.ndarray  # [N], classes; -1 of a node without a label
    predicted: np.ndarray  # [N]
    classes: Sequence[str]  # their names


def overview(whole: WholeGraph, picked: int, near: np.ndarray, colouring: str = COLOURINGS[0]) -> go.Figure:
    """A whole graph as a chart: a star marks the picked node, rings and blue edges what lies around it.

    Args:
        whole: The graph.
        picked: Number of the picked node.
        near: Numbers of the nodes around it, and of itself ``[n]``.
        colouring: What the colour of a node means; one of `COLOURINGS`.

    Returns:
        A figure whose nodes carry their numbers as `customdata`.
    """
    inside = np.asarray(np.isin(whole.edges, near).all(axis=0))
    figure = go.Figure([_lines(whole, ~inside, _LINE, 0.7), _lines(whole, inside, _NEAR, 1.4)])
    figure.add_traces([*_nodes(whole, colouring)])
    others = near[near != picked]
    rings = {"symbol": "circle-open", "size": 10, "color": BLUE, "line": {"width": 1.6}}
    star = {"symbol": "star", "size": 17, "color": "#FFFFFF", "line": {"color": "#111111", "width": 1.5}}
    figure.add_traces(
        [_marks(whole, others, "seen by the model", rings), _marks(whole, [picked], f"node {picked}", star)]
    )
    axis = {"visible": False, "scaleanchor": None}
    return figure.update_layout(
        height=460,
        margin={"l": 4, "r": 4, "t": 4, "b": 4},
        legend={"orientation": "h", "y": -0.02, "yanchor": "top", "x": 0, "itemsizing": "constant"},
        xaxis=axis,
        yaxis=axis | {"scaleanchor": "x", "autorange": "reversed"},
        dragmode="pan",
        uirevision="whole",  # the view stays while nodes are picked
    )


def _lines(whole: WholeGraph, chosen: np.ndarray, colour: str, width: float) -> go.Scatter:
    """Some edges as one trace."""
    ends = whole.places[whole.edges[:, chosen]]  # [2, e, 2]
    path = np.full((ends.shape[1], 3, 2), np.nan, dtype=np.float32)
    path[:, :2] = ends.transpose(1, 0, 2)
    return go.Scatter(
        x=path[..., 0].ravel(),
        y=path[..., 1].ravel(),
        mode="lines",
        line={"color": colour, "width": width},
        hoverinfo="skip",
        showlegend=False,
    )


def _nodes(whole: WholeGraph, colouring: str) -> Iterator[go.Scatter]:
    """A trace for each class, or of what is right and wrong."""
    names = np.array([*whole.classes, UNLABELLED])  # its place is -1, too
    known, right = whole.labels >= 0, whole.labels == whole.predicted
    groups = [("right", right, BLUE, "circle"), ("wrong", known & ~right, VERMILLION, "x")]
    if colouring != COLOURINGS[2]:
        shown = whole.labels if colouring == COLOURINGS[0] else whole.predicted
        groups = [
            (name, shown == i, CLASSES[i % len(CLASSES)], "circle") for i, name in enumerate(whole.classes)
        ]
    if colouring != COLOURINGS[1] and not known.all():
        groups.append((UNLABELLED, ~known, _UNKNOWN, "circle"))
    for name, chosen, colour, symbol in groups:
        rows = np.flatnonzero(chosen)
        yield go.Scatter(
            x=whole.places[rows, 0],
            y=whole.places[rows, 1],
            customdata=rows,
            text=[
                f"node {row}: {label}, predicted {guess}"
                for row, label, guess in zip(
                    rows.tolist(), names[whole.labels[rows]], names[whole.predicted[rows]], strict=True
                )
            ],
            name=name,
            mode="markers",
            marker={"color": colour, "symbol": symbol, "size": 6 if len(whole.labels) <= SMALL else 4},
            unselected={"marker": {"opacity": 1}},
            hovertemplate="%{text}<extra></extra>",
        )


def _marks(whole: WholeGraph, rows: np.ndarray | list[int], name: str, marker: dict) -> go.Scatter:
    """Marks over some nodes, which leave clicks to these."""
    places = whole.places[rows]
    return go.Scatter(
        x=places[:, 0], y=places[:, 1], name=name, mode="markers", marker=marker, hoverinfo="skip"
    )
