"""Explainers compared in tables and a chart: by node, by edge, by metric, and by agreement."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from hpme.figures.grid import Method
from hpme.figures.networks import weight_of
from hpme.figures.palette import SKY
from hpme.metrics import METRICS, votes

Rows = list[dict[str, Any]]
_INK = "#1B2430"  # read on every colour of the matrix, in both themes


def node_rows(methods: Sequence[Method]) -> Rows:
    """A row for each node: ground truth, votes, and for each method whether it is kept and its score."""
    scene = methods[0].story.scene
    count, truth = votes([method.keep for method in methods]).tolist(), scene.ground_truth
    return [
        {"node": scene.name(node).removeprefix("node "), "kept by": count[node]}
        | ({} if truth is None else {"ground truth": bool(truth[node])})
        | {f"{method.title}, kept": bool(method.keep[node]) for method in methods}
        | {f"{method.title}, score": float(method.raw.node_score[node]) for method in methods}
        for node in range(scene.size)
    ]


def edge_rows(methods: Sequence[Method]) -> Rows:
    """A row for each undirected edge: its ends, whether both are true, and its score by each method."""
    scene = methods[0].story.scene
    truth, edge_index = scene.ground_truth, scene.graph.edge_index
    scores = {method.title: weight_of(edge_index, method.raw.edge_score) for method in methods}
    names = [scene.name(node).removeprefix("node ") for node in range(scene.size)]
    return [
        {"edge": f"{names[u]} – {names[v]}"}
        | ({} if truth is None else {"ground truth": bool(truth[u] and truth[v])})
        | {title: score[u, v] for title, score in scores.items()}
        for u, v in weight_of(edge_index, methods[0].raw.edge_score)
    ]


def method_rows(methods: Sequence[Method]) -> Rows:
    """A row for each method: its size, its metrics on this graph, and its times."""
    return [
        {"explainer": method.title, "nodes kept": int(method.keep.sum())}
        | {METRICS[name].title: value for name, value in method.values.items()}
        | {"fit, s": method.fit_seconds, "explain, ms": 1000 * method.seconds}
        for method in methods
    ]


def agreement_chart(titles: Sequence[str], table: Sequence[Sequence[float | None]], low: float) -> go.Figure:
    """A matrix of agreement as a chart, each cell with its number, so that nothing rests on colour alone.

    Args:
        titles: Names of rows and columns.
        table: Values from `low` to 1; None where there is none.
        low: The least that a value can be.
    """
    words = [["–" if value is None else f"{value:.2f}" for value in row] for row in table]
    figure = go.Figure(
        go.Heatmap(
            z=table,
            x=titles,
            y=titles,
            text=words,
            texttemplate="%{text}",
            textfont={"color": _INK, "size": 13},
            zmin=low,
            zmax=1,
            showscale=False,
            xgap=2,
            ygap=2,
            colorscale=[[0, "#F4F6F9"], [1, SKY]],
            hovertemplate="%{y} and %{x}: %{text}<extra></extra>",
        )
    )
    height = 90 + 34 * len(titles)
    return figure.update_layout(
        height=height, margin={"l": 8, "r": 8, "t": 8, "b": 8}, yaxis={"autorange": "reversed"}
    )
