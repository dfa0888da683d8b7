"""The held-out graphs as cards: what is kept of each, whether the model is right, how well that works."""

from math import ceil

import streamlit as st

from ui import start

with start.loading():
    from hpme import figures
    from hpme.analysis import gallery
    from hpme.metrics import METRICS
    from ui import sidebar, state

PER_PAGE, WIDTH = 24, 179  # cards; pixels, six of which stand side by side on a wide screen
SORTS = {"graph": "Graph number", "confidence": "Confidence"} | {
    name: METRICS[name].title for name in gallery.MEASURES
}
HELP = """
**✓ / ✗**: is the model right? **on mixes**: how often the prediction holds when the kept part is put into
{draws} other graphs. Where the true explanation is known: **AUC**, how well the edges are ranked, and
**IoU**, how far kept and true nodes agree. Blue: kept. Outlined: the ground truth.
"""


def controls(some: list[gallery.Card]) -> list[gallery.Card]:
    """In which order, and which page of it."""
    pages = max(ceil(len(some) / PER_PAGE), 1)
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
    ordered = gallery.ranked(some, by, best_first=order == "high first")
    return ordered[(int(page) - 1) * PER_PAGE : int(page) * PER_PAGE]


def _first() -> None:
    """Another order starts at its first page."""
    st.session_state.page = 1


def _sorted_by(card: gallery.Card) -> list[str]:
    """What the cards are sorted by, where a card would not say it otherwise."""
    by = st.session_state.sort
    if by not in METRICS or by in ("kept_on_mix", "edge_auc", "node_iou", "kept_share"):
        return []
    value = card.values[by]
    return [f"{SORTS[by]} {'–' if value is None else f'{value:.2f}'}"]


def show(pick: state.Pick, card: gallery.Card) -> None:
    """One card; its heading opens the graph."""
    label, said = state.held_out(pick.dataset, pick.model)[card.graph]
    answer = figures.Answers(card.output[None], state.spec(pick.dataset).classes, scale)
    query = {"dataset": pick.dataset, "model": pick.model, "graph": str(card.graph), "seed": str(pick.seed)}
    query |= {} if pick.checkpoint is None else {"size": str(pick.checkpoint)}
    mark = "✓" if label == said else "✗"
    words = f"{mark} {answer.said(0)}" + ("" if card.confidence is None else f", {card.confidence:.0%}")
    facts = [f"{card.values['kept_on_mix']:.0%} on mixes"]
    known = {"AUC": card.values["edge_auc"], "IoU": card.values["node_iou"]}
    truth = [f"{name} {value:.2f}" for name, value in known.items() if value is not None]
    facts += [" · ".join(truth)] if truth else []
    facts += _sorted_by(card)
    with st.container(border=True, width=WIDTH, height="stretch", gap="xsmall"):
        st.page_link("pages/explain.py", label=f"Graph {card.graph}", query_params=query)
        kept = int(card.keep.sum())
        drawing = state.picture(pick.dataset, card.graph, tuple(card.keep.float().tolist()), state.dark())
        alt = f"Graph {card.graph}: {kept} of {len(card.keep)} nodes are kept"
        st.image(drawing, width="stretch", alt=alt)
        st.caption("  \n".join([f"**{words}**", *facts, f"{kept} of {len(card.keep)} nodes kept"]))


with st.spinner("Loading the graphs, the classifier and its explainer …"):
    pick, matches = sidebar.filters()
    found = state.cards(pick.dataset, pick.model, pick.seed, pick.checkpoint)
    scale = state.scale(pick.dataset, pick.model)
st.subheader(f"What {pick.model.upper()} looks at in {state.spec(pick.dataset).title}")
chosen = [found[graph] for graph in matches if graph in found]
total = len(state.held_out(pick.dataset, pick.model))
left, right = st.columns([5, 1], vertical_alignment="center")
whole = f"the {total} held-out graphs"
left.markdown(
    f"{len(chosen)} of {whole} match."
    if len(found) == total
    else f"{len(chosen)} graphs match, of {len(found)} that were drawn from {whole}, always the same ones."
)
with right.popover("How to read this", type="tertiary"):
    st.markdown(HELP.format(draws=gallery.DRAWS))
    st.markdown("\n".join(f"* **{METRICS[name].title}**: {METRICS[name].help}" for name in gallery.MEASURES))
if not chosen:
    st.info("None of these graphs matches; choose “any” in the sidebar.")
    st.stop()
shown = controls(chosen)
with st.container(horizontal=True, gap="small"):
    for card in shown:
        show(pick, card)
