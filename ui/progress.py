"""How far something is that a page waits for."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from ui.state import Say


@contextmanager
def told() -> Iterator[Say]:
    """Yields what shows how far something is; a bar stands there from its first word until that is done."""
    bar = st.empty()
    yield lambda what, done, total: bar.progress(done / total, f"{what}: {done:,} of {total:,}")
    bar.empty()
