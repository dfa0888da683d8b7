"""What every page does first."""

from pathlib import Path

import streamlit as st

STYLE = Path(__file__).parents[1] / "assets" / "style.css"


def begin() -> None:
    """Sets the style, at once, before anything is loaded."""
    st.html(STYLE)
