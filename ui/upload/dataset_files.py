"""Whole datasets that come into the session: files, samples, and built-in ones for own weights."""

from collections.abc import Callable

import streamlit as st

from hpme import own_data
from hpme.datasets import DATASETS, EMBEDDED, Dataset
from hpme.home import EXPLORER
from ui import session, state

SAMPLES = EXPLORER / "assets" / "samples" / "datasets"
FORMATS = """
* **CSV of SMILES**: a column of molecules and a column of labels, called `label`, `y`, `class` or `target`;
  enter any other name under “Label”.
* **JSON lines** (`.jsonl`): a node-link graph on each line, with its label as `y` or `label`; features are
  `x` of nodes and `edge_attr` of edges; a ground truth is `node_gt` of nodes and `edge_gt` of edges.
* **TU text format**, zipped: `NAME_A.txt`, `NAME_graph_indicator.txt`, `NAME_graph_labels.txt`, …
* **Packed** `.npz` of plain arrays: `x`, `edge_index`, `nptr`, `eptr` and `y`, and `edge_attr`.

Labels that are text, or a few different whole numbers, are classes; all other numbers make it a regression.
"""


def inputs() -> None:
    """Shows where to drop a file, and samples to try."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        file = st.file_uploader("A dataset in one file", [*own_data.READERS], key="own_file")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            label = st.text_input(
                "Label",
                key="own_label",
                placeholder="detected automatically",
                max_chars=100,
                help="The column of a table, or the field of a graph, that holds the label.",
            )
            if st.button("Read the dataset", type="primary", disabled=file is None) and file:
                _read(file.name, file.getvalue(), label.strip())
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("Or try a sample:")
            for path in sorted(SAMPLES.glob("*.*")):
                if path.suffix[1:] in own_data.READERS and st.button(path.name, type="tertiary"):
                    _read(path.name, path.read_bytes(), "")
        st.selectbox(
            "Or choose a built-in dataset, to use your own weights for it",
            list(EMBEDDED),
            index=None,
            key="own_built_in",
            on_change=_on_built_in,
            format_func=lambda name: DATASETS[name].title,
        )
        show_refusal("dataset")
    right.markdown(FORMATS)


def _on_built_in() -> None:
    """Adds a built-in dataset without its models."""
    name = st.session_state.own_built_in
    if name:
        st.session_state.own_built_in = None
        _add(lambda: session.add(state.dataset(name), built_in=name))


def _read(filename: str, content: bytes, label: str) -> None:
    """Adds a dataset from a file, and says that it is being read."""
    with st.spinner("Reading …"):
        read(filename, content, label)


def read(filename: str, content: bytes, label: str = "") -> None:
    """Adds a dataset from a file, or remembers why not; without the name of its label, that is guessed."""
    _add(lambda: session.add(_for_our_models(content, filename, label or None), label or None))


def _for_our_models(content: bytes, filename: str, label: str | None) -> Dataset:
    """A dataset whose whole numbers are floats, as a model of ours is trained on it."""
    return own_data.as_floats(own_data.read_dataset(content, filename, label))


def _add(add: Callable[[], str]) -> None:
    """Adds a dataset, or remembers why not."""
    try:
        st.session_state.own_dataset = add()
    except ValueError as error:
        refuse("dataset", error)


def refuse(what: str, error: ValueError) -> None:
    """Remembers why something was rejected."""
    st.session_state[f"own_refused-{what}"] = error.args[0]


def show_refusal(what: str) -> None:
    """Shows once why something was rejected; what a file says is never rendered."""
    if sentence := st.session_state.pop(f"own_refused-{what}", None):
        st.markdown(":orange-badge[Rejected]")
        st.text(sentence)
