"""What the molecule is whose prediction is explained: its name, if it is known, formula and SMILES."""

import streamlit as st

from hpme.chemistry.names import formula
from hpme.datasets.named import name_of_smiles
from hpme.figures import Story
from ui import copy
from ui.plain import plain


def show(story: Story) -> None:
    """Shows a line about a molecule, with its SMILES to copy; of other graphs nothing."""
    mol, graph = story.molecule, story.scene.graph
    if mol is None:
        return
    name = graph.get("name", "") or name_of_smiles(graph.smiles)
    words = [f"**{plain(name)}**"] if name and name != graph.smiles else []
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="stack_heading"):
        st.markdown(" · ".join([*words, formula(mol)]), width="content")
        with st.container():
            copy.show(graph.smiles, "smiles")
