"""The linked panels as a component: selection, zoom and pan are mirrored in the browser."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from hpme.figures import style, trio_script
from ui.component import component

_component = component("trio", "<div class='trio'></div>", trio_script(), style())


def show(data: dict[str, Any], asked: int | None, key: str = "trio", file: str = "") -> int | None:
    """Shows the panels.

    Args:
        data: Result of ``trio_data`` or ``grid_data``.
        asked: Node to select until the user picks one.
        key: Tells apart the panels of different views.
        file: Starts the names of pictures that are saved; empty: the panels' own token.

    Returns:
        The selected node, if any.
    """
    picked = st.session_state.get("picked")  # known before the component is drawn again
    selected = picked["node"] if picked and picked["token"] == data["token"] else asked
    named = {"file": file} if file else {}
    draw(data | {"selected": selected} | named, key, _remember)
    return selected


def draw(data: dict[str, Any], key: str, on_pick: Callable[[dict[str, Any]], None]) -> None:
    """Shows the panels, and calls `on_pick` with the ``token``, ``node`` and ``edge`` of each click."""
    if st.session_state.pop("theme_turned", False):  # pictures beside the panels have their theme, too
        st.rerun(scope="app")
    _component(
        key=key,
        data=data,
        on_selected_change=partial(_on_click, key, on_pick),
        on_theme_change=_on_theme,
    )


def choose(token: str, node: int | None) -> None:
    """Selects a node in the panels with this token."""
    st.session_state.picked = {"token": token, "node": node}


def _on_click(key: str, on_pick: Callable[[dict[str, Any]], None]) -> None:
    on_pick(st.session_state[key].selected)


def _on_theme() -> None:
    st.session_state.theme_turned = True


def _remember(picked: dict[str, Any]) -> None:
    st.session_state.picked = picked
