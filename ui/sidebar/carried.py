"""Values of the sidebar's widgets, carried from page to page."""

from math import isfinite
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from hpme.explainers import REFERENCE

ANY, AUTO, PREDICTED = "any", "HPME's choice", "predicted"
LOOK = ("structure", "numbers")  # of molecules
SHARED = (
    "dataset",
    "model",
    "label",
    "answer",
    "graph",
    "mine",
    "explainer",
    "target",
    "seed",
    "size",
    "k",
    "donor",
    "draw",
    *LOOK,
)  # keys of the widgets whose state every page about one graph takes over


def start_at(model: str, values: dict[str, Any]) -> None:
    """Sets widgets to values, by key, and the rest of the sidebar to its defaults; in callbacks only."""
    first = {"label": ANY, "answer": ANY, "explainer": REFERENCE, "seed": 0, "size": AUTO, "draw": 0}
    first |= {"target": PREDICTED}
    fresh = dict.fromkeys(SHARED) | {"structure": True, "numbers": False} | first | {"model": model} | values
    st.session_state.update(fresh)
    st.session_state.shared = {key: fresh[key] for key in SHARED}
    st.query_params.pop("node", None)


def open_own(page: str, dataset: str, model: str, number: int | None = None, **settings: object) -> None:
    """Opens a page on a dataset or graph of the session's own; the picked explainer stays.

    Args:
        page: Path of its file.
        dataset: Name of the dataset.
        model: Name of one of its models.
        number: Id of an own graph; without it, the page's default.
        **settings: What else to pick, by the keys in `SHARED`.
    """
    before = st.session_state.get("shared", {})
    for key in SHARED:
        st.session_state.pop(key, None)
    drawn = {key: before[key] for key in LOOK if key in before}
    st.session_state.shared = drawn if number is None else drawn | {"mine": number}
    query = {"dataset": dataset, "model": model, "explainer": before.get("explainer", REFERENCE), **settings}
    st.switch_page(page, query_params={key: str(value) for key, value in query.items()})


def forget_own() -> None:
    """Goes back to the dataset's graphs."""
    st.session_state.mine = None


def went_back() -> bool:
    """Returns whether the visitor has just gone back or forward: the address then has all that is picked."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def take_over() -> None:
    """Sets the widgets to their values on another page, unless the address has values of its own."""
    if endless := [key for key, value in st.query_params.items() if _endless(value)]:
        for key in endless:
            del st.query_params[key]
        st.rerun()
    moved = st.session_state.get("shared_by") != _here()
    shared = st.session_state.setdefault("shared", {})
    if moved and "graph" in st.query_params:  # a link to one of the dataset's graphs
        st.session_state.pop("graph", None)
        shared["mine"] = None
    if went_back():
        shared.clear()
        for key in ("mine", "own_in_address", "picked", "history"):  # which the address names
            st.session_state.pop(key, None)
    if moved:  # boxes of this page have yet to read the address, though it names what another page shows
        for key in SHARED:
            st.session_state.pop(f"{key}-in-address", None)
    for key, value in shared.items():
        if (moved or key not in st.session_state) and key not in st.query_params:
            st.session_state[key] = value


def _endless(value: str) -> bool:
    """Returns whether a text stands for a number that is not finite, on which Streamlit's boxes break."""
    try:
        return not isfinite(float(value))
    except ValueError:
        return False


def share() -> None:
    """Keeps the values of the widgets for the next page."""
    st.session_state.shared |= {key: st.session_state[key] for key in SHARED if key in st.session_state}
    st.session_state.shared_by = _here()


def _here() -> str:
    """Returns a key of this page."""
    context = get_script_run_ctx()
    return context.page_script_hash if context else ""


def holds(key: str, value: str) -> bool:
    """Returns whether a parameter of the address is what the widget of that name now shows."""
    return key not in st.session_state or str(st.session_state[key]).casefold() == value.casefold()
