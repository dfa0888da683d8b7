"""The box to ask about molecules, and its text in the address."""

import streamlit as st

from ui.own_link import MOST, SMILES

PAGE = "pages/ask.py"
EXAMPLE = "CC(=O)Oc1ccccc1C(=O)O aspirin"
EMPTY = "The box is empty: write SMILES, or a name such as aspirin."
_KNOWN, _BOX = "smiles-in-address", "ask_text"


def small(key: str, *, wide: bool = False) -> None:
    """Shows a small box that leads to the page; a wide one has its button beside it."""
    with st.form(f"ask-{key}", border=False):
        places = st.columns([6, 1], vertical_alignment="bottom") if wide else (st, st)
        text = places[0].text_area(
            "Ask about my molecule",
            key=f"ask-{key}-text",
            height=68,
            placeholder="SMILES, or a name such as imatinib",
            help="What does every shipped model of molecules say of it, and which atoms does it look at?",
        )
        if places[1].form_submit_button("Ask all models", width="stretch"):
            if text and text.strip():
                open_page(text)
            else:
                st.caption(EMPTY)


def open_page(text: str) -> None:
    """Opens the page on a text."""
    st.session_state.ask_about = text
    short = len(text.encode()) <= MOST
    st.switch_page(PAGE, query_params={SMILES: text} if short else None)


def show() -> str:
    """Shows the box of the page itself; returns what is asked about, which stands in the address."""
    _take_over()
    with st.form("ask", border=False):
        text = st.text_area(
            "Molecules: SMILES, InChI or names, one a line",
            key=_BOX,
            height=96,
            placeholder=EXAMPLE,
            help="With or without a name, behind a tab, a comma, a semicolon or a blank.",
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            pressed = st.form_submit_button("Ask all models", type="primary")
            st.caption("Ctrl+Enter asks, too.", width="content")
    asked = text or ""
    if pressed and not asked.strip():
        st.caption(EMPTY)
    st.session_state.ask_about = asked
    _write(asked)
    return asked


def _take_over() -> None:
    """Fills the box with what the address asks, if that is news, or with what was asked before."""
    asked = st.query_params.get(SMILES, "")
    if asked and asked != st.session_state.get(_KNOWN):
        st.session_state[_BOX] = asked
    elif _BOX not in st.session_state:
        st.session_state[_BOX] = st.session_state.get("ask_about", "")


def _write(asked: str) -> None:
    """Puts what is asked into the address, where it is short enough."""
    if asked and len(asked.encode()) <= MOST:
        if st.query_params.get(SMILES) != asked:
            st.query_params[SMILES] = asked
        st.session_state[_KNOWN] = asked
        return
    st.query_params.pop(SMILES, None)
    st.session_state.pop(_KNOWN, None)
    if asked:
        st.caption("This list is too long for the link, which leads to an empty page; send the file instead.")
