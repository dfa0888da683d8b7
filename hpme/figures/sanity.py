"""Whether explanations are true to the model: planted shortcuts, and weights that are drawn anew."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from hpme.figures.palette import BLUE, CLASSES, ORANGE
from hpme.metrics.evaluate import mean

Row = Mapping[str, Any]
_DASHES = ("solid", "dash", "dot")
_PANELS = ("Follows the shortcut, not the old truth", "Changes when the weights do")


def sanity_chart(rows: Sequence[Row], title: Callable[[str], str] = str) -> go.Figure:
    """A chart of two checks, means over datasets.

    Args:
        rows: Those of `benchmarks.sanity`.
        title: How an explainer is called.

    Returns:
        On the left a line for each explainer, from the AUC of the old truth to that of the shortcut; on the
        right its rank correlation with the explanation of the trained model, by how many of that model's
        stages were drawn anew; the last point is of those models alone that have as many.
    """
    figure = make_subplots(1, 2, subplot_titles=_PANELS, horizontal_spacing=0.16)
    _shortcuts(figure, [row for row in rows if row["check"] == "shortcut"], title)
    _weights(figure, [row for row in rows if row["check"] == "weights"], title)
    figure.update_xaxes(title_text="AUC of nodes; ½ is chance", range=[-0.03, 1.03], row=1, col=1)
    figure.update_xaxes(title_text="stages drawn anew, last first", dtick=1, row=1, col=2)
    figure.update_yaxes(title_text="rank correlation with the trained model's", row=1, col=2)
    figure.update_yaxes(autorange="reversed", row=1, col=1)
    return figure.update_layout(height=430, margin={"l": 8, "r": 8, "t": 40, "b": 8}, legend={"y": 0.5})


def _shortcuts(figure: go.Figure, rows: Sequence[Row], title: Callable[[str], str]) -> None:
    names = list(dict.fromkeys(row["explainer"] for row in rows))
    ends = {key: [_mean(rows, name, key) for name in names] for key in ("auc_truth", "auc_shortcut")}
    called = [title(name) for name in names]
    for i, name in enumerate(called):
        span = [ends["auc_truth"][i], ends["auc_shortcut"][i]]
        line = {"color": "#8b95a3", "width": 2}
        figure.add_scatter(
            x=span, y=[name] * 2, mode="lines", line=line, hoverinfo="skip", showlegend=False, row=1, col=1
        )
    looks = ("auc_truth", "old truth", ORANGE, "circle-open"), ("auc_shortcut", "shortcut", BLUE, "circle")
    for key, words, colour, symbol in looks:
        marker = {"color": colour, "symbol": symbol, "size": 11, "line": {"width": 2}}
        hover = f"%{{y}}, {words}: %{{x:.2f}}<extra></extra>"
        figure.add_scatter(
            x=ends[key],
            y=called,
            mode="markers",
            name=words,
            marker=marker,
            hovertemplate=hover,
            row=1,
            col=1,
        )


def _weights(figure: go.Figure, rows: Sequence[Row], title: Callable[[str], str]) -> None:
    for i, name in enumerate(dict.fromkeys(row["explainer"] for row in rows)):
        own = [row for row in rows if row["explainer"] == name]
        xs = sorted({row["depth"] for row in own})
        ys = [mean(row["correlation"] for row in own if row["depth"] == depth) for depth in xs]
        look = {"color": CLASSES[i % len(CLASSES)], "dash": _DASHES[i // len(CLASSES) % len(_DASHES)]}
        hover = f"{title(name)}, %{{x}} drawn anew: %{{y:.2f}}<extra></extra>"
        figure.add_scatter(
            x=xs, y=ys, mode="lines+markers", name=title(name), line=look, hovertemplate=hover, row=1, col=2
        )


def _mean(rows: Sequence[Row], explainer: str, key: str) -> float | None:
    return mean(row[key] for row in rows if row["explainer"] == explainer)
