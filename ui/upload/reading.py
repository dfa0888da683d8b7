"""What a table was taken for, corrected by the user; and the way to the other section for whole datasets."""

from pathlib import PurePath

import streamlit as st

from hpme import io, own_data
from ui.upload import dataset_files, graphs

KINDS = {
    "edges": "Edges, one a row",
    "molecules": "Molecules as SMILES, one a row",
    "matrix": "An adjacency matrix",
}
ROLES = {
    "edges": {"source": "One end", "target": "Other end"},
    "molecules": {"smiles": "Molecules", "name": "Names"},
    "matrix": {},
}
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", " ": "blanks", "|": "bar"}
NONE = "none"


def show() -> None:
    """Shows how the last table can be read otherwise, if there is one."""
    table = graphs.doubtful()
    if table is None:
        return
    with st.expander("Not right? Say what the table is", expanded=bool(graphs.outcome()[-1])):
        st.text(table.name)
        choice = _choice(table)
        with st.container(horizontal=True):
            st.button("Read it so", type="primary", on_click=_on_read, args=(table, choice))
            if PurePath(table.name).suffix[1:].lower() in own_data.READERS:
                st.button("Train on it as a whole dataset", on_click=_on_dataset, args=(table,))


def _choice(table: graphs.Table) -> io.Choice:
    """Shows boxes for what the table is, filled with the guess; returns what they say."""
    layout = table.guess.layout
    with st.container(horizontal=True):
        kinds = [*KINDS]
        place = kinds.index(table.guess.kind) if table.guess.kind in kinds else 0
        kind = st.selectbox("The table holds", kinds, place, format_func=KINDS.__getitem__, key="as_kind")
        own = layout.separator if layout and layout.separator in SEPARATORS else ","
        separator = st.selectbox(
            "Cells are separated by",
            [*SEPARATORS],
            [*SEPARATORS].index(own),
            format_func=SEPARATORS.__getitem__,
            key="as_separator",
        )
        header = st.checkbox(
            "The first row names the columns", bool(layout and layout.columns), key="as_header"
        )
    guess = io.sniff(table.content, table.name, io.Choice(kind, separator, header))
    if guess.layout is None:
        return io.Choice(kind, separator, header)
    titles = [guess.layout.title(i) for i in range(guess.layout.width)]
    roles = {}
    with st.container(horizontal=True):
        for role, words in ROLES[kind].items():
            options = [*range(len(titles)), *([-1] if role == "name" else [])]
            found = guess.layout.roles.get(role, -1)
            chosen = st.selectbox(
                words,
                options,
                options.index(found) if found in options else 0,
                format_func=lambda i: titles[i] if i >= 0 else NONE,
                key=f"as_{role}",
            )
            if chosen >= 0:
                roles[role] = chosen
    return io.Choice(kind, separator, header, roles or None)


def _on_read(table: graphs.Table, choice: io.Choice) -> None:
    graphs.add([(table.name, table.content)], {table.name: choice})


def _on_dataset(table: graphs.Table) -> None:
    dataset_files.read(table.name, table.content)
    st.session_state.upload = "A whole dataset"
