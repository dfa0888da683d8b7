"""The filters of a batch job's rows, in the sidebar; what is picked is in the address."""

from typing import Any

import streamlit as st

from hpme.batch import columns
from hpme.batch.output import RowFilter
from ui import paging

FLAGS = (columns.EVERYTHING, columns.NOTHING, columns.UNKNOWN, columns.PIECES)
ERRORS = {"all": None, "explained": False, "with an error": True}


def show(classes: tuple[str, ...]) -> RowFilter:
    """Shows the filters; returns what they let pass."""
    told: dict[str, Any] = {"bind": "query-params", "on_change": paging.first}
    with st.sidebar:
        text = st.text_input(
            "Search", key="text", help="Part of an id, or of SMILES as they were given.", **told
        )
        predictions = st.multiselect("Prediction", classes, key="predicted", **told) if classes else []
        low, high = st.slider("Kept share, %", 0, 100, (0, 100), key="shares", **told)
        flags = st.multiselect("Flags", FLAGS, key="flags", help="One of these, or more.", **told)
        kept = st.text_input(
            "Kept part", key="kept", help="SMARTS of all that is kept, as the view Pieces lists them.", **told
        )
        errors = st.selectbox("Rows", list(ERRORS), key="errors", **told)
    return RowFilter(
        tuple(predictions),
        tuple(flags),
        (low / 100, high / 100),
        text.strip(),
        kept.strip() or None,
        ERRORS[errors],
    )


def only(kept: str) -> None:
    """Shows the rows of which one part is kept; in callbacks only."""
    st.session_state.view = "Rows"
    if kept:
        st.session_state.kept = kept
    else:
        st.session_state.flags = [columns.NOTHING]
    paging.first()
