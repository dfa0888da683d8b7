"""The Browse page: the test graphs as cards, each with its explanation and how well that works."""

import streamlit as st

from ui import start

with start.loading():
    from hpme.analysis import gallery
    from hpme.classifiers import model_title
    from hpme.metrics import METRICS
    from ui import paging, progress, sidebar, state
    from ui.graph_cards import FAILURES, Cards
    from ui.titles import dataset_title

SORTS = {"graph": "Number", "confidence": "Confidence"} | {
    name: METRICS[name].title for name in gallery.MEASURES
}
ALWAYS = ("kept_on_mix", "edge_auc", "node_iou", "kept_share")  # what a card shows in any case
HELP = """
**✓ / ✗**: whether the model is right. **Holds in mixes**: how often the prediction holds when the kept part
is put into {draws} other graphs; where that is less than half, it is **lost**. Where the true explanation is
known, **AUC** says how well the edges are ranked, and **IoU** how far the kept nodes agree with the true
ones. Blue nodes are kept; outlined nodes are the ground truth. Where **nothing** or **everything** is kept,
the picture cannot tell what matters: nothing may be right where a class means that something is missing.
"""


def marked(matching: list[gallery.Card]) -> tuple[list[gallery.Card], str]:
    """Shows the filter by failures; returns the cards that pass it, and the filter in words."""
    only = st.pills(
        "Show only",
        FAILURES,
        selection_mode="multi",
        key="only",
        bind="query-params",
        on_change=paging.first,
        help="Several marks widen the choice: a graph needs one of them. Filters in the sidebar narrow it.",
    )
    chosen = [card for card in matching if not only or {*only} & {*cards.failures(card)}]
    return chosen, f" and are marked {' or '.join(f'“{mark}”' for mark in only)}" if only else ""


def sorted_by(card: gallery.Card) -> list[str]:
    """The value that the cards are sorted by, unless the card shows it anyway."""
    if by not in METRICS or by in ALWAYS:
        return []
    value = card.values[by]
    return [f"{SORTS[by]} {'–' if value is None else f'{value:.2f}'}"]


with st.spinner("Loading the graphs, the model and its explainer …"):
    pick, matches = sidebar.filters()
    predictions = state.labels_and_predictions(pick.dataset, pick.model)
cards, item = Cards(pick), state.spec(pick.dataset).item
st.subheader(f"What {model_title(pick.model)} looks at in {dataset_title(pick.dataset)}", anchor=False)
left, right = st.columns([5, 1], vertical_alignment="center")
with right.popover("How to read this", type="tertiary"):
    st.markdown(HELP.format(draws=gallery.DRAWS))
    others = [METRICS[name] for name in gallery.MEASURES if name not in ALWAYS]
    st.markdown("\n".join(f"* **{metric.title}**: {metric.help}" for metric in others))
controls = st.container(horizontal=True, vertical_alignment="bottom")
with controls:
    by = st.selectbox(
        "Sort by",
        list(SORTS),
        format_func=SORTS.__getitem__,
        key="sort",
        bind="query-params",
        on_change=paging.first,
        width=220,
    )
with progress.told() as say, st.spinner(f"Measuring “{SORTS[by]}” …", show_time=True):
    explained = state.cards(pick.dataset, pick.model, pick.seed, by, say, **pick.place)
matching = [explained[graph] for graph in matches if graph in explained]
with controls:
    chosen, marks = marked(matching)
left.markdown(
    f"{len(chosen)} of the {len(predictions)} test {item}s match{marks}."
    if len(explained) == len(predictions)
    else f"{len(chosen)} {item}s match{marks}, of a fixed sample of {len(explained)} from the "
    f"{len(predictions)} test {item}s."
)
if not chosen:
    way = "take off a mark above" if matching else "choose “any” in the sidebar"
    st.info(f"None of these {item}s match; {way}.")
    st.stop()
with controls:
    shown = paging.page_of(gallery.ranked(chosen, by, best_first=paging.high_first()))
with st.container(horizontal=True, gap="small", key="cards"):
    for card in shown:
        cards.show(card, sorted_by(card))
paging.turn(len(chosen))
