"""The picked graph explained: by one explainer, or as one of several."""

import copy
from collections.abc import Sequence
from functools import partial
from time import perf_counter

import numpy as np
import streamlit as st
from torch import Tensor
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import figures
from hpme.analysis.story import DRAWS, Subject, build_story
from hpme.explainers.base import Explainer, explained
from hpme.explainers.edge_masks.soft_mix import soft_mix, weighted_logits
from hpme.explainers.sizes import at_size, matched
from ui.state.jobs import explained_key, quick_results, result_key, results
from ui.state.sources import KEYS, Case

PATIENCE = 0.5  # seconds; what a page would have to wait longer for is a job


def missing(case: Case) -> list[Data]:
    """The graphs that a job has to explain before the case can be shown; none where that is quick."""
    if case.explainer.reference or case.explainer.one_pass:
        return []
    key = result_key(case)
    fitted = results().get(key)
    needed = {graph.graph_id: graph for graph in (case.graph, case.donor, *case.donors[:DRAWS])}
    unknown = [graph for number, graph in needed.items() if not results().get(explained_key(case, number))]
    return [] if fitted and fitted.graph_seconds * len(unknown) < PATIENCE else unknown


def explain(case: Case, graphs: Sequence[Data], *, timed: bool = False) -> Sequence[Explanation]:
    """The picked explainer's explanations of graphs, with its raw masks.

    Args:
        case: What is picked.
        graphs: What to explain.
        timed: Whether the time is to be that of an explanation: what takes one pass is asked, known or not.
    """
    if case.explainer.reference:
        return explain_with_hpme(case, graphs)
    kept = quick_results() if case.explainer.one_pass else results()
    keys = [explained_key(case, graph.graph_id) for graph in graphs]
    anew = timed and case.explainer.one_pass
    known = {key: None if anew else kept.get(key) for key in keys}
    unknown = {key: graph for key, graph in zip(keys, graphs, strict=True) if known[key] is None}
    if unknown:
        explanations = explained(_explainer(case), [*unknown.values()], case.pick.target)
        for key, explanation in zip(unknown, explanations, strict=True):
            known[key] = explanation
            kept.put(key, explanation)
    return [known[key] for key in keys]


def _explainer(case: Case) -> Explainer:
    """The picked explainer: what writes on the model that sessions share gets a copy, for this call alone.

    What takes one pass writes nothing on it: gradients are those of its inputs.
    """
    if case.explainer.one_pass:
        return case.explainer.build(case.model, case.pick.seed)
    return copy.deepcopy(results().get(result_key(case)).explainer)


def explain_with_hpme(case: Case, graphs: Sequence[Data]) -> Sequence[Explanation]:
    """HPME's explanations of graphs, at the picked place on its capacity path."""
    return case.hpme.explain_batch(graphs, **case.pick.place)


def explain_hard(case: Case, graphs: Sequence[Data]) -> Sequence[Explanation]:
    """The picked explainer's explanations of graphs with hard masks of HPME's size.

    The first graph's has the picked size, where one is picked.
    """
    if case.explainer.reference:
        first, *others = explain_with_hpme(case, graphs)
    else:
        first, *others = matched(
            lambda graphs: explain_with_hpme(case, graphs), lambda graphs: explain(case, graphs)
        )(graphs)
    return [first if case.pick.k is None else at_size(first, case.pick.k), *others]


@st.cache_data(max_entries=2000, show_spinner=False, hash_funcs=KEYS)
def positions(dataset: str, graph: Data) -> np.ndarray:
    """Returns the positions of the nodes of a graph of a dataset, given by its name, or for its models."""
    return figures.layout(graph)


@st.cache_resource(max_entries=400, show_spinner=False, hash_funcs=KEYS)
def raw_explanation(case: Case) -> tuple[Explanation, float]:
    """The picked graph's explanation with the explainer's raw masks, and the seconds that it took."""
    start = perf_counter()
    (explanation,) = explain(case, [case.graph], timed=True)
    return explanation, perf_counter() - start


def refusal(case: Case) -> str:
    """Why the picked explainer cannot explain the picked graph, in one sentence; empty if it can."""
    try:
        (story if case.explainer.reference else raw_explanation)(case)
    except ValueError as error:
        return str(error.args[0])
    return ""


@st.cache_resource(max_entries=400, show_spinner=False, hash_funcs=KEYS)
def story(case: Case) -> figures.Story:
    """The picked graph explained and mixed."""
    spec = case.dataset.spec
    subject = Subject(
        case.model,
        case.graph,
        case.donor,
        case.donors,
        spec.classes,
        spec.node_labels,
        case.scale,
        case.pick.seed,
        case.pick.target,
    )
    return build_story(
        subject,
        lambda graphs: explain_hard(case, graphs),
        case.explainer.title,
        partial(positions, case.pick.dataset),
    )


def method(case: Case, threshold: float | None = None) -> figures.Method:
    """The picked explainer as one of several, cut at a threshold of its own score where there is one."""
    raw, seconds = raw_explanation(case.vary(k=None))
    if threshold is not None:
        case = case.vary(k=int((raw.node_score > threshold).sum()))
    fitted = results().get(result_key(case))
    fit_seconds = fitted.fit_seconds if fitted else None
    seconds = fitted.graph_seconds if fitted else seconds
    return figures.Method(case.explainer.title, story(case), raw, seconds, fit_seconds)


@st.cache_resource(max_entries=100, show_spinner=False, hash_funcs=KEYS)
def soft(case: Case) -> tuple[Data, Tensor]:
    """Picked graph and donor mixed under the explainer's raw masks, and the model's output on that mix."""
    graph, donor = case.graph, case.donor
    own, other = explain(case, [graph, donor])
    released = case.explainer.as_released
    mixed = soft_mix(graph, donor, own.edge_mask, other.edge_mask, case.pick.seed, as_released=released)
    return mixed, weighted_logits(case.model, mixed)
