"""What every page does first."""

from pathlib import Path

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

STYLE = Path(__file__).parents[1] / "assets" / "style.css"


def begin() -> None:
    """Sets the style, and makes sure that this is a page of `app.py`.

    Until ``st.navigation`` was called once, Streamlit takes a folder called ``pages`` for its older way to
    list pages. Who opens, say, ``/tour`` first on a fresh server then gets that file alone, beside a list of
    all files. So the run starts again, now by way of `app.py`.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()
    st.html(STYLE)
