"""A list of molecules before every model: a table with drawings, to sort and to download."""

from base64 import b64encode
from collections.abc import Sequence

import streamlit as st

from hpme import io
from hpme.analysis.ask import ASKED
from hpme.analysis.ask_list import ListedAnswer, list_rows, sdf_text
from hpme.analysis.pasted import PastedMolecule
from ui import export, state
from ui.ask import box
from ui.titles import dataset_title

NOTE = """
A click on a heading sorts; a tick before a row opens its molecule alone. Truth: by the dataset's rule.
Percentile: of 100 held-out molecules, so many are nearer to the training molecules. Flags: those that need
no mixed graphs. SMARTS of kept parts and SMILES of the nearest training molecules are in the files, and in
the table by its eye.
"""
HIDDEN = [f"{dataset_title(name)}: {column}" for name in ASKED for column in ("kept SMARTS", "nearest")]


def show(molecules: Sequence[PastedMolecule]) -> None:
    """Shows the table, its files, and the way to one of its molecules."""
    answers = _answers(molecules)
    rows = list_rows(molecules, answers)
    pictures = [_picture(one) for one in molecules]
    st.caption(NOTE)

    def on_row() -> None:
        selected = st.session_state.asked_rows.selection.rows
        if selected:
            st.session_state.ask_one = molecules[selected[0]].text

    st.dataframe(
        [{"": picture} | row for picture, row in zip(pictures, rows, strict=True)],
        key="asked_rows",
        hide_index=True,
        row_height=84,
        on_select=on_row,
        selection_mode="single-row",
        column_config={"": st.column_config.ImageColumn("", width=140)} | dict.fromkeys(HIDDEN),
        alt="A row for each molecule: its drawing, and prediction, truth, kept atoms and flags of each model",
    )
    if text := st.session_state.pop("ask_one", ""):
        box.open_page(text)
    files = {
        "Table, CSV": ("molecules.csv", io.csv_bytes(rows)),
        "Structures with the table, SDF": ("molecules.sdf", sdf_text(rows).encode()),
    }
    export.buttons("Download", files, "asked")


def _answers(molecules: Sequence[PastedMolecule]) -> dict[str, list[ListedAnswer]]:
    """What every model says, asked one after the other."""
    answers, bar = {}, st.progress(0.0)
    for place, name in enumerate(ASKED):
        bar.progress(place / len(ASKED), f"Asking the model of {dataset_title(name)} …")
        answers[name] = state.listed_answers(name, molecules)
    bar.empty()
    return answers


def _picture(one: PastedMolecule) -> str:
    """A drawing of a molecule as an address that holds it, for a cell of a table."""
    drawing = state.pasted_picture(one)
    return f"data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}"
