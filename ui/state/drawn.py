"""What is drawn of graphs and of the picked one's explanations."""

from typing import Any

import streamlit as st

from hpme import figures
from hpme.metrics.forward import logits
from ui.state.sources import Pick, classifier, graph_of, scale, spec
from ui.state.told import method, positions, story

CARD = 170  # pixels; width of a small picture among others


@st.cache_data(max_entries=2000, show_spinner=False)
def picture(name: str, graph: int, shares: tuple[float, ...] | None, dark: bool) -> str:
    """A small picture of a graph, as SVG; `shares` colour its nodes."""
    places, labels = positions(name, graph), spec(name).node_labels
    data = graph_of(name, graph)
    return figures.thumbnail(data, labels, shares, dark=dark, positions=places)


@st.cache_data(max_entries=400, show_spinner=False)
def answer(name: str, arch: str, graph: int) -> figures.Answers:
    """What a classifier says of a graph."""
    outputs = logits(classifier(name, arch), [graph_of(name, graph)])
    return figures.Answers(outputs, spec(name).classes, scale(name, arch))


@st.cache_data(max_entries=200, show_spinner=False)
def grid(picks: tuple[Pick, ...], threshold: float | None, masks: tuple[str, ...]) -> dict[str, Any]:
    """The panels of several explainers; `masks` are the titles of those whose own masks are drawn."""
    return figures.grid_data([method(pick, threshold) for pick in picks], masks)


@st.cache_data(max_entries=200, show_spinner=False)
def trio(pick: Pick, hide: bool, structure: bool) -> dict[str, Any]:
    """The panels of the picked graph."""
    return figures.trio_data(story(pick), show_dropped=not hide, structure=structure)


def dark() -> bool:
    """Whether the page has a dark surface."""
    return st.context.theme.type == "dark"
