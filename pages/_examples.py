"""Six explanations worth seeing, each a view of its own, for those who are here for the first time."""

import json
from dataclasses import dataclass
from typing import Any

import streamlit as st

from hpme.explainers.base import hard_mask
from hpme.home import HOME
from pages import _sidebar, _state

FILE = HOME / "assets" / "gallery.json"
TITLE = "Start here: six explanations worth seeing"


@dataclass(frozen=True)
class Example:
    """A card of the sample gallery; a test opens its view and checks what it says."""

    title: str
    notice: str  # what to notice
    page: str  # name of the page's file
    pick: dict[str, Any]  # values of the page's widgets, by key

    @property
    def drawing(self) -> str:
        """The graph with the nodes that HPME keeps, as SVG."""
        name, graph = self.pick["dataset"], self.pick["graph"]
        own, _ = _state.native(_state.Pick(name, _state.models(name)[0], 0, None, graph, None, 0))
        return _state.picture(name, graph, tuple(hard_mask(own).tolist()), _state.dark())


def examples() -> list[Example]:
    """The cards, in order."""
    return [Example(**card) for card in json.loads(FILE.read_text(encoding="utf8"))]


def offer() -> None:
    """A button above the sidebar that shows the cards."""
    if st.sidebar.button("Start here: six examples", width="stretch"):
        _cards()


@st.dialog(TITLE, width="large")
def _cards() -> None:
    some = examples()
    for start in range(0, len(some), 3):
        for column, example in zip(st.columns(3), some[start : start + 3], strict=True):
            with column.container(border=True, height="stretch", gap="xsmall"):
                st.markdown(f"**{example.title}**")
                with st.spinner("Drawing …"):
                    st.image(example.drawing, width="stretch", alt=f"Drawing: {example.title}")
                st.caption(example.notice)
                if st.button("Show me", key=f"example-{example.title}", on_click=_open, args=(example,)):
                    st.switch_page(f"pages/{example.page}.py")


def _open(example: Example) -> None:
    """Sets every widget of the view to what the card shows."""
    _sidebar.start_at(_state.models(example.pick["dataset"])[0], example.pick)
