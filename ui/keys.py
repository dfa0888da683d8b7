"""The keys N and P, counted in the browser: the sum of all presses is sent, so that none is lost."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from hpme.figures import asset
from ui.component import component

_component = component("keys", "", asset("scripts/keys.js"))
KEY = "keys"


def listen(go: Callable[[int], None]) -> None:
    """Calls `go` with how many graphs further the keys ask for, back if below 0."""
    _component(key=KEY, on_sum_change=partial(_on_keys, go))


def _on_keys(go: Callable[[int], None]) -> None:
    said = int(st.session_state[KEY].sum or 0)
    steps = said - st.session_state.get("stepped", 0)
    st.session_state.stepped = said
    go(steps)
