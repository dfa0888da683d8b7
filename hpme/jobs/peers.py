"""Peers beside HPME: what has to run before they answer."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from torch import nn
from torch_geometric.data import Batch
from torch_geometric.explain import Explanation

from hpme.explainers import EXPLAINERS
from hpme.explainers.base import Explainer
from hpme.forward.packed import chunks
from hpme.jobs.worker import Report

CHUNK = 8  # graphs explained between two reports


@dataclass(frozen=True)
class FittedExplainer:
    """An explainer that is fitted, and what that and explaining took."""

    explainer: Explainer
    fit_seconds: float
    graph_seconds: float  # to explain one graph


class ResultCache:
    """Results of jobs by key, shared by all sessions; the one unused for longest is dropped first."""

    def __init__(self, size: int) -> None:
        self._size, self._lock = size, threading.Lock()
        self._results: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable) -> Any:
        """Returns the result under a key, or None."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
            return self._results.get(key)

    def put(self, key: Hashable, result: Any) -> None:
        """Stores a result under a key."""
        with self._lock:
            self._results[key] = result
            self._results.move_to_end(key)
            while len(self._results) > self._size:
                self._results.popitem(last=False)


def fit_and_explain(
    report: Report,
    name: str,
    model: nn.Module,
    seed: int,
    train: Batch,
    graphs: Batch,
    fitted: FittedExplainer | None = None,
) -> tuple[FittedExplainer, list[Explanation]]:
    """Fits an explainer, unless it is fitted, and explains graphs: the work of a job.

    Args:
        report: Called after each step of the fit, if the explainer counts them, and after every few graphs.
        name: Key of `EXPLAINERS`.
        model: Model to be explained.
        seed: Seed of the explainer.
        train: Graphs to fit on; one batch is sent faster than many graphs.
        graphs: Graphs to explain.
        fitted: Fitted explainer of an earlier call.

    Returns:
        The fitted explainer, and an explanation of each graph, which names its `graph_id`.
    """
    explainer = EXPLAINERS[name].build(model, seed) if fitted is None else fitted.explainer
    start = perf_counter()
    if fitted is None:
        explainer.fit(train.to_data_list(), report)
    fit_seconds = perf_counter() - start if fitted is None else fitted.fit_seconds
    wanted, explained, start = graphs.to_data_list(), [], perf_counter()
    for chunk in chunks(wanted, CHUNK):
        for graph, explanation in zip(chunk, explainer.explain_batch(chunk), strict=True):
            explanation.graph_id = int(graph.graph_id)  # a tensor, out of a batch
            explained.append(explanation)
        report(len(explained), len(wanted))
    return FittedExplainer(explainer, fit_seconds, (perf_counter() - start) / len(wanted)), explained
