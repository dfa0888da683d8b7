"""The linked three-panel component: selection, zoom and pan are mirrored in the browser."""

from typing import Any

import streamlit as st

from hpme.figures import style, trio_script

_component = st.components.v2.component(
    "hpme_trio", html="<div class='trio'></div>", css=style(), js=trio_script()
)


def show(data: dict[str, Any], selected: int | None) -> int | None:
    """Draws the panels.

    Args:
        data: Result of ``trio_data``.
        selected: Node to select at first.

    Returns:
        The node that the user clicked last on this graph; `selected` before the first click.
    """
    state = _component(key="trio", data=data | {"selected": selected}, on_selected_change=lambda: None)
    clicked = state.selected
    return clicked["node"] if clicked and clicked["token"] == data["token"] else selected
