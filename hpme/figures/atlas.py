"""Charts of the atlas: the map of a dataset, and how far explainers' inputs lie from it."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from hpme.figures.palette import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILLION

_CLASSES = (BLUE, ORANGE, GREEN, PURPLE)
_LOOKS = {"original": "star", "bare subgraph": "triangle-up", "HPME's mix": "diamond"}
_COLOURS = {"original": "#888888", "bare subgraph": VERMILLION, "HPME's mix": GREEN}


def atlas_map(
    places: np.ndarray,
    axes: tuple[str, str],
    ids: Sequence[int],
    labels: Sequence[int],
    said: Sequence[int],
    classes: Sequence[str],
    steps: dict[str, np.ndarray],
    lasso: bool = False,
) -> go.Figure:
    """Draws a map: colour is the class, shape tells right from wrong.

    Args:
        places: Place of each graph ``[G, 2]``.
        axes: Their names.
        ids: Id of each graph, which its point carries as `customdata`.
        labels: True class of each graph.
        said: Predicted class of each graph.
        classes: Names of the classes.
        steps: By name, the places ``[2]`` of what the classifier is shown of the chosen graph, original
            first; the others are linked to it.
        lasso: Whether the mouse draws a lasso; else it moves the map, and clicks points.
    """
    figure = go.Figure()
    for label, name in enumerate(classes):
        for right in (True, False):
            rows = [i for i in range(len(ids)) if labels[i] == label and (said[i] == label) == right]
            if not rows:
                continue
            words = np.array([f"graph {ids[i]}: {name}, predicted {classes[said[i]]}" for i in rows])
            figure.add_scatter(
                **{"x": places[rows, 0], "y": places[rows, 1], "customdata": np.array(ids)[rows]},
                **{"name": f"{name}, {'right' if right else 'wrong'}", "text": words, "mode": "markers"},
                marker={
                    **{"color": _CLASSES[label % len(_CLASSES)], "opacity": 0.65 if right else 1.0},
                    **{"symbol": "circle" if right else "x", "size": 6 if right else 9},
                },
                unselected={"marker": {"opacity": 0.35}},
                hovertemplate="%{text}<extra></extra>",
            )
    for name, place in steps.items():
        start = next(iter(steps.values()))
        figure.add_scatter(
            **{"x": [start[0], place[0]], "y": [start[1], place[1]], "name": f"this graph: {name}"},
            mode="lines+markers",
            line={"color": _COLOURS.get(name, SKY), "width": 2, "dash": "dot"},
            marker={
                "symbol": ["circle", _LOOKS.get(name, "square")],
                **{"color": "#FFFFFF" if name == "original" else _COLOURS.get(name, SKY), "size": [0, 17]},
                "line": {"color": "#111111", "width": 1.5},  # seen among points of every colour
                "opacity": 1,
            },
            hovertemplate=f"{name}<extra></extra>",
        )
    figure.update_layout(
        height=560,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": -0.12, "yanchor": "top", "x": 0},
        xaxis={"title": axes[0], "zeroline": False},
        yaxis={"title": axes[1], "zeroline": False},
        dragmode="lasso" if lasso else "pan",
    )
    return figure


def distance_histograms(distances: dict[str, Sequence[float]]) -> go.Figure:
    """One histogram above the other, on one axis: distances to the nearest real graph, by kind of input."""
    top = max(max(values) for values in distances.values())
    bins = {"start": 0, "end": top * 1.001, "size": (top or 1.0) / 40}
    figure = make_subplots(len(distances), 1, shared_xaxes=True, subplot_titles=list(distances))
    for row, (name, values) in enumerate(distances.items(), start=1):
        colour = _COLOURS.get(name, SKY)
        figure.add_histogram(x=values, xbins=bins, name=name, marker_color=colour, row=row, col=1)
    figure.update_layout(height=120 * len(distances) + 60, showlegend=False, margin={"l": 8, "r": 8, "t": 24})
    figure.update_xaxes(title="distance to the nearest training graph", row=len(distances))
    return figure
