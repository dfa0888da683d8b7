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
    from ui import links, sidebar, state
    from ui.plain import plain
    from ui.titles import dataset_title

PER_PAGE, WIDTH = 24, 179  # cards; pixels, six of which stand side by side on a wide screen
SORTS = {"graph": "Number", "confidence": "Confidence"} | {
    name: METRICS[name].title for name in gallery.MEASURES
}
HELP = """
**✓ / ✗**: whether the model is right. **Holds in mixes**: how often the prediction holds when the kept part
is put into {draws} other graphs. Where the true explanation is known, **AUC** says how well the edges are
ranked, and **IoU** how far the kept nodes agree with the true ones. Blue nodes are kept; outlined nodes are
the ground truth.
"""


def controls(cards: list[gallery.Card]) -> list[gallery.Card]:
    """Shows the controls of order and page; returns the cards of that page."""
    pages = max(ceil(len(cards) / PER_PAGE), 1)
    if st.session_state.get("page", 1) > pages:
        st.session_state.page = pages
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.selectbox(
            "Sort by",
            list(SORTS),
            format_func=SORTS.__getitem__,
            key="sort",
            bind="query-params",
            on_change=_first,
            width=260,
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
        page = st.number_input(
            f"Page, 1 to {pages}", 1, pages, 1, 1, key="page", bind="query-params", width=160
        )
    ordered = gallery.ranked(cards, by, best_first=order == "high first")
    return ordered[(int(page) - 1) * PER_PAGE : int(page) * PER_PAGE]


def _first() -> None:
    """Goes to the first page."""
    st.session_state.page = 1


def _sorted_by(card: gallery.Card) -> list[str]:
    """The value that the cards are sorted by, unless the card shows it anyway."""
    by = st.session_state.sort
    if by not in METRICS or by in ("kept_on_mix", "edge_auc", "node_iou", "kept_share"):
        return []
    value = card.values[by]
    return [f"{SORTS[by]} {'–' if value is None else f'{value:.2f}'}"]


def show(pick: state.Pick, card: gallery.Card) -> None:
    """Shows one card; its heading opens the graph."""
    label, predicted = state.labels_and_predictions(pick.dataset, pick.model)[card.graph]
    answer = figures.Answers(card.output[None], state.spec(pick.dataset).classes, scale)
    mark = "✓" if label == predicted else "✗"
    words = f"{mark} {plain(answer.prediction(0))}" + (
        "" if card.confidence is None else f", {card.confidence:.0%}"
    )
    facts = [f"Holds in {card.values['kept_on_mix']:.0%} of mixes"]
    known = {"AUC": card.values["edge_auc"], "IoU": card.values["node_iou"]}
    truth = [f"{name} {value:.2f}" for name, value in known.items() if value is not None]
    facts += [" · ".join(truth)] if truth else []
    facts += _sorted_by(card)
    name = f"{state.spec(pick.dataset).item.capitalize()} {card.graph}"
    with st.container(border=True, width=WIDTH, height="stretch", gap="xsmall"):
        links.explain_link(replace(pick, graph=card.graph), name)
        kept = int(card.keep.sum())
        drawing = state.picture(pick.dataset, card.graph, tuple(card.keep.float().tolist()), state.dark())
        alt = f"{name}: {kept} of {len(card.keep)} nodes are kept"
        st.image(drawing, width="stretch", alt=alt)
        st.caption("  \n".join([f"**{words}**", *facts, f"{kept} of {len(card.keep)} nodes kept"]))


with st.spinner("Loading the graphs, the model and its explainer …"):
    pick, matches = sidebar.filters()
    cards = state.cards(pick.dataset, pick.model, pick.seed, **pick.place)
    scale = state.scale(pick.dataset, pick.model)
st.subheader(f"What {model_title(pick.model)} looks at in {dataset_title(pick.dataset)}")
matching = [cards[graph] for graph in matches if graph in cards]
item, total = state.spec(pick.dataset).item, len(state.labels_and_predictions(pick.dataset, pick.model))
left, right = st.columns([5, 1], vertical_alignment="center")
left.markdown(
    f"{len(matching)} of the {total} test {item}s match."
    if len(cards) == total
    else f"{len(matching)} {item}s match, of a fixed sample of {len(cards)} from the {total} test {item}s."
)
with right.popover("How to read this", type="tertiary"):
    st.markdown(HELP.format(draws=gallery.DRAWS))
    st.markdown("\n".join(f"* **{METRICS[name].title}**: {METRICS[name].help}" for name in gallery.MEASURES))
if not matching:
    st.info(f"None of these {item}s match; choose “any” in the sidebar.")
    st.stop()
shown = controls(matching)
with st.container(horizontal=True, gap="small"):
    for card in shown:
        show(pick, card)
