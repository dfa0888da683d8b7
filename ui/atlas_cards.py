"""Graphs on the map as cards and as a table, each with a link."""

from collections.abc import Iterable
from dataclasses import replace

import streamlit as st

from hpme import figures
from ui import links, state
from ui.plain import plain


def names(pick: state.Pick) -> tuple[str, ...]:
    """Names of the groups; the last one, which -1 stands for, is a number that is far from the label."""
    return *state.groups(pick.dataset), "another number"


def cards(pick: state.Pick, mapped: state.MappedGraphs, ids: list[int], notes: list[str]) -> None:
    """Shows small pictures of graphs, each with a link."""
    labels, item = state.spec(pick.dataset).node_labels, state.spec(pick.dataset).item
    with st.container(horizontal=True):
        for graph, note in zip(ids, notes, strict=True):
            row = mapped.ids.index(graph)
            mark = "✓" if mapped.labels[row] == mapped.predicted[row] else "✗"
            with st.container(width=state.CARD):
                data = state.graphs(pick.dataset)[graph]
                picture = figures.thumbnail(data, labels, dark=state.dark(), structure=state.structure())
                st.image(picture, width="stretch", alt=f"{item.capitalize()} {graph}: {figures.counts(data)}")
                predicted = plain(names(pick)[mapped.predicted[row]])
                address = links.explain_address(replace(pick, graph=graph))
                words = f"[{item} {graph}]({address})  \n{mark} {predicted}"
                st.caption(f"{words}  \n{note}" if note else words)


def table(pick: state.Pick, mapped: state.MappedGraphs, rows: Iterable[int]) -> None:
    """Shows graphs on the map as a table, each with a link."""
    classes, item = names(pick), state.spec(pick.dataset).item
    st.dataframe(
        [
            {
                item: mapped.ids[row],
                "class": classes[mapped.labels[row]],
                "prediction": classes[mapped.predicted[row]],
                "open": links.explain_address(replace(pick, graph=mapped.ids[row])),
            }
            for row in rows
        ],
        hide_index=True,
        height=220,
        alt=f"{item.capitalize()}s on the map, with class, prediction and a link",
        column_config={"open": st.column_config.LinkColumn(display_text="explain")},
    )
