"""The picture of the graph under the pointer, beside it on the map of the Atlas."""

from collections.abc import Collection

import streamlit as st

from hpme.figures import asset
from ui import state
from ui.component import component

STYLE = """
img {
  position: fixed; z-index: 1000; width: 150px; pointer-events: none; border-radius: 8px;
  border: 1px solid var(--st-border-color); background: var(--st-background-color);
}
img[hidden] { display: none; }
"""
_component = component("hover", "<img alt='' hidden>", asset("scripts/hover.js"), STYLE)
KEY = "hovered"


@st.fragment
def show(dataset: str, known: Collection[int]) -> None:
    """Sends the picture of the graph that the pointer rests on, if it is one of the `known` ones.

    Beside the chart's own words it says nothing new to who cannot see it.
    """
    number = getattr(st.session_state.get(KEY), "number", None)  # as the browser says
    picture = state.picture(dataset, number, None) if isinstance(number, int) and number in known else ""
    look = f"{dataset} {state.dark()} {state.structure()}"
    data = {"number": number, "picture": picture, "look": look}
    _component(key=KEY, data=data, on_number_change=lambda: None)
