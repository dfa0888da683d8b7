"""The sidebar's widgets for the graph: by number, by steps through those that match, or an own one."""

from bisect import bisect_left, bisect_right
from random import choice

import streamlit as st

from ui import keys, session, state
from ui.sidebar.carried import forget_own, went_back
from ui.sidebar.model import matching, pick_filters
from ui.state import Pick


def pick_graph(dataset: str, model: str) -> int:
    """Shows the widgets; returns the id of the picked graph."""
    pick_filters(dataset)
    item, last = state.spec(dataset).item, state.spec(dataset).num_graphs - 1
    _settle(dataset, model, last)
    number = st.number_input(
        f"{item.capitalize()}, 0 to {last}",
        0,
        last,
        None,
        1,
        key="graph",
        bind="query-params",
        on_change=forget_own,
        placeholder="one of your own, below",
    )
    graph = state.first_graph(dataset, model) if number is None else int(number)
    own = _pick_own(dataset)
    if went_back() and number is None and own is None:
        st.rerun()  # the address names no graph: the box shows which one that is
    matches = matching(dataset, model)
    with st.container(horizontal=True, gap="xsmall"):
        for label, step, words in (("Previous", -1, "Key P"), ("Random", 0, None), ("Next", 1, "Key N")):
            st.button(
                label,
                key=f"step{step}",
                on_click=_step,
                args=(graph, step),
                disabled=not matches,
                help=words,
            )
        keys.listen(graph, _on_keys)
    if own is not None:
        st.text(session.graphs(dataset)[own].how)  # not as Markdown: it names what a file holds
        return own
    st.caption(_place(item, graph, matches, graph in state.labels_and_predictions(dataset, model)))
    return graph


def show_steps(pick: Pick) -> None:
    """Shows the buttons for the previous and the next graph once more, for phones: see `.st-key-steps`."""
    matches = matching(pick.dataset, pick.model)
    with st.container(key="steps", horizontal=True, gap="small"):
        for label, step in (("Previous", -1), ("Next", 1)):
            st.button(
                label,
                key=f"page-step{step}",
                on_click=_step,
                args=(pick.graph, step),
                disabled=not matches,
                width="stretch",
            )


def _settle(dataset: str, model: str, last: int) -> None:
    """Settles what the box for the number shows before it is there: nothing beside an own graph."""
    if st.session_state.get("mine") not in session.graphs(dataset):
        forget_own()
    elsewhere = "graph" not in st.session_state and _is_graph(st.query_params.get("graph", ""), last)
    if st.session_state.mine is not None:
        st.session_state.graph = None
    elif not elsewhere and st.session_state.get("graph") is None:
        st.session_state.graph = state.first_graph(dataset, model)
    if "graph" in st.session_state:  # set again on each run: a browser that missed it shows an empty box
        st.session_state.graph = st.session_state.graph


def _pick_own(dataset: str) -> int | None:
    """Shows the session's own graphs for this dataset's models; returns the picked one, if any."""
    mine = session.graphs(dataset)
    if not mine:
        return None
    return st.selectbox(
        "Or one of your own",
        [None, *mine],
        key="mine",
        format_func=lambda number: "–" if number is None else mine[number].title,
    )


def _is_graph(text: str, last: int) -> bool:
    return text.isdecimal() and len(text) < 10 and int(text) <= last


def _place(item: str, graph: int, matches: list[int], test: bool) -> str:
    """The place of the graph among those that match the filters, in words."""
    if not matches:
        return f"No test {item}s match; choose “any”."
    if graph in matches:
        return f"Number {matches.index(graph) + 1} of {len(matches)} test {item}s that match."
    why = f"This {item} does not match" if test else f"Not a test {item}: used to train or tune the model"
    return f"{why}. {len(matches)} test {item}s match."


def _step(graph: int, step: int) -> None:
    """Goes so many graphs further among those that match the filters, back if below 0; to any other if 0."""
    forget_own()
    matches = matching(st.session_state.dataset, st.session_state.model)
    if step == 0:
        st.session_state.graph = choice([other for other in matches if other != graph] or matches)
    else:
        start = bisect_right(matches, graph) - 1 if step > 0 else bisect_left(matches, graph)
        st.session_state.graph = matches[(start + step) % len(matches)]


def _on_keys(graph: int, steps: int) -> None:
    if not steps:
        st.session_state.graph = graph  # forth and back
    elif matching(st.session_state.dataset, st.session_state.model):
        _step(graph, steps)
