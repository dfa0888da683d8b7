"""The first step of every page."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from ui import held, unsaved
from ui.server import preload


@contextmanager
def loading() -> Iterator[None]:
    """Says that the explorer is starting while the block imports the library.

    Then it finds the session's own work again, and says what of it is in no file yet.
    """
    with st.spinner("Starting: loading PyTorch and the models, once …"):
        preload.wait()
        yield
    held.begin()
    unsaved.show()
