"""Six explanations worth seeing, for those who are here for the first time."""

import json
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from hpme.explainers.sizes import hard_mask
from hpme.home import PACKAGE
from ui import sidebar, state
from ui.ask import box

FILE = PACKAGE / "analysis" / "gallery.json"
TITLE = "**Start here: six explanations worth seeing**"
WIDTH, HEIGHT = 179, 120  # pixels; of a card, six of which stand side by side, and of its drawing


@dataclass(frozen=True)
class Example:
    """A card of the sample gallery; a test opens its view and checks what it says."""

    title: str
    notice: str  # what to notice
    page: str  # name of the page's file
    pick: dict[str, Any]  # values of the page's widgets, by key

    @property
    def model(self) -> str:
        """The model that is explained: its pick, or the dataset's default."""
        return self.pick.get("model") or state.models(self.pick["dataset"])[0]

    @property
    def drawing(self) -> str:
        """The graph with the nodes that HPME keeps, as SVG."""
        name, graph = self.pick["dataset"], self.pick["graph"]
        case = state.resolve(state.Pick(name, self.model, 0, None, graph, None, 0))
        own, _ = state.raw_explanation(case)
        return state.picture(name, graph, tuple(hard_mask(own).tolist()))


def examples() -> list[Example]:
    """The cards, in order."""
    return [Example(**card) for card in json.loads(FILE.read_text(encoding="utf8"))]


def begin() -> None:
    """Shows a button that shows the cards; who comes with nothing picked sees them at once."""
    go_on("explain")
    if "welcome" not in st.session_state:
        picked = "dataset" in st.session_state.get("shared", {}) or st.query_params.to_dict()
        st.session_state.welcome = not picked
    st.sidebar.button("Start here: six examples", on_click=_turn, width="stretch")


def show(pick: state.Pick) -> list[tuple[Example, DeltaGenerator]]:
    """Shows the cards until something else is picked; returns the places of their drawings."""
    if pick == st.session_state.get("cards_at") and _told(pick) is None:  # back where a card was opened
        st.session_state.welcome, st.session_state.welcomed = True, pick
    first = st.session_state.setdefault("welcomed", pick)
    if not st.session_state.welcome or first != pick:
        st.session_state.welcome = False
        return []
    box.small("first", wide=True)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(TITLE, width="content")
        st.button("Hide these", on_click=_turn, type="tertiary")
    with st.container(horizontal=True, gap="small", key="examples"):
        return [(example, _card(example)) for example in examples()]


def draw(places: list[tuple[Example, DeltaGenerator]]) -> None:
    """Draws the pictures of the cards, after everything else: that may have to load more datasets."""
    for example, place in places:
        place.image(example.drawing, width="stretch", alt=f"Drawing: {example.title}")


def _card(example: Example) -> DeltaGenerator:
    """Shows a card without its drawing; returns the place for that."""
    with st.container(border=True, width=WIDTH, height="stretch", gap="xsmall"):
        st.markdown(f"**{example.title}**")
        place = st.container(height=HEIGHT, border=False)
        st.caption(example.notice)
        st.button("Show me", key=f"example-{example.title}", on_click=_open, args=(example,))
    return place


def note(pick: state.Pick) -> None:
    """Shows the story of the card that was opened last, on its graph and model."""
    example, known = _told(pick), examples()
    if example is None:
        return
    following = known[(known.index(example) + 1) % len(known)]
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{example.title}.** {example.notice}")
        st.button("Next example", on_click=_open, args=(following,))


def _told(pick: state.Pick) -> Example | None:
    """The card that was opened last, where it is of this graph and model."""
    title, shown = st.session_state.get("example"), (pick.dataset, pick.model, pick.graph)
    for example in examples():
        if title == example.title and shown == (
            example.pick["dataset"],
            example.model,
            example.pick["graph"],
        ):
            return example
    return None


def go_on(here: str) -> None:
    """Goes to the page of the card that was just opened, unless it is this one; before any widget is shown.

    Args:
        here: Name of this page's file.
    """
    page = st.session_state.pop("opening", here)
    if page != here:
        example = next(one for one in examples() if one.title == st.session_state.example)
        views = {key: value for key, value in example.pick.items() if key in ("with", "below")}
        st.switch_page(f"pages/{page}.py", query_params=views)  # the rest is carried from page to page


def _turn() -> None:
    """Shows the cards, or hides them."""
    st.session_state.welcome = not st.session_state.welcome
    for key in ("welcomed", "cards_at"):
        st.session_state.pop(key, None)


def _open(example: Example) -> None:
    """Sets every widget of the view to what the card shows."""
    st.session_state.welcome, st.session_state.cards_at = False, st.session_state.get("welcomed")
    st.session_state.example, st.session_state.opening = example.title, example.page
    sidebar.start_at(example.model, example.pick)
