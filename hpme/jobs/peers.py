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
    """An explainer that has learnt what it has to."""

    explainer: Explainer
    fit_seconds: float
    graph_seconds: float  # to explain one graph


class ResultCache:
    """What jobs brought, by key, for all sessions; what was not asked for longest goes first."""

    def __init__(self, size: int) -> None:
        self._size, self._lock = size, threading.Lock()
        self._things: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable) -> Any:
        """What lies under a key, or None."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
            return self._things.get(key)

    def put(self, key: Hashable, thing: Any) -> None:
        """Puts a thing under a key."""
        with self._lock:
            self._things[key] = thing
            self._things.move_to_end(key)
            while len(self._things) > self._size:
                self._things.popitem(last=False)


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
        report: Told after each step of a fit, where the explainer counts them, and after some graphs each.
        name: Key of `EXPLAINERS`.
        model: Classifier to be explained.
        seed: Seed of the explainer.
        train: Graphs to fit on; one batch is sent faster than many graphs.
        graphs: Graphs to explain.
        fitted: What an earlier call gave.

    Returns:
        The fitted explainer, and an explanation of each graph, which names its `graph_id`.
    """
    explainer = EXPLAINERS[name].build(model, seed) if fitted is None else fitted.explainer
    start = perf_counter()
    if fitted is None:
        explainer.fit(train.to_data_list(), report)
    fit_seconds = perf_counter() - start if fitted is None else fitted.fit_seconds
    wanted, found, start = graphs.to_data_list(), [], perf_counter()
    for chunk in chunks(wanted, CHUNK):
        for graph, explanation in zip(chunk, explainer.explain_batch(chunk), strict=True):
            explanation.graph_id = int(graph.graph_id)  # a tensor, out of a batch
            found.append(explanation)
        report(len(found), len(wanted))
    return FittedExplainer(explainer, fit_seconds, (perf_counter() - start) / len(wanted)), found
