"""Charts of the atlas: the map of a dataset, and the distances of explainers' inputs from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from hpme.figures.palette import BLUE, CLASSES, GREEN, SKY, VERMILLION

_LOOKS = {"original": "star", "bare subgraph": "triangle-up", "HPME's mix": "diamond"}
_COLOURS = {"original": "#888888", "bare subgraph": VERMILLION, "HPME's mix": GREEN}


@dataclass(frozen=True)
class MapPoints:
    """Graphs of a dataset as points on a map."""

    places: np.ndarray  # [G, 2]
    axes: tuple[str, str]  # their names
    ids: Sequence[int]  # of the graphs; each point carries its own as `customdata`
    labels: Sequence[int] | None  # true classes, where they are known
    predicted: Sequence[int]
    classes: Sequence[str]  # their names; none where numbers are predicted
    item: str = "graph"  # what a point is
    shade: tuple[str, Sequence[float]] | None = None  # what colours it, and of each a number, if it is one
    names: Sequence[str] | None = None  # what to call each, if not by item and id

    def said(self, i: int) -> str:
        """What is known of a point, for plotly, which reads marks of HTML."""
        name = f"{self.item} {self.ids[i]}" if self.names is None else escape(self.names[i])
        known = [] if self.labels is None else [self.classes[self.labels[i]]]
        known += [f"predicted {self.classes[self.predicted[i]]}"] if self.classes else []
        number = f"<br>{self.shade[0]} {self.shade[1][i]:.3g}" if self.shade and len(self.shade[1]) else ""
        return ": ".join([name, *([", ".join(known)] if known else [])]) + number

    def is_right(self) -> np.ndarray:
        """Which ones are predicted as they are labelled, or have no label."""
        predicted = np.array(self.predicted)
        return predicted == (predicted if self.labels is None else np.array(self.labels))


def atlas_map(
    points: MapPoints,
    inputs: Mapping[str, np.ndarray],
    own: Mapping[int, tuple[str, np.ndarray]] = MappingProxyType({}),
    lasso: bool = False,
) -> go.Figure:
    """A map of a dataset as a chart: colour is the class, or a number, and shape tells right from wrong.

    Args:
        points: The graphs.
        inputs: Places ``[2]`` of the inputs made from the chosen graph by name, the graph itself first; the
            others are linked to it.
        own: Title and place ``[2]`` of further graphs, by id.
        lasso: Whether the mouse draws a lasso; else it moves the map, and clicks points.
    """
    graphs = _graphs(points) if points.shade is None else _shaded(points, *points.shade)
    figure = go.Figure([*graphs, *_own(own, points.item), *_inputs(inputs, points.item)])
    figure.update_layout(
        height=560,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": -0.12, "yanchor": "top", "x": 0},
        xaxis={"title": points.axes[0], "zeroline": False},
        yaxis={"title": points.axes[1], "zeroline": False},
        dragmode="lasso" if lasso else "pan",
    )
    return figure


def _graphs(points: MapPoints) -> Iterator[go.Scatter]:
    """A trace for each class, of graphs predicted right or wrong."""
    labels = np.array(points.predicted if points.labels is None else points.labels)
    is_right = points.is_right()
    for label, name in enumerate(points.classes):
        for right in (True, False):
            rows = np.flatnonzero((labels == label) & (is_right == right))
            if len(rows):
                colour = {"color": CLASSES[label % len(CLASSES)]}
                told = f", {'right' if right else 'wrong'}" if points.labels is not None else ""
                yield _points(points, rows, name + told, right, colour)


def _shaded(points: MapPoints, what: str, values: Sequence[float]) -> Iterator[go.Scatter]:
    """A trace of graphs predicted right, and one of those predicted wrong, coloured by a number, if any."""
    is_right, numbers = points.is_right(), np.array(values)
    scale = {"title": {"text": what, "side": "right"}, "thickness": 12, "outlinewidth": 0}
    for right in (True, False):
        rows = np.flatnonzero(is_right == right)
        if not len(rows):
            continue
        colour: dict[str, Any] = {"color": BLUE if right else VERMILLION}
        if len(numbers):
            ends = {"cmin": numbers.min(), "cmax": numbers.max()}
            colour = {"color": numbers[rows], "colorscale": "Cividis", "colorbar": scale, **ends}
        name = f"{points.item}s" if points.labels is None else "right" if right else "wrong"
        yield _points(points, rows, name, right, colour)


def _points(
    points: MapPoints, rows: np.ndarray, name: str, right: bool, colour: Mapping[str, Any]
) -> go.Scatter:
    """Some graphs as one trace, all of them predicted right or all wrong."""
    return go.Scatter(
        x=points.places[rows, 0],
        y=points.places[rows, 1],
        customdata=np.array(points.ids)[rows],
        name=name,
        text=[points.said(i) for i in rows.tolist()],
        mode="markers",
        marker={
            **colour,
            "opacity": 0.65 if right else 1.0,
            "symbol": "circle" if right else "x",
            "size": 6 if right else 9,
        },
        unselected={"marker": {"opacity": 0.35}},
        hovertemplate="%{text}<extra></extra>",
    )


def _own(own: Mapping[int, tuple[str, np.ndarray]], item: str) -> Iterator[go.Scatter]:
    """A trace of further graphs, whose titles are shown as they are."""
    if own:
        places = np.stack([place for _, place in own.values()])
        yield go.Scatter(
            x=places[:, 0],
            y=places[:, 1],
            customdata=[*own],
            name=f"your own {item}s",
            text=[escape(title) for title, _ in own.values()],
            mode="markers",
            marker={
                "symbol": "square",
                "color": VERMILLION,
                "size": 11,
                "line": {"color": "#111111", "width": 1.5},
            },
            unselected={"marker": {"opacity": 0.35}},
            hovertemplate="%{text}<extra></extra>",
        )


def _inputs(inputs: Mapping[str, np.ndarray], item: str) -> Iterator[go.Scatter]:
    """A trace for each input made from the chosen graph, with a line that leads to it."""
    for name, place in inputs.items():
        start = next(iter(inputs.values()))
        yield go.Scatter(
            x=[place[0], start[0]],  # the legend shows the look of the first point
            y=[place[1], start[1]],
            name=f"this {item}: {name}",
            mode="lines+markers",
            line={"color": _COLOURS.get(name, SKY), "width": 2, "dash": "dot"},
            marker={
                "symbol": [_LOOKS.get(name, "square"), "circle"],
                "color": "#FFFFFF" if name == "original" else _COLOURS.get(name, SKY),
                "size": [17, 0],
                "line": {"color": "#111111", "width": 1.5},  # seen among points of every colour
                "opacity": 1,
            },
            hovertemplate=f"{name}<extra></extra>",
        )


def distance_histograms(distances: dict[str, Sequence[float]], item: str = "graph") -> go.Figure:
    """Histograms of distances to the nearest real graph, one for each kind of input, over one axis."""
    top = max(max(values) for values in distances.values())
    bins = {"start": 0, "end": top * 1.001, "size": (top or 1.0) / 40}
    figure = make_subplots(len(distances), 1, shared_xaxes=True, subplot_titles=list(distances))
    for row, (name, values) in enumerate(distances.items(), start=1):
        colour = _COLOURS.get(name, SKY)
        figure.add_histogram(x=values, xbins=bins, name=name, marker_color=colour, row=row, col=1)
    figure.update_layout(height=120 * len(distances) + 60, showlegend=False, margin={"l": 8, "r": 8, "t": 24})
    figure.update_xaxes(title=f"distance to the nearest training {item}", row=len(distances))
    return figure
