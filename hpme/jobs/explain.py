"""The work of a job that explains graphs by an explainer that has to be fitted first, or takes its time."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from torch import nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.explainers import EXPLAINERS
from hpme.explainers.base import Explainer, explained
from hpme.forward.packed import chunks
from hpme.jobs.own_dataset import Sent, received
from hpme.jobs.worker import Report

CHUNK = 8  # graphs explained between two reports


@dataclass(frozen=True)
class FittedExplainer:
    """An explainer that is ready to explain, and the time that it takes."""

    explainer: Explainer
    fit_seconds: float
    graph_seconds: float  # to explain one graph


def fit_and_explain(
    report: Report,
    name: str,
    model: nn.Module,
    seed: int,
    train: Sent,
    graphs: Sequence[Data],
    fitted: FittedExplainer | None = None,
    target: int | None = None,
) -> tuple[FittedExplainer, list[Explanation]]:
    """Fits an explainer, unless it is fitted, and explains graphs.

    Args:
        report: Called after each step of the fit, if the explainer learns, and after every few graphs.
        name: Key of `EXPLAINERS`.
        model: Model to be explained.
        seed: Seed of the explainer.
        train: Graphs to fit on, see `hpme.jobs.own_dataset.as_sent`.
        graphs: Graphs to explain.
        fitted: Fitted explainer of an earlier call.
        target: The class to explain; None: of each graph the predicted one.

    Returns:
        The fitted explainer, and an explanation of each graph with its `graph_id`.
    """
    if fitted is None:
        explainer, start = EXPLAINERS[name].build(model, seed), perf_counter()
        explainer.fit(received(train), report)
        fit_seconds = perf_counter() - start
    else:
        explainer, fit_seconds = fitted.explainer, fitted.fit_seconds
    explanations, start = list[Explanation](), perf_counter()
    for chunk in chunks(graphs, CHUNK):
        for graph, explanation in zip(chunk, explained(explainer, chunk, target), strict=True):
            explanation.graph_id = graph.graph_id
            explanations.append(explanation)
        report(len(explanations), len(graphs))
    graph_seconds = (perf_counter() - start) / len(graphs)
    return FittedExplainer(explainer, fit_seconds, graph_seconds), explanations
