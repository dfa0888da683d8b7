"""The first step of every page."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from ui import unsaved
from ui.server import preload

STYLE = Path(__file__).parents[1] / "assets" / "style.css"


@contextmanager
def loading() -> Iterator[None]:
    """Sets the style at once, then says that the explorer is starting while the block imports the library.

    Then it says what of the session is in no file yet.
    """
    st.html(STYLE)
    with st.spinner("Starting: loading PyTorch and the models, once …"):
        preload.wait()
        yield
    unsaved.show()
