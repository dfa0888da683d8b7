"""The Browse page: the test graphs as cards, each with its explanation and how well that works."""

from dataclasses import replace
from math import ceil

import streamlit as st

from ui import start

with start.loading():
    from hpme import figures
    from hpme.analysis import gallery
    from hpme.classifiers import model_title
    from hpme.metrics import METRICS
    from ui import links, progress, sidebar, state
    from ui.plain import plain
    from ui.titles import dataset_title

PER_PAGE = 24  # cards
SORTS = {"graph": "Number", "confidence": "Confidence"} | {
    name: METRICS[name].title for name in gallery.MEASURES
}
WRONG, LOST = "Wrong prediction", "Lost in mixes"
EXTENTS = {"nothing": "Nothing kept", "everything": "Everything kept"}
HELP = """
**✓ / ✗**: whether the model is right. **Holds in mixes**: how often the prediction holds when the kept part
is put into {draws} other graphs; where that is less than half, it is **lost**. Where the true explanation is
known, **AUC** says how well the edges are ranked, and **IoU** how far the kept nodes agree with the true
ones. Blue nodes are kept; outlined nodes are the ground truth. Where **nothing** or **everything** is kept,
the picture cannot tell what matters: nothing may be right where a class means that something is missing.
"""


def failures(card: gallery.Card, right: bool) -> list[str]:
    """What the reader should know of a card before believing it, as words for its badges."""
    known = {WRONG: not right, LOST: card.lost}
    known |= {words: card.extent == extent for extent, words in EXTENTS.items()}
    return [words for words, so in known.items() if so]


def ordered(cards: list[gallery.Card]) -> list[gallery.Card]:
    """Shows the controls of filter, order and page; returns the cards of that page."""
    with controls:
        only = st.pills(
            "Show only",
            [WRONG, *EXTENTS.values(), LOST],
            selection_mode="multi",
            key="only",
            bind="query-params",
            on_change=_first,
        )
        order = st.segmented_control(
            "Order",
            ["low first", "high first"],
            default="low first",
            required=True,
            key="order",
            bind="query-params",
            on_change=_first,
        )
        marked = [card for card in cards if not only or {*only} & {*failures(card, right(card))}]
        pages = max(ceil(len(marked) / PER_PAGE), 1)
        if st.session_state.get("page", 1) > pages:
            st.session_state.page = pages
        page = st.number_input(
            f"Page, 1 to {pages}", 1, pages, 1, 1, key="page", bind="query-params", width=160
        )
    if only:
        st.caption(f"{len(marked)} of these {len(cards)} {item}s are marked so.")
    ranked = gallery.ranked(marked, by, best_first=order == "high first")
    return ranked[(int(page) - 1) * PER_PAGE : int(page) * PER_PAGE]


def _first() -> None:
    """Goes to the first page."""
    st.session_state.page = 1


def turn(shown: list[gallery.Card]) -> None:
    """Shows buttons below the cards that lead to the pages before and after this one."""
    if not shown:
        return
    with st.container(horizontal=True, horizontal_alignment="center"):
        for label, step in (("Previous page", -1), ("Next page", 1)):
            st.button(label, on_click=_turn, args=(step,))


def _turn(step: int) -> None:
    st.session_state.page = max(st.session_state.page + step, 1)


def right(card: gallery.Card) -> bool:
    """Whether the model is right about the graph of a card."""
    label, predicted = predictions[card.graph]
    return label == predicted


def _sorted_by(card: gallery.Card) -> list[str]:
    """The value that the cards are sorted by, unless the card shows it anyway."""
    if by not in METRICS or by in ("kept_on_mix", "edge_auc", "node_iou", "kept_share"):
        return []
    value = card.values[by]
    return [f"{SORTS[by]} {'–' if value is None else f'{value:.2f}'}"]


def show(card: gallery.Card) -> None:
    """Shows one card, which opens the graph."""
    answer = figures.Answers(card.output[None], state.spec(pick.dataset).classes, scale)
    words = f"{'✓' if right(card) else '✗'} {plain(answer.prediction(0))}" + (
        "" if card.confidence is None else f", {card.confidence:.0%}"
    )
    held = card.values["kept_on_mix"]
    facts = [] if held is None else [f"Holds in {held:.0%} of mixes"]
    known = {"AUC": card.values["edge_auc"], "IoU": card.values["node_iou"]}
    truth = [f"{name} {value:.2f}" for name, value in known.items() if value is not None]
    facts += [" · ".join(truth)] if truth else []
    facts += _sorted_by(card)
    name = f"{item.capitalize()} {card.graph}"
    with st.container(border=True, height="stretch", gap="xsmall", key=f"card-{card.graph}"):
        links.explain_link(replace(pick, graph=card.graph), name)
        kept = int(card.keep.sum())
        drawing = state.picture(pick.dataset, card.graph, tuple(card.keep.float().tolist()), state.dark())
        alt = f"{name}: {kept} of {len(card.keep)} nodes are kept"
        st.image(drawing, width="stretch", alt=alt)
        st.caption("  \n".join([f"**{words}**", *facts, f"{kept} of {len(card.keep)} nodes kept"]))
        if marks := failures(card, right(card)):
            st.markdown(" ".join(f":orange-badge[{mark}]" for mark in marks))


with st.spinner("Loading the graphs, the model and its explainer …"):
    pick, matches = sidebar.filters()
    predictions = state.labels_and_predictions(pick.dataset, pick.model)
    scale = state.scale(pick.dataset, pick.model)
item = state.spec(pick.dataset).item
st.subheader(f"What {model_title(pick.model)} looks at in {dataset_title(pick.dataset)}")
left, aside = st.columns([5, 1], vertical_alignment="center")
with aside.popover("How to read this", type="tertiary"):
    st.markdown(HELP.format(draws=gallery.DRAWS))
    st.markdown("\n".join(f"* **{METRICS[name].title}**: {METRICS[name].help}" for name in gallery.MEASURES))
controls = st.container(horizontal=True, vertical_alignment="bottom")
with controls:
    by = st.selectbox(
        "Sort by",
        list(SORTS),
        format_func=SORTS.__getitem__,
        key="sort",
        bind="query-params",
        on_change=_first,
        width=220,
    )
with progress.told() as say, st.spinner(f"Measuring “{SORTS[by]}” …", show_time=True):
    cards = state.cards(pick.dataset, pick.model, pick.seed, by, say, **pick.place)
matching = [cards[graph] for graph in matches if graph in cards]
left.markdown(
    f"{len(matching)} of the {len(predictions)} test {item}s match."
    if len(cards) == len(predictions)
    else f"{len(matching)} {item}s match, of a fixed sample of {len(cards)} from the {len(predictions)} "
    f"test {item}s."
)
if not matching:
    st.info(f"None of these {item}s match; choose “any” in the sidebar.")
    st.stop()
shown = ordered(matching)
with st.container(horizontal=True, gap="small", key="cards"):
    for card in shown:
        show(card)
turn(shown)
