"""The linked three-panel component: selection, zoom and pan are mirrored in the browser."""

from typing import Any

import streamlit as st

from hpme.figures import style, trio_script

_component = st.components.v2.component(
    "hpme_trio", html="<div class='trio'></div>", css=style(), js=trio_script()
)


def show(data: dict[str, Any], asked: int | None) -> int | None:
    """Draws the panels.

    Args:
        data: Result of ``trio_data``.
        asked: Node to select until the user clicks one.

    Returns:
        The selected node, if any.
    """
    clicked = st.session_state.get("trio", {}).get("selected")  # known before the component is drawn again
    selected = clicked["node"] if clicked and clicked["token"] == data["token"] else asked
    _component(key="trio", data=data | {"selected": selected}, on_selected_change=lambda: None)
    return selected
