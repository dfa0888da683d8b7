"""The linked panels as a component: selection, zoom and pan are mirrored in the browser."""

from functools import partial
from typing import Any

import streamlit as st

from hpme.figures import style, trio_script

_component = st.components.v2.component(
    "hpme_trio", html="<div class='trio'></div>", css=style(), js=trio_script()
)


def show(data: dict[str, Any], asked: int | None, key: str = "trio") -> int | None:
    """Draws the panels.

    Args:
        data: Result of ``trio_data`` or ``grid_data``.
        asked: Node to select until the user picks one.
        key: Tells apart the panels of different views.

    Returns:
        The selected node, if any.
    """
    picked = st.session_state.get("picked")  # known before the component is drawn again
    selected = picked["node"] if picked and picked["token"] == data["token"] else asked
    _component(key=key, data=data | {"selected": selected}, on_selected_change=partial(_on_click, key))
    return selected


def choose(token: str, node: int | None) -> None:
    """Selects a node in the panels with this token."""
    st.session_state.picked = {"token": token, "node": node}


def _on_click(key: str) -> None:
    st.session_state.picked = st.session_state[key].selected
