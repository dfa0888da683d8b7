"""Charts that set explainers side by side; each has its own colour and shape, the same in all charts."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from hpme.explainers import EXPLAINERS
from hpme.figures.palette import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILLION
from hpme.metrics import METRICS

_GREY = "#808080"  # seen on white and on black
_COLOURS = (VERMILLION, GREEN, ORANGE, PURPLE, SKY)
_SHAPES = (
    "circle",
    "square",
    "diamond",
    "triangle-up",
    "cross",
    "x",
    "triangle-down",
    "pentagon",
    "hexagon",
    "bowtie",
    "hourglass",
    "triangle-left",
    "triangle-right",
    "star-square",
    "octagon",
    "hexagram",
    "diamond-wide",
    "star-triangle-up",
    "star-diamond",
)
_SIZE = 11
_OWN = {  # colour, shape and size
    "hpme": (BLUE, "star", 17),
    "ground-truth": (_GREY, "star-open", _SIZE),
    "random": (_GREY, "circle-open", _SIZE),
}
Axis = tuple[str, str]  # measure, title


def looks(names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Colour, shape and size of each explainer's marks, whoever else is there; unknown names come last."""
    others = [name for name in dict.fromkeys([*EXPLAINERS, *names]) if name not in _OWN]
    chosen = {
        name: (_COLOURS[i % len(_COLOURS)], _SHAPES[i % len(_SHAPES)], _SIZE) for i, name in enumerate(others)
    } | _OWN
    return {name: dict(zip(("color", "symbol", "size"), chosen[name], strict=True)) for name in names}


def trade_off(
    table: pd.DataFrame, x: Axis, y: Axis, marks: Mapping[str, dict[str, Any]], log: bool = False
) -> go.Figure:
    """A chart of one measure against another: a mark for each explainer, whiskers of one standard deviation.

    Args:
        table: Lines of `hpme.benchmark.leaderboard.summarise`, by explainer.
        x: Measure and title of the horizontal axis.
        y: Of the vertical axis.
        marks: Result of `looks`.
        log: Whether the horizontal axis is logarithmic; values below .01 are drawn there.
    """
    figure = go.Figure()
    for name, line in _known(table, x[0], y[0]):
        at = max(line[x[0], "mean"], 0.01) if log else line[x[0], "mean"]
        figure.add_scatter(
            x=[at],
            y=[line[y[0], "mean"]],
            name=name,
            mode="markers",
            marker=marks[name],
            error_y=_whisker(line, y[0], marks[name]["color"]),
            error_x=None if log else _whisker(line, x[0], marks[name]["color"]),
            hovertemplate=f"{name}<br>{x[1]}: %{{x:.3g}}<br>{y[1]}: %{{y:.3f}}<extra></extra>",
        )
    return _framed(figure, x[1], y[1], {"type": "log", "dtick": 1} if log else {})


def shift(table: pd.DataFrame, start: Axis, end: Axis, marks: Mapping[str, dict[str, Any]]) -> go.Figure:
    """A chart of how near bare subgraph (hollow) and mixed graph (filled) are to the original graph."""
    figure = go.Figure()
    lines = sorted(_known(table, start[0], end[0]), key=lambda pair: pair[1][end[0], "mean"])
    for name, line in lines:
        look = marks[name]
        figure.add_scatter(
            x=[line[start[0], "mean"], line[end[0], "mean"]],
            y=[name, name],
            name=name,
            mode="lines+markers",
            line={"color": look["color"], "width": 3},
            marker={"color": look["color"], "size": 12, "symbol": ["circle-open", "circle"]},
            hovertemplate=f"{name}: %{{x:.3f}}<extra></extra>",
            showlegend=False,
        )
    for title, symbol in ((start[1], "circle-open"), (end[1], "circle")):
        marker = {"color": _GREY, "size": 12, "symbol": symbol}
        figure.add_scatter(x=[None], y=[None], mode="markers", name=title, marker=marker)
    return _framed(figure, "cosine to the original graph's embedding", "", {})


def ladder(table: pd.DataFrame, x: Axis, marks: Mapping[str, dict[str, Any]] | None = None) -> go.Figure:
    """A chart of one measure: a line for each name, the highest on top, whiskers of one standard deviation.

    Args:
        table: Lines of `hpme.benchmark.leaderboard.summarise`, by one name.
        x: Measure and title.
        marks: Result of `looks`; without it all marks are alike.
    """
    figure = go.Figure()
    for name, line in sorted(_known(table, x[0]), key=lambda pair: pair[1][x[0], "mean"]):
        look: dict[str, Any] = marks[name] if marks else {"color": BLUE, "symbol": "circle", "size": 12}
        figure.add_scatter(
            x=[line[x[0], "mean"]],
            y=[name],
            mode="markers",
            marker=look,
            error_x=_whisker(line, x[0], look["color"]),
            hovertemplate=f"{name}: %{{x:.3f}}<extra></extra>",
            showlegend=False,
        )
    return _framed(figure, x[1], "", {})


def rank_chart(
    ranks: Mapping[str, float], own: str, difference: float, marks: Mapping[str, dict[str, Any]]
) -> go.Figure:
    """A chart of mean ranks, the best on top; a band around one of them holds what is not told apart from it.

    Args:
        ranks: Mean rank by name, the best first.
        own: Name of the one with the band.
        difference: Critical difference; no band where it is NaN.
        marks: Result of `looks`.
    """
    figure = go.Figure()
    for name, value in reversed([*ranks.items()]):
        figure.add_scatter(
            x=[value],
            y=[name],
            mode="markers",
            marker=marks[name],
            hovertemplate=f"{name}: %{{x:.2f}}<extra></extra>",
            showlegend=False,
        )
    if not pd.isna(difference):
        figure.add_vrect(
            ranks[own] - difference, ranks[own] + difference, fillcolor=BLUE, opacity=0.12, line_width=0
        )
    near, far = min(ranks.values()), max(ranks.values())
    return _framed(figure, "mean rank; 1 is best", "", {"range": [near - 0.5, far + 0.5]})


def _known(table: pd.DataFrame, *measures: str) -> list[tuple[str, pd.Series]]:
    """The lines that have all of the measures."""
    return list(table.dropna(subset=[(name, "mean") for name in measures]).iterrows())


def _whisker(line: pd.Series, name: str, colour: str) -> dict[str, Any]:
    """Whiskers of one standard deviation; they end where the measure does."""
    mean, spread = line[name, "mean"], line[name, "std"]
    spread = 0.0 if pd.isna(spread) else spread
    low, high = (METRICS[name].low, METRICS[name].high) if name in METRICS else (-inf, inf)
    up, down = max(min(spread, high - mean), 0.0), max(min(spread, mean - low), 0.0)
    return {"array": [up], "arrayminus": [down], "color": colour, "thickness": 1.2, "width": 4}


def _framed(figure: go.Figure, x: str, y: str, xaxis: dict[str, Any]) -> go.Figure:
    return figure.update_layout(
        height=440,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"itemsizing": "trace", "itemwidth": 30},
        xaxis={"title": x} | xaxis,
        yaxis={"title": y},
    )
