"""Explained graphs as cards, each a link to its explanation, with marks for what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from hpme import figures
from hpme.analysis.gallery import Card
from ui import links, state
from ui.plain import plain

WRONG, LOST = "Wrong prediction", "Lost in mixes"
EXTENTS = {"nothing": "Nothing kept", "everything": "Everything kept"}
FAILURES = (WRONG, *EXTENTS.values(), LOST)


@dataclass(frozen=True)
class Cards:
    """How cards of a dataset's test graphs are shown."""

    pick: state.Pick

    def right(self, card: Card) -> bool:
        """Whether the model is right about the graph of a card."""
        label, predicted = state.labels_and_predictions(self.pick.dataset, self.pick.model)[card.graph]
        return label == predicted

    def failures(self, card: Card) -> list[str]:
        """What the reader should know of a card before believing it, of `FAILURES`."""
        known = {WRONG: not self.right(card), LOST: card.lost}
        known |= {words: card.extent == extent for extent, words in EXTENTS.items()}
        return [words for words in FAILURES if known[words]]

    def prediction(self, card: Card) -> str:
        """What the model predicts, as Markdown, with a mark for right and wrong and its confidence."""
        pick = self.pick
        scale = state.scale(pick.dataset, pick.model)
        answer = figures.Answers(card.output[None], state.spec(pick.dataset).classes, scale)
        sure = "" if card.confidence is None else f", {card.confidence:.0%}"
        return f"{'✓' if self.right(card) else '✗'} {plain(answer.prediction(0))}{sure}"

    def show(self, card: Card, facts: Sequence[str] = ()) -> None:
        """Shows a card, all of which is a link to the graph on Explain; `facts` are lines below its own."""
        pick = self.pick
        held = card.values["kept_on_mix"]
        lines = [] if held is None else [f"Holds in {held:.0%} of mixes"]
        known = {"AUC": card.values["edge_auc"], "IoU": card.values["node_iou"]}
        truth = [f"{name} {value:.2f}" for name, value in known.items() if value is not None]
        lines += [" · ".join(truth)] if truth else []
        name = f"{state.spec(pick.dataset).item.capitalize()} {card.graph}"
        with st.container(border=True, height="stretch", gap="xsmall", key=f"card-{card.graph}"):
            links.explain_link(replace(pick, graph=card.graph), name)
            kept = int(card.keep.sum())
            shares = tuple(card.keep.float().tolist())
            drawing = state.picture(pick.dataset, card.graph, shares)
            st.image(drawing, width="stretch", alt=f"{name}: {kept} of {len(card.keep)} nodes are kept")
            words = [f"**{self.prediction(card)}**", *lines, *facts, f"{kept} of {len(card.keep)} nodes kept"]
            st.caption("  \n".join(words))
            if marks := self.failures(card):
                st.markdown(" ".join(f":orange-badge[{mark}]" for mark in marks))
