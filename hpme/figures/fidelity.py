"""The chart of a size curve: predictions on the best nodes, for every number of them."""

import plotly.graph_objects as go
from torch import Tensor

from hpme.figures.charts import square_root_ticks
from hpme.figures.palette import BLUE, GREEN, ORANGE, PURPLE, VERMILLION
from hpme.metrics import SizeCurve

_LOOKS = {
    "mixed graph, mean of donors": (ORANGE, "diamond", "solid"),
    "subgraph alone": (BLUE, "circle", "solid"),
    "rest alone": (VERMILLION, "square", "dot"),
}


def fidelity_curve(
    curve: SizeCurve, what: str, own: int, truth: int | None, shown: int, *, bits: bool = False
) -> go.Figure:
    """A size curve as a chart.

    Args:
        curve: Result of `hpme.metrics.size_curve`.
        what: What the vertical axis is called.
        own: Size that the explainer chose.
        truth: Size of the ground truth; None where there is none.
        shown: Size of the subgraph that the panels show.
        bits: Whether sizes stand in bits, on a square-root axis, in place of numbers of nodes.

    Returns:
        A figure of up to three lines whose points carry their number of nodes as `customdata`.
    """
    xs = [value**0.5 for value in curve.bits] if bits else [float(size) for size in curve.sizes]
    words = [f"{size} nodes, {value:.1f} bits" for size, value in zip(curve.sizes, curve.bits, strict=True)]
    figure = go.Figure()
    for (name, look), values in zip(_LOOKS.items(), (curve.mix, curve.subgraph, curve.rest), strict=True):
        if values is not None:
            figure.add_trace(_line(name, look, xs, values, words, curve.sizes))
    marks = ((own, "explainer's choice", GREEN, "dash"), (truth, "ground truth", PURPLE, "dot"))
    for place, (size, name, colour, dash) in enumerate(marks):
        if size is not None:
            x = _where(curve, xs, size)
            figure.add_vline(x, line={"color": colour, "dash": dash, "width": 2})
            figure.add_annotation(
                x=x,
                y=1.1 - 0.09 * place,
                yref="paper",
                text=name,
                showarrow=False,
                xanchor="left",
                font={"color": colour, "size": 12},
            )
    figure.add_vrect(*_band(xs, _where(curve, xs, shown)), fillcolor="gray", opacity=0.25, line_width=0)
    axis = {"title": "bits, at most"} | square_root_ticks(xs[-1]) if bits else {"title": "nodes kept"}
    figure.update_layout(
        height=340,
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        legend={"orientation": "h", "y": -0.22, "yanchor": "top", "x": 0},
        xaxis=axis,
        yaxis={"title": what},
        hovermode="closest",
    )
    return figure


def curve_rows(curve: SizeCurve) -> list[dict[str, float]]:
    """A size curve as a table: one row a size."""
    columns = {
        "nodes": [float(size) for size in curve.sizes],
        "bits": curve.bits,
        "subgraph": curve.subgraph.tolist(),
        "rest": curve.rest.tolist(),
        "mix": curve.mix.tolist() if curve.mix is not None else [],
    }
    known = {name: values for name, values in columns.items() if values}
    return [dict(zip(known, row, strict=True)) for row in zip(*known.values(), strict=True)]


def _line(
    name: str, look: tuple[str, str, str], xs: list[float], values: Tensor, words: list[str], sizes: list[int]
) -> go.Scatter:
    colour, symbol, dash = look
    return go.Scatter(
        x=xs,
        y=values.tolist(),
        text=words,
        customdata=sizes,
        name=name,
        mode="lines+markers",
        line={"color": colour, "dash": dash, "width": 1.5},
        marker={"color": colour, "symbol": symbol, "size": 8},
        unselected={"marker": {"opacity": 1}},
        hovertemplate=f"{name}<br>%{{text}}: %{{y:.2f}}<extra></extra>",
    )


def _where(curve: SizeCurve, xs: list[float], size: int) -> float:
    """Place on the axis of the size that is nearest: a large graph's curve leaves some out."""
    return xs[min(range(len(xs)), key=lambda i: abs(curve.sizes[i] - size))]


def _band(xs: list[float], x: float) -> tuple[float, float]:
    half = 0.4 * (xs[-1] - xs[0]) / max(len(xs) - 1, 1)
    return x - half, x + half
