"""Drawings of graphs, and of the picked one's explanations."""

from typing import Any

import streamlit as st
from torch_geometric.data import Data

from hpme import figures
from hpme.method.capacity import Size
from hpme.metrics.forward import logits
from ui.state.explained import method, positions, story
from ui.state.sources import KEYS, Case, classifier, explainer, graph_of, scale, spec

CARD = 170  # pixels; width of a small picture among others


def picture(name: str, number: int, shares: tuple[float, ...] | None) -> str:
    """A small picture of a graph, given by its id, as SVG; `shares` colour its nodes."""
    return _picture(name, graph_of(name, number), shares, look())


@st.cache_data(max_entries=2000, show_spinner=False, hash_funcs=KEYS)
def _picture(name: str, graph: Data, shares: tuple[float, ...] | None, look: figures.Look) -> str:
    places, labels = positions(name, graph), spec(name).node_labels
    return figures.thumbnail(graph, labels, shares, look=look, positions=places)


@st.cache_data(max_entries=2000, show_spinner=False)
def piece_picture(name: str, number: int, nodes: tuple[int, ...], dark: bool, numbers: bool = False) -> str:
    """A small picture of some nodes of a graph of a dataset, given by its id, without the rest, as SVG."""
    graph = graph_of(name, number)
    places = positions(name, graph)
    labels = spec(name).node_labels
    return figures.piece_thumbnail(graph, nodes, labels, dark=dark, numbers=numbers, positions=places)


def answer(name: str, arch: str, number: int) -> figures.Answers:
    """Returns a model's prediction for a graph, given by its id."""
    return _answer(name, arch, graph_of(name, number))


@st.cache_data(max_entries=400, show_spinner=False, hash_funcs=KEYS)
def _answer(name: str, arch: str, graph: Data) -> figures.Answers:
    outputs = logits(classifier(name, arch), [graph])
    return figures.Answers(outputs, spec(name).classes, scale(name, arch))


def grid(cases: tuple[Case, ...], threshold: float | None, raw: tuple[str, ...]) -> dict[str, Any]:
    """The panels of several explainers; `raw` are the titles of those whose raw masks are drawn."""
    return _grid(cases, threshold, raw, look())


@st.cache_data(max_entries=200, show_spinner=False, hash_funcs=KEYS)
def _grid(
    cases: tuple[Case, ...], threshold: float | None, raw: tuple[str, ...], look: figures.Look
) -> dict[str, Any]:
    return figures.grid_data([method(case, threshold) for case in cases], raw, look=look)


def trio(case: Case, hide: bool) -> dict[str, Any]:
    """The panels of the picked graph."""
    return _trio(case, hide, look())


@st.cache_data(max_entries=200, show_spinner=False, hash_funcs=KEYS)
def _trio(case: Case, hide: bool, look: figures.Look) -> dict[str, Any]:
    return figures.trio_data(story(case), show_dropped=not hide, look=look)


def path_chart(case: Case) -> dict[str, Any]:
    """The chart of the capacity path, with the picked step; shown by many, so it is not to be changed."""
    pick = case.pick
    return _path_chart(pick.dataset, pick.model, pick.seed, pick.target, pick.checkpoint)


@st.cache_resource(max_entries=400, show_spinner=False)
def _path_chart(
    name: str, arch: str, seed: int, target: int | None, checkpoint: int | Size | None
) -> dict[str, Any]:
    fitted = explainer(name, arch, seed, target)
    if isinstance(checkpoint, str):
        named = fitted.sizes[checkpoint]
        checkpoint = named[len(named) // 2]
    return figures.capacity_path(fitted.path, fitted.plateau, checkpoint)


def dark() -> bool:
    """Returns whether the page has a dark surface."""
    return st.context.theme.type == "dark"


def structure() -> bool:
    """Returns whether molecules are drawn as such; every page has the one switch for it, or follows it."""
    return _switched("structure", True)


def look() -> figures.Look:
    """Returns how the panels of this page are drawn."""
    return figures.Look(dark(), structure(), _switched("numbers", False))


def _switched(key: str, default: bool) -> bool:
    """A switch of the sidebar, also on a page without one."""
    value = st.session_state.get(key, st.session_state.get("shared", {}).get(key))
    return default if value is None else bool(value)
