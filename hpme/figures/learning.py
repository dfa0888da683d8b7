"""Charts of training: a model epoch by epoch, an explainer step by step."""

from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from hpme.figures.palette import BLUE, GREEN, ORANGE, PURPLE, VERMILLION

Curve = Sequence[dict[str, float]]


def training_curves(curve: Curve, epochs: int, measure: str) -> go.Figure:
    """A chart of loss and scores over the epochs of a training.

    Args:
        curve: What `hpme.classifiers.train_classifier` tells so far: ``loss``, ``train`` and ``val``.
        epochs: Number of epochs when it is over.
        measure: What the scores are: accuracy, or R².

    Returns:
        Two charts side by side over one axis of epochs.
    """
    figure = make_subplots(1, 2, subplot_titles=("Loss", measure))
    xs = list(range(1, len(curve) + 1))
    for place, key, name, colour, dash in (
        (1, "loss", "loss", VERMILLION, "solid"),
        (2, "train", "training graphs", BLUE, "dot"),
        (2, "val", "validation graphs", ORANGE, "solid"),
    ):
        ys = [point[key] for point in curve]
        figure.add_scatter(x=xs, y=ys, name=name, line={"color": colour, "dash": dash}, row=1, col=place)
    figure.update_xaxes(title="epoch", range=[1, max(epochs, 2)])
    top = max(1.0, *(point[key] for point in curve for key in ("train", "val"))) if curve else 1.0
    low = min(0.0, *(point["val"] for point in curve)) if curve else 0.0
    figure.update_yaxes(range=[max(low, -1), top * 1.03], col=2)
    return _laid_out(figure)


def fit_curves(curve: Curve, steps: int) -> go.Figure:
    """A chart of objective, capacity and predictions over the steps of HPME's fit.

    Args:
        curve: What `hpme.jobs.own_dataset.fit_work` tells so far: ``step``, ``loss``, ``price`` and
            ``share``, at checkpoints also ``bits`` and ``kept``.
        steps: Number of steps when it is over.

    Returns:
        Three charts side by side over one axis of steps.
    """
    figure = make_subplots(1, 3, subplot_titles=("Objective", "Capacity, bits", "Nodes and predictions"))
    points = [point for point in curve if "kept" in point]
    objective = [point["loss"] + point["price"] * point["share"] for point in curve]
    for place, steps_shown, ys, name, colour, dash in (
        (1, curve, objective, "loss + price × share", VERMILLION, "solid"),
        (2, points, [point["bits"] for point in points], "bits kept", PURPLE, "solid"),
        (3, points, [point["kept"] for point in points], "predictions that hold", GREEN, "solid"),
        (3, points, [point["share"] for point in points], "nodes kept", BLUE, "dot"),
    ):
        xs = [point["step"] for point in steps_shown]
        figure.add_scatter(x=xs, y=ys, name=name, line={"color": colour, "dash": dash}, row=1, col=place)
    figure.update_xaxes(title="step", range=[0, max(steps, 1)])
    figure.update_yaxes(rangemode="tozero", col=2)
    figure.update_yaxes(range=[0, 1.03], tickformat=".0%", col=3)
    return _laid_out(figure)


def _laid_out(figure: go.Figure) -> go.Figure:
    return figure.update_layout(
        height=280,
        margin={"l": 8, "r": 8, "t": 32, "b": 8},
        legend={"orientation": "h", "y": -0.3, "yanchor": "top", "x": 0},
    )
