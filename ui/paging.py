"""Many cards as pages: which one is shown is in the address."""

from collections.abc import Sequence
from math import ceil
from typing import TypeVar

import streamlit as st

T = TypeVar("T")
PER_PAGE = 24


def page_of(items: Sequence[T]) -> Sequence[T]:
    """Shows the box for the number of the page; returns the items of that page."""
    pages = max(ceil(len(items) / PER_PAGE), 1)
    if st.session_state.get("page", 1) > pages:
        st.session_state.page = pages
    page = st.number_input(f"Page, 1 to {pages}", 1, pages, 1, 1, key="page", bind="query-params", width=160)
    return items[(int(page) - 1) * PER_PAGE : int(page) * PER_PAGE]


def first() -> None:
    """Goes to the first page; in callbacks only."""
    st.session_state.page = 1


def high_first() -> bool:
    """Shows the two directions of an order; returns whether the high ones come first."""
    order = st.segmented_control(
        "Order",
        ["low first", "high first"],
        default="low first",
        required=True,
        key="order",
        bind="query-params",
        on_change=first,
    )
    return bool(order == "high first")


def turn(count: int) -> None:
    """Shows buttons that lead to the pages before and after this one, where `count` items fill several."""
    pages, page = ceil(count / PER_PAGE), st.session_state.page
    if pages < 2:
        return
    with st.container(horizontal=True, horizontal_alignment="center"):
        st.button("Previous page", on_click=_turn, args=(-1,), disabled=page == 1)
        st.button("Next page", on_click=_turn, args=(1,), disabled=page == pages)


def _turn(step: int) -> None:
    st.session_state.page += step
