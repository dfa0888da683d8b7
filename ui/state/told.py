"""The picked graph explained: by one explainer, by several, and drawn."""

import copy
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

import numpy as np
import streamlit as st
from torch import Tensor
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import benchmark, figures
from hpme.analysis import gallery
from hpme.analysis.gallery import Card
from hpme.explainers import EXPLAINERS
from hpme.explainers.edge_masks.soft_mix import soft_mix, weighted_logits
from hpme.explainers.sizes import at_size, matched
from ui.state.sources import Pick, classifier, dataset, explainer, graph_of, graphs, scale, spec
from ui.state.work import peer_key, shelf

CARDS_LIMIT = 200  # graphs that are browsed
PATIENCE = 0.5  # seconds; what a page would have to wait longer for is a job


def views(pick: Pick) -> list[Data]:
    """The picked graph, its donor, and the donors that its prediction is tried on."""
    graph, pool = graph_of(pick.dataset, pick.graph), dataset(pick.dataset).test
    if pick.donor is None:
        donor = drawn_donor(pool, graph, pick.draw, pick.seed)
    else:
        donor = graphs(pick.dataset)[pick.donor]
    return [graph, donor, *figures.donors_of(pool, graph, figures.DRAWS, pick.seed)]


def drawn_donor(pool: Sequence[Data], graph: Data, draw: int, seed: int) -> Data:
    """The `draw`-th of a graph's donors; after the last one the first comes again."""
    order = figures.donors_of(pool, graph, len(pool), seed)
    return order[draw % len(order)]


def missing(pick: Pick) -> list[Data]:
    """The graphs that a job has to explain before the pick can be shown; none where that is quick."""
    entry = EXPLAINERS[pick.explainer]
    if entry.reference or entry.one_pass:
        return []
    key = peer_key(pick.dataset, pick.model, pick.explainer, pick.seed)
    fitted, found = shelf().get(key), {graph.graph_id: graph for graph in views(pick)}
    unknown = [graph for number, graph in found.items() if shelf().get((key, number)) is None]
    return [] if fitted and fitted.graph_seconds * len(unknown) < PATIENCE else unknown


def explain(pick: Pick, some: Sequence[Data]) -> list[Explanation]:
    """What the picked explainer says of graphs, in its own masks."""
    entry = EXPLAINERS[pick.explainer]
    if entry.reference:
        return explainer(pick.dataset, pick.model, pick.seed).explain_batch(some, pick.checkpoint)
    if entry.one_pass:
        model = copy.deepcopy(classifier(pick.dataset, pick.model))  # gradients are no matter for sessions
        return entry.build(model, pick.seed).explain_batch(some)
    key = peer_key(pick.dataset, pick.model, pick.explainer, pick.seed)
    unknown = [graph for graph in some if shelf().get((key, graph.graph_id)) is None]
    if unknown:
        found = copy.deepcopy(shelf().get(key).explainer).explain_batch(unknown)
        for graph, explanation in zip(unknown, found, strict=True):
            shelf().put((key, graph.graph_id), explanation)
    return [shelf().get((key, graph.graph_id)) for graph in some]


def hardened(pick: Pick, some: Sequence[Data]) -> list[Explanation]:
    """The same with hard masks of HPME's size, and the first graph's of the picked size, if there is one."""

    def ours(some: Sequence[Data]) -> list[Explanation]:
        return explainer(pick.dataset, pick.model, pick.seed).explain_batch(some, pick.checkpoint)

    if EXPLAINERS[pick.explainer].reference:
        own, *others = ours(some)
    else:
        own, *others = matched(ours, lambda some: explain(pick, some))(some)
    return [own if pick.k is None else at_size(own, pick.k), *others]


@st.cache_data(max_entries=200, show_spinner=False)
def positions(name: str, graph: int) -> np.ndarray:
    """Where the nodes of a graph are drawn."""
    return figures.layout(graph_of(name, graph))


@st.cache_resource(max_entries=400, show_spinner=False)
def native(pick: Pick) -> tuple[Explanation, float]:
    """The picked graph's explanation in the explainer's own masks, and the seconds that it took."""
    start = perf_counter()
    (explanation,) = explain(pick, [graph_of(pick.dataset, pick.graph)])
    return explanation, perf_counter() - start


@st.cache_resource(max_entries=400, show_spinner=False)
def story(pick: Pick) -> figures.Story:
    """The picked graph explained and mixed."""
    graph, donor, *_ = views(pick)
    return figures.tell(
        classifier(pick.dataset, pick.model),
        lambda some: hardened(pick, some),
        graph,
        donor,
        dataset(pick.dataset).test,
        classes=spec(pick.dataset).classes,
        scale=scale(pick.dataset, pick.model),
        labels=spec(pick.dataset).node_labels,
        seed=pick.seed,
        explainer=EXPLAINERS[pick.explainer].title,
        positions=positions(pick.dataset, pick.graph),
    )


def method(pick: Pick, threshold: float | None = None) -> figures.Method:
    """The picked explainer as one of several, cut at a threshold of its own score where there is one."""
    own, seconds = native(replace(pick, k=None))
    if threshold is not None:
        pick = replace(pick, k=int((own.node_score > threshold).sum()))
    fitted = shelf().get(peer_key(pick.dataset, pick.model, pick.explainer, pick.seed))
    fit_seconds = fitted.fit_seconds if fitted else None
    seconds = fitted.graph_seconds if fitted else seconds
    return figures.Method(EXPLAINERS[pick.explainer].title, story(pick), own, seconds, fit_seconds)


@st.cache_resource(max_entries=100, show_spinner=False)
def soft(pick: Pick) -> tuple[Data, Tensor]:
    """Picked graph and donor mixed softly under the explainer's own masks, and the model's output on that."""
    graph, donor, *_ = views(pick)
    ours, theirs = explain(pick, [graph, donor])
    released = EXPLAINERS[pick.explainer].as_released
    mixed = soft_mix(graph, donor, ours.edge_mask, theirs.edge_mask, pick.seed, as_released=released)
    return mixed, weighted_logits(classifier(pick.dataset, pick.model), mixed)


@st.cache_resource(max_entries=16, show_spinner="Explaining the held-out graphs …")
def cards(name: str, arch: str, seed: int, checkpoint: int | None) -> dict[int, Card]:
    """The held-out graphs explained, by id; where there are too many, some drawn once."""
    some = benchmark.draw_graphs(dataset(name).test, CARDS_LIMIT)
    found = explainer(name, arch, seed).explain_batch(some, checkpoint)
    return {card.graph: card for card in gallery.cards(classifier(name, arch), some, found, seed)}
