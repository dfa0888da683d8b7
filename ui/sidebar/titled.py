"""Boxes that show titles, while session and address hold names: Streamlit's own binding would hold titles."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from ui.sidebar.carried import went_back


def selectbox(label: str, names: Sequence[str], key: str, title: Callable[[str], str], **options: Any) -> str:
    """A box to pick one name; returns it.

    Args:
        label: Above the box.
        names: What there is to pick; the first one is the default, which the address leaves out.
        key: Of the widget, and of the parameter in the address.
        title: What to show for a name.
        **options: For Streamlit.
    """
    asked = _news(key) or ([names[0]] if went_back() else [])
    if asked and asked[0] in names:
        st.session_state[key] = asked[0]
    titles = {name: title(name) for name in names}
    picked = st.selectbox(label, names, key=key, format_func=lambda name: titles.get(name, name), **options)
    _write(key, [] if picked == names[0] else [picked])
    return picked


def multiselect(
    label: str,
    names: Sequence[str],
    key: str,
    title: Callable[[str], str],
    default: Sequence[str] = (),
    **options: Any,
) -> list[str]:
    """A box to pick several names; returns them. Arguments are those of `selectbox`."""
    asked = _news(key) or (default if went_back() else [])
    if asked:
        st.session_state[key] = [name for name in asked if name in names]
    else:
        st.session_state[key] = [name for name in st.session_state.get(key, default) if name in names]
    titles = {name: title(name) for name in names}
    picked = st.multiselect(label, names, key=key, format_func=lambda name: titles.get(name, name), **options)
    _write(key, [] if picked == list(default) else picked or [""])
    return picked


def held(names: Sequence[str], key: str) -> str:
    """One of some names that the session and the address hold, whatever box or button sets it; returns it.

    Args:
        names: What there is to pick; the first one is the default, which the address leaves out.
        key: Of the session, and of the parameter in the address.
    """
    asked = _news(key)
    if asked and asked[0] in names:
        st.session_state[key] = asked[0]
    if st.session_state.get(key) not in names:
        st.session_state[key] = names[0]
    picked: str = st.session_state[key]
    _write(key, [] if picked == names[0] else [picked])
    return picked


def _news(key: str) -> list[str]:
    """Names in the address that the widget does not know yet."""
    asked = st.query_params.get_all(key)
    known = key in st.session_state and asked == st.session_state.get(f"{key}-in-address")
    known = known and not went_back()
    return [] if known else asked


def _write(key: str, names: list[str]) -> None:
    """Puts names into the address."""
    if not names:
        st.query_params.pop(key, None)
    elif st.query_params.get_all(key) != names:
        st.query_params[key] = names
    st.session_state[f"{key}-in-address"] = names
