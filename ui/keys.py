"""The keys N and P, counted in the browser: it sends where it walks from and how far, so that none is lost.

Each message is whole by itself: Streamlit may stop a callback between two changes of the session.
"""

from collections.abc import Callable

import streamlit as st

from hpme.figures import asset
from ui.component import component

_component = component("keys", "", asset("scripts/keys.js"))
KEY = "keys"


def listen(graph: int, go: Callable[[int, int], None]) -> None:
    """Calls `go` with the graph that the keys walk from and the steps from there, back if below 0."""

    def walk() -> None:
        walked = st.session_state[KEY].walk
        go(int(walked["graph"]), int(walked["to"]) - int(walked["at"]))

    if walked := getattr(st.session_state.get(KEY), "walk", None):  # forgotten while another page is shown
        st.session_state.stepped = walked["to"]
    data = {"graph": graph, "at": st.session_state.get("stepped", 0)}  # the presses that this page is for
    _component(key=KEY, data=data, on_walk_change=walk)
