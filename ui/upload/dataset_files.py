"""Whole datasets that come into the session: files, samples, and built-in ones for own weights."""

import re
from collections.abc import Callable
from pathlib import PurePath

import streamlit as st

from hpme import own_data
from hpme.datasets import DATASETS, EMBEDDED, Dataset
from hpme.home import EXPLORER
from hpme.io.archive import zipped
from hpme.own_data.label_columns import LABELS as NAMED
from ui import session, state
from ui.upload import graphs, saved

SAMPLES = EXPLORER / "assets" / "samples" / "datasets"
FORMATS = """
* **Saved work**: the one file that “Save as one file” below a dataset gave.
* **Table of SMILES** (CSV, TSV, Excel): a column of molecules, and any column as label; choose it, or
  several, under “Label”.
* **JSON lines** (`.jsonl`): a node-link graph on each line, with its label as `y` or `label`; features are
  `x` of nodes and `edge_attr` of edges; a ground truth is `node_gt` of nodes and `edge_gt` of edges.
* **TU text format**, zipped: `NAME_A.txt`, `NAME_graph_indicator.txt`, `NAME_graph_labels.txt`, …
* **Packed** `.npz` of plain arrays: `x`, `edge_index`, `nptr`, `eptr` and `y`, and `edge_attr`.
* **One graph whose nodes have labels** (JSON, GraphML, GEXF, GML, DOT, `.pt`, safetensors, `.npz`; or two
  tables, of edges and of nodes, also in a zip): any attribute of nodes can be the label, such as `y`. Its
  nodes are predicted; `train_mask`, `val_mask` and `test_mask` are the split, if they are there.

Labels that are text, or a few different whole numbers, are classes; all other numbers make it a regression.
"""


def inputs() -> None:
    """Shows where to drop a file, and samples to try."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        files = st.file_uploader(
            "A dataset in one file, or a graph in two tables: of edges and of nodes",
            [*own_data.READERS, "gz"],
            accept_multiple_files=True,
            key="own_file",
        )
        name, content = _together({file.name: file.getvalue() for file in files})
        labels = _labels(name, content) if files else [""]
        pressed = st.button(
            "Read the dataset", type="primary", disabled=not (files and labels), key="own_read"
        )
        if pressed and files:
            for label in labels:
                _read(name, content, label)
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
        if refused := st.session_state.pop("own_refused_file", None):
            st.button("Explain its graphs one by one", on_click=_on_single, args=refused)
    right.markdown(FORMATS)


def _together(files: dict[str, bytes]) -> tuple[str, bytes]:
    """Name and content of the file; of several one archive, called like the first."""
    if len(files) < 2:
        return next(iter(files.items()), ("", b""))
    stem = re.sub(r"[ _.-]*(edges?|nodes?)$", "", PurePath(next(iter(files))).stem, flags=re.IGNORECASE)
    return f"{stem or 'graph'}.zip", zipped(files)


def _labels(filename: str, content: bytes) -> list[str]:
    """Shows what in a file can be the label; returns what was chosen, or no name where it needs none."""
    columns = _label_columns(filename, content)
    if not columns:
        return [""]
    words = {column.name: _describe(column) for column in columns}
    first = columns[0].name
    chosen = st.multiselect(
        "Label",
        [*words],
        [first],
        format_func=words.__getitem__,
        key=f"own_labels-{filename}",
        help="What the model learns to predict; each label that you choose makes a dataset of its own.",
    )
    guessed = len(columns) == 1 or first.lower() in NAMED
    return [""] if chosen == [first] and guessed else chosen


def _describe(column: own_data.LabelColumn) -> str:
    what = "values" if column.kind == "numbers" else column.kind
    missing = f", {column.missing:,} missing" if column.missing else ""
    return f"{column.name} ({column.different:,} {what}{missing})"


def _label_columns(filename: str, content: bytes) -> list[own_data.LabelColumn]:
    """What in the file of this run can be the label; looked for once in each file."""
    known = st.session_state.get("own_label_columns")
    if known is None or known[0] != (filename, len(content), hash(content)):
        try:
            columns = own_data.label_columns(content, filename)
        except ValueError:  # said when the file is read
            columns = []
        known = st.session_state.own_label_columns = (filename, len(content), hash(content)), columns
    return known[1]


def _on_single(filename: str, content: bytes) -> None:
    """Reads a file as single graphs, in the other section."""
    graphs.add([(filename, content)])
    st.session_state.upload = "Graphs"


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
    if saved.is_work(content):
        _add(lambda: saved.open_work(content))
        return
    _add(
        lambda: session.add(
            _for_our_models(content, filename, label or None),
            label or None,
            filename=filename,
            content=content,
        )
    )
    if "own_refused-dataset" in st.session_state:
        st.session_state.own_refused_file = filename, content


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
