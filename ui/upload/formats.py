"""The formats of graphs that can be uploaded, each with a sample."""

import streamlit as st

from hpme.home import EXPLORER
from ui import session

SAMPLES = EXPLORER / "assets" / "samples"
FORMATS = (
    ("JSON node-link", "As networkx writes it: `nodes`, and `edges` or `links`.", ("house.json",)),
    ("GraphML", "From Gephi, Cytoscape, yEd or networkx.", ("house.graphml",)),
    (
        "CSV",
        "Edges in columns `source` and `target`. To add nodes, with a column `id`, upload `NAME_edges.csv` "
        "and `NAME_nodes.csv` together.",
        ("house_edges.csv", "house_nodes.csv"),
    ),
    ("SMILES", "One molecule per line, optionally followed by a space and its name.", ("aspirin.smi",)),
    ("MDL molfile", "One molecule.", ("caffeine.mol",)),
    ("SDF", "Several molecules.", ("two.sdf",)),
    ("PyTorch", "A plain dict of tensors: `torch.save(data.to_dict(), path)`.", ("house.pt",)),
    ("safetensors", "The same tensors, by name.", ("house.safetensors",)),
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
    return {names[0]: names for _, _, names in FORMATS}


def read_samples(names: tuple[str, ...]) -> list[tuple[str, bytes]]:
    """Names and contents of files of a sample."""
    return [(name, (SAMPLES / name).read_bytes()) for name in names]


def show() -> None:
    """Shows the formats that can be read, each with a sample."""
    with st.expander("Supported formats, with samples", expanded=not session.everything()):
        for title, words, names in FORMATS:
            left, middle, right = st.columns([2, 6, 4], vertical_alignment="center")
            left.markdown(f"**{title}**")
            middle.markdown(words)
            with right, st.container(horizontal=True, gap="xsmall"):
                for name, content in read_samples(names):
                    st.download_button(
                        name, content, name, on_click="ignore", type="tertiary", key=f"get-{name}"
                    )
        st.markdown(FIELDS)
