"""Graphs on the map as cards and as a table: a card opens its graph, a row picks it."""

from collections.abc import Sequence

import streamlit as st
from pandas import DataFrame

from hpme import figures
from ui import session, sidebar, state
from ui.plain import plain


def names(pick: state.Pick) -> tuple[str, ...]:
    """Names of the groups; the last one, which -1 stands for, is a number that is far from the label."""
    return *state.groups(pick.dataset), "another number"


def cards(pick: state.Pick, mapped: state.MappedGraphs, ids: list[int], notes: list[str], key: str) -> None:
    """Shows small pictures of graphs, each of which opens it; `key` tells rows of cards on one page apart.

    They are buttons, as Streamlit drops the graph from a link of a page that has a box for it, too.
    """
    item, mine = state.spec(pick.dataset).item, session.graphs(pick.dataset)
    with st.container(horizontal=True, gap="small", key=f"cards-{key}"):
        for graph, note in zip(ids, notes, strict=True):
            with st.container(border=True, height="stretch", gap="xsmall", key=f"{key}-{graph}"):
                st.button(
                    plain(mine[graph].title) if graph in mine else f"{item} {graph}",
                    key=f"open-{key}-{graph}",
                    type="tertiary",
                    on_click=_open,
                    args=(graph,),
                )
                drawing = state.picture(pick.dataset, graph, None)
                alt = f"{item.capitalize()} {graph}: {figures.counts(state.graph_of(pick.dataset, graph))}"
                st.image(drawing, width="stretch", alt=alt)
                words = what(pick, mapped, graph)
                st.caption(f"{words}  \n{note}" if note else words)


def what(pick: state.Pick, mapped: state.MappedGraphs, graph: int) -> str:
    """What a model predicts of a graph, as Markdown, and whether that is right where the graph is mapped."""
    if graph not in mapped.ids:
        return plain(state.answer(pick.dataset, pick.model, graph).prediction(0))
    row = mapped.ids.index(graph)
    mark = "✓" if mapped.labels[row] == mapped.predicted[row] else "✗"
    sure = "" if mapped.confidence is None else f", {mapped.confidence[row]:.0%}"
    return f"{mark} {plain(names(pick)[mapped.predicted[row]])}{sure}"


def table(pick: state.Pick, mapped: state.MappedGraphs, rows: Sequence[int], key: str) -> None:
    """Shows graphs on the map as a table, the farthest from all others first; a click on a row picks it."""
    item = state.spec(pick.dataset).item
    ordered = sorted(rows, key=lambda row: -mapped.gaps[row])

    def on_row() -> None:
        selected = st.session_state[key].selection.rows
        if selected:
            choose(mapped.ids[ordered[selected[0]]])

    st.caption(f"Outliers first; a click on a heading sorts, a click on a row picks that {item}.")
    st.dataframe(
        _columns(pick, mapped, ordered),
        key=key,
        on_select=on_row,
        selection_mode="single-row",
        hide_index=True,
        height=260,
        alt=f"{item.capitalize()}s on the map: class, prediction, confidence, distance to the nearest",
        column_config={
            "confidence": st.column_config.NumberColumn(format="percent"),
            "to the nearest": st.column_config.NumberColumn(format="%.3f"),
        },
    )


def choose(number: int) -> None:
    """Picks a graph for every page, be it one of the session's own; in callbacks only."""
    if number < session.FIRST_ID:
        st.session_state.graph = number
        sidebar.forget_own()
    else:
        st.session_state.mine = number


def follow() -> None:
    """Goes to the Explain page if a card was clicked; before any widget is shown."""
    if st.session_state.pop("opened", False):
        st.switch_page("pages/explain.py", query_params={})  # what is picked is carried from page to page


def _open(number: int) -> None:
    choose(number)
    own = number >= session.FIRST_ID
    st.session_state.shared |= {"graph": None if own else number, "mine": number if own else None}
    st.session_state.opened = True


def _columns(pick: state.Pick, mapped: state.MappedGraphs, rows: Sequence[int]) -> DataFrame:
    classes, item = names(pick), state.spec(pick.dataset).item
    trained = {*mapped.train.tolist()}
    columns: dict[str, list[object]] = {
        item: [mapped.ids[row] for row in rows],
        "class": [classes[mapped.labels[row]] for row in rows],
        "prediction": [classes[mapped.predicted[row]] for row in rows],
        "right": [mapped.labels[row] == mapped.predicted[row] for row in rows],
    }
    if mapped.confidence is not None:
        columns["confidence"] = [mapped.confidence[row] for row in rows]
    columns["to the nearest"] = [mapped.gaps[row] for row in rows]
    columns["nearest"] = [f"{item} {mapped.ids[mapped.nearest[row]]}" for row in rows]
    columns["part"] = ["train" if row in trained else "test" for row in rows]
    return DataFrame(columns)
