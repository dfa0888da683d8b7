"""Where whole datasets come in: files, samples, and built-in ones for models of one's own."""

from collections.abc import Callable

import streamlit as st

from hpme import own_data
from hpme.datasets import DATASETS, EMBEDDED
from hpme.home import EXPLORER
from ui import session, state

SAMPLES = EXPLORER / "assets" / "samples" / "datasets"
FORMATS = """
* **CSV of SMILES**: a column of molecules and one of labels, called `label`, `y`, `class` or `target`, or
  named below.
* **JSON lines** (`.jsonl`): a node-link graph a line, with its label under `y` or `label`, and `node_gt` at
  nodes and `edge_gt` at edges where the truth is known.
* **TU text format**, zipped: `NAME_A.txt`, `NAME_graph_indicator.txt`, `NAME_graph_labels.txt`, …
* **Packed** `.npz` of plain arrays: `x`, `edge_index`, `nptr`, `eptr` and `y`.

Texts and a few whole numbers are classes; other numbers are predicted as numbers.
"""


def inputs() -> None:
    """Where a file is dropped, and samples to try."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        file = st.file_uploader("A dataset in one file", [*own_data.READERS], key="own_file")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            label = st.text_input(
                "Label",
                key="own_label",
                placeholder="guessed",
                max_chars=100,
                help="Column of a table, or field of a graph, that holds the label.",
            )
            if st.button("Read the dataset", type="primary", disabled=file is None) and file:
                _read(file.name, file.getvalue(), label.strip())
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("Or try a sample:")
            for path in sorted(SAMPLES.glob("*.*")):
                if path.suffix[1:] in own_data.READERS and st.button(path.name, type="tertiary"):
                    _read(path.name, path.read_bytes(), "")
        st.selectbox(
            "Or a built-in dataset, to bring weights of your own for it",
            list(EMBEDDED),
            index=None,
            key="own_built_in",
            on_change=_on_built_in,
            format_func=lambda name: DATASETS[name].title,
        )
        refused("dataset")
    right.markdown(FORMATS)


def _on_built_in() -> None:
    """Takes in a built-in dataset without its models."""
    name = st.session_state.own_built_in
    if name:
        st.session_state.own_built_in = None
        _take(lambda: session.add(state.dataset(name), built_in=name))


def _read(filename: str, content: bytes, label: str) -> None:
    """Takes in a dataset from a file."""
    with st.spinner("Reading …"):
        _take(lambda: session.add(own_data.read_dataset(content, filename, label or None), label or None))


def _take(add: Callable[[], str]) -> None:
    """Takes in a dataset, or remembers why not."""
    try:
        st.session_state.own_dataset = add()
    except ValueError as error:
        refuse("dataset", error)


def refuse(what: str, error: ValueError) -> None:
    """Remembers why something was not taken."""
    st.session_state[f"own_refused-{what}"] = error.args[0]


def refused(what: str) -> None:
    """Says once why something was not taken; what a file says is never rendered."""
    if sentence := st.session_state.pop(f"own_refused-{what}", None):
        st.markdown(":orange-badge[Not taken]")
        st.text(sentence)
