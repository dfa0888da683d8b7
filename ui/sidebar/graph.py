"""Which graph: by number, by steps through those that match, or one of the session's own."""

from random import choice

import streamlit as st

from ui import session, state
from ui.sidebar.carried import forget_own
from ui.sidebar.model import matching, pick_filters


def pick_graph(dataset: str, model: str) -> int:
    """The id of the picked graph."""
    pick_filters(dataset)
    last = state.spec(dataset).num_graphs - 1
    if "graph" not in st.session_state and not _is_graph(st.query_params.get("graph", ""), last):
        st.session_state.graph = state.first_graph(dataset, model)
    if "graph" in st.session_state:  # told again on each run: a browser that missed it shows an empty box
        st.session_state.graph = st.session_state.graph
    number = st.number_input(
        f"Graph, 0 to {last}", 0, last, None, 1, key="graph", bind="query-params", on_change=forget_own
    )
    graph = state.first_graph(dataset, model) if number is None else int(number)
    own = _pick_own(dataset)
    matches = matching(dataset, model)
    with st.container(horizontal=True, gap="xsmall"):
        for label, step, letter in (("Previous", -1, "P"), ("Random", 0, None), ("Next", 1, "N")):
            st.button(
                label,
                key=f"step{step}",
                on_click=_step,
                args=(graph, step),
                disabled=not matches,
                shortcut=letter,
            )
    if own is not None:
        st.text(session.graphs(dataset)[own].how)  # not as Markdown: it names what a file holds
        return own
    st.caption(_place(graph, matches, graph in state.held_out(dataset, model)))
    return graph


def _pick_own(dataset: str) -> int | None:
    """One of the graphs that the session brought for this dataset's models, where there are some."""
    mine = session.graphs(dataset)
    if st.session_state.get("mine") not in mine:
        forget_own()
    if not mine:
        return None
    return st.selectbox(
        "Or one of your own",
        [None, *mine],
        key="mine",
        format_func=lambda number: "–" if number is None else mine[number].title,
    )


def _is_graph(text: str, last: int) -> bool:
    return text.isdecimal() and int(text) <= last


def _place(graph: int, matches: list[int], held_out: bool) -> str:
    """Where the graph stands among those that the filters let through."""
    if not matches:
        return "No held-out graph matches; choose “any”."
    if graph in matches:
        return f"No. {matches.index(graph) + 1} of the {len(matches)} held-out graphs that match."
    why = "Does not match" if held_out else "Not held out: the model was trained or tuned on it"
    return f"{why}. {len(matches)} held-out graphs match."


def _step(graph: int, step: int) -> None:
    """Goes to the next graph that passes the filters (1), the one before (-1) or any other (0)."""
    forget_own()
    matches = matching(st.session_state.dataset, st.session_state.model)
    if step == 0:
        st.session_state.graph = choice([other for other in matches if other != graph] or matches)
    elif step > 0:
        st.session_state.graph = next((other for other in matches if other > graph), matches[0])
    else:
        st.session_state.graph = next((other for other in reversed(matches) if other < graph), matches[-1])
