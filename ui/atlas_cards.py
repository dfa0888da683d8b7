"""Graphs of the atlas as cards and as a table, each with a link."""

from collections.abc import Iterable

import streamlit as st

from hpme import figures
from ui import state


def names(pick: state.Pick) -> tuple[str, ...]:
    """Names of the groups; the last one is for a number that is far from the label, which stands as -1."""
    return *state.groups(pick.dataset), "another number"


def link(pick: state.Pick, graph: int) -> str:
    """Address of a graph on the Explain page."""
    return f"/?dataset={pick.dataset}&model={pick.model}&graph={graph}&seed={pick.seed}"


def cards(pick: state.Pick, atlas: state.Atlas, ids: list[int], notes: list[str]) -> None:
    """Small pictures of graphs, each with a link."""
    labels = state.spec(pick.dataset).node_labels
    with st.container(horizontal=True):
        for graph, note in zip(ids, notes, strict=True):
            row = atlas.ids.index(graph)
            mark = "✓" if atlas.labels[row] == atlas.said[row] else "✗"
            with st.container(width=state.CARD):
                data = state.graphs(pick.dataset)[graph]
                picture = figures.thumbnail(data, labels, dark=state.dark())
                st.image(picture, width="stretch", alt=f"Graph {graph}: {figures.counts(data)}")
                said = names(pick)[atlas.said[row]]
                words = f"[graph {graph}]({link(pick, graph)})  \n{mark} {said}"
                st.caption(f"{words}  \n{note}" if note else words)


def listed(pick: state.Pick, atlas: state.Atlas, rows: Iterable[int]) -> None:
    """Graphs of the map as a table, each with a link."""
    classes = names(pick)
    st.dataframe(
        [
            {
                "graph": atlas.ids[row],
                "class": classes[atlas.labels[row]],
                "prediction": classes[atlas.said[row]],
                "open": link(pick, atlas.ids[row]),
            }
            for row in rows
        ],
        hide_index=True,
        height=220,
        alt="Graphs on the map: class, prediction, and a link to each",
        column_config={"open": st.column_config.LinkColumn(display_text="explain")},
    )
