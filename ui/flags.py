"""What the reader has to know before believing the picture."""

from collections.abc import Sequence

import streamlit as st

from hpme.figures.flags import Flag
from ui.plain import plain


def show(flags: Sequence[Flag]) -> None:
    """Shows a line for each flag, the serious ones in orange."""
    for flag in flags:
        colour = "orange" if flag.serious else "blue"
        st.markdown(f":{colour}-badge[{flag.title}] :small[{plain(flag.words)}]")
