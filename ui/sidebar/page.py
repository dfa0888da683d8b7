"""The sidebar of a page about one graph, or about many."""

from collections.abc import Sequence

import streamlit as st

from hpme.explainers import REFERENCE
from ui import fitting, own_link, state, theme
from ui.plain import code
from ui.sidebar.carried import holds, share, take_over
from ui.sidebar.graph import pick_graph
from ui.sidebar.model import matching, pick_filters, pick_look, pick_model
from ui.sidebar.size import pick_explainer, pick_seed, pick_size, pick_target, pick_views
from ui.state import Pick

_AUTOMATIC = (None, None, None, 0)  # checkpoint, number of nodes, donor, draw


def pick(
    *, one_explainer: bool = True, own_views: bool = True, any_class: bool = False, below: bool = False
) -> Pick:
    """Shows the sidebar and returns what is picked; warns if the address asks for what does not exist.

    Args:
        one_explainer: Whether the page is about one explainer, to be picked here; else it is HPME.
        own_views: Whether size and donor are to be picked here, too; else they are automatic.
        any_class: Whether the class to explain is to be picked here, too; else it is the predicted one.
        below: Whether the page itself shows, below its panels, the slider of the size and the button for
            another donor: by `show_size` and `show_resample`.
    """
    asked = st.session_state.setdefault("asked", st.query_params.to_dict())
    take_over()
    with st.sidebar:
        dataset, model = pick_model()
    own_link.take(dataset, model)
    with st.sidebar:
        graph = pick_graph(dataset, model)
    _ready(dataset, model, [graph], state.seeds(dataset, model)[0])
    with st.sidebar:
        target = pick_target(dataset, model, graph) if any_class else None
        explainer = pick_explainer(dataset) if one_explainer else REFERENCE
        seed = pick_seed(dataset, model)
    if not _ready(dataset, model, [graph], seed, target):
        target = None
    with st.sidebar:
        checkpoint, k, donor, draw = _AUTOMATIC
        if own_views:
            views = pick_views(dataset, model, graph, seed, target, below=below)
            checkpoint, k, donor, draw = views
    _mind(asked)
    st.session_state.asked = {}
    share()
    own_link.write(dataset, graph)
    return Pick(dataset, model, seed, checkpoint, graph, donor, draw, k, explainer, target)


def look() -> None:
    """Shows the switches for how molecules are drawn alone, on a page that no dataset is picked for."""
    take_over()
    with st.sidebar:
        pick_look()
        theme.follow()
    share()


def _mind(asked: dict[str, str]) -> None:
    """Says what a link asks for that is not there."""
    if not holds("dataset", name := asked.get("dataset", "")) and own_link.is_own_dataset(name):
        st.warning(
            "The link was of a dataset of someone's own session, which nobody else can open; ask for its "
            "file, and load that on the Upload page. A built-in dataset is shown instead."
        )
        return
    for key, value in asked.items():
        if not holds(key, value):
            words = code(f"{key}={value}"[:60])
            st.warning(f"The link asks for {words}, which does not exist; showing the default instead.")


def filters() -> tuple[Pick, list[int]]:
    """Shows the sidebar of a page about many graphs; returns what is picked and the graphs that match."""
    take_over()
    with st.sidebar:
        dataset, model = pick_model()
        pick_filters(dataset)
        theme.follow()
    matches = matching(dataset, model)
    _ready(dataset, model, matches, state.seeds(dataset, model)[0])
    with st.sidebar:
        seed = pick_seed(dataset, model)
        checkpoint = pick_size(dataset, model, seed)
    share()
    graph = st.session_state.get("graph") or state.first_graph(dataset, model)
    return Pick(dataset, model, seed, checkpoint, graph, None, 0), matches


def _ready(dataset: str, model: str, graphs: Sequence[int], seed: int, target: int | None = None) -> bool:
    """Returns whether HPME is fitted; what was picked so far is kept for the next run, if this one stops."""
    share()
    return fitting.ensure(dataset, model, graphs, seed, target)
