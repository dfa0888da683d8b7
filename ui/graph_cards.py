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

    def failures(self, card: Card) -> list[str]:
        """What the reader should know of a card before believing it, of `FAILURES`."""
        known = {WRONG: not self._right(card.graph), LOST: card.lost}
        known |= {words: card.extent == extent for extent, words in EXTENTS.items()}
        return [words for words in FAILURES if known[words]]

    def show(self, card: Card, facts: Sequence[str] = ()) -> None:
        """Shows a card, all of which is a link to the graph on Explain; `facts` are lines below its own."""
        pick = self.pick
        held = card.values["kept_on_mix"]
        lines = [] if held is None else [f"Holds in {held:.0%} of mixes"]
        known = {"AUC": card.values["edge_auc"], "IoU": card.values["node_iou"]}
        truth = [f"{name} {value:.2f}" for name, value in known.items() if value is not None]
        lines += [" · ".join(truth)] if truth else []
        kept, size = int(card.keep.sum()), len(card.keep)
        scale = state.scale(pick.dataset, pick.model)
        answer = figures.Answers(card.output[None], state.spec(pick.dataset).classes, scale)
        words = [self._prediction(card.graph, answer), *lines, *facts, f"{kept} of {size} nodes kept"]
        shares = tuple(card.keep.float().tolist())
        self._show(card.graph, shares, f"{kept} of {size} nodes are kept", words, self.failures(card))

    def show_unexplained(self, graph: int) -> None:
        """Shows the card of a graph that nothing explains yet: what the model predicts, and the label."""
        data = state.graph_of(self.pick.dataset, graph)
        answer = state.answer(self.pick.dataset, self.pick.model, graph)
        words = [self._prediction(graph, answer), f"Label: {plain(answer.label(data))}"]
        self._show(graph, None, figures.counts(data), words)

    def _show(
        self,
        graph: int,
        shares: tuple[float, ...] | None,
        alt: str,
        words: Sequence[str],
        marks: Sequence[str] = (),
    ) -> None:
        name = f"{state.spec(self.pick.dataset).item.capitalize()} {graph}"
        with st.container(border=True, height="stretch", gap="xsmall", key=f"card-{graph}"):
            links.explain_link(replace(self.pick, graph=graph), name)
            drawing = state.picture(self.pick.dataset, graph, shares)
            st.image(drawing, width="stretch", alt=f"{name}: {alt}")
            st.caption("  \n".join(words))
            if marks:
                st.markdown(" ".join(f":orange-badge[{mark}]" for mark in marks))

    def _right(self, graph: int) -> bool:
        """Whether the model is right about a graph."""
        label, predicted = state.labels_and_predictions(self.pick.dataset, self.pick.model)[graph]
        return label == predicted

    def _prediction(self, graph: int, answer: figures.Answers) -> str:
        """What the model predicts, as Markdown, with a mark for right and wrong and its confidence."""
        sure = "" if answer.scale else f", {float(answer.probabilities.max()):.0%}"
        return f"**{'✓' if self._right(graph) else '✗'} {plain(answer.prediction(0))}{sure}**"
