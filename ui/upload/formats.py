"""The formats of graphs that can be uploaded, each with a sample."""

import streamlit as st

from hpme import io
from hpme.home import EXPLORER
from ui import session

SAMPLES = EXPLORER / "assets" / "samples"
TOGETHER = (  # samples that are of no format of their own
    ("zip", "Any of these in one archive.", ("house.zip",)),
    ("Text", "Any of the text formats; it can also be pasted.", ("pasted.txt",)),
)
FIELDS = """
Features are the list `x`, the columns `x0`, `x1`, …, or all named numbers; atoms have an `element`. Features
of edges are the list `edge_attr`, the columns `edge_attr0`, …, or all named numbers and short texts. A
**ground truth** is given by `node_gt`, true or false for each node, and `edge_gt` for each edge; the label is
`y` of the graph. Files exported from the explorer contain an explanation as well.
"""


def sample_names() -> dict[str, tuple[str, ...]]:
    """The files of each sample, by the name of its first."""
    samples: dict[str, tuple[str, ...]] = {}
    for names in (names for _, _, names in _rows() if names):
        pair = names[1:] == (names[0].replace("edges", "nodes"),)
        samples |= {names[0]: names} if pair else {name: (name,) for name in names}
    return samples


def _rows() -> list[tuple[str, str, tuple[str, ...]]]:
    """Title, what is taken, and samples of each format."""
    return [
        *((form.title, form.taken, form.samples) for form in io.FORMATS.values() if form.title),
        *TOGETHER,
    ]


def read_samples(names: tuple[str, ...]) -> list[tuple[str, bytes]]:
    """Names and contents of files of a sample."""
    return [(name, (SAMPLES / name).read_bytes()) for name in names]


def show() -> None:
    """Shows the formats that can be read, each with a sample."""
    with st.expander("Supported formats, with samples", expanded=not session.brought()):
        for title, words, names in _rows():
            left, middle, right = st.columns([2, 6, 4], vertical_alignment="center")
            left.markdown(f"**{title}**")
            middle.markdown(words)
            with right, st.container(horizontal=True, gap="xsmall"):
                for name in names:
                    read = (SAMPLES / name).read_bytes  # when it is asked for
                    st.download_button(
                        name, read, name, on_click="ignore", type="tertiary", key=f"get-{name}"
                    )
        st.markdown(FIELDS)
