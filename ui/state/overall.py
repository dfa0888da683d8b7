"""The test graphs explained at once, with their measures, and what is kept of them in pieces."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from torch import Tensor
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import benchmark
from hpme.analysis import gallery
from hpme.analysis.gallery import Card
from hpme.analysis.overall import KeptPart, kept_parts
from hpme.analysis.shapes import Shape
from hpme.forward.around import taken
from hpme.forward.packed import chunks
from hpme.jobs.results import ResultCache
from ui.state.sources import classifier, dataset, explainer, spec

MOST, MOST_AROUND = 5_000, 500  # graphs, and graphs around nodes, which are large; of more, a fixed sample
CHUNK = 250  # graphs that are explained before the page hears of it
KEPT = 6  # datasets, models and sizes whose results are held

Say = Callable[[str, int, int], Any]  # what is done, and how many of how many


@dataclass(frozen=True)
class HeldOut:
    """The test graphs as they are explained at one place of the path."""

    graphs: Sequence[Data]
    scores: list[Tensor]  # of edges
    cards: list[Card]


def held_out(name: str, arch: str, seed: int, say: Say, **place: Any) -> HeldOut:
    """The test graphs explained and measured; where there are too many, a fixed sample.

    Args:
        name: Of the dataset.
        arch: Of the model.
        seed: Of the explainer.
        say: Told how far it is, unless the result is held.
        **place: Where on the path, see `Pick.place`.
    """
    key = ("cards", name, arch, seed, *sorted(place.items()))
    found = _held().get(key)
    if found is None:
        pool = dataset(name).test
        most = MOST_AROUND if spec(name).of_nodes else MOST
        graphs = taken(pool, benchmark.draw_places(len(pool), most))
        found = _explained(name, arch, seed, graphs, say, place)
        _held().put(key, found)
    return found


def pieces(name: str, arch: str, seed: int, say: Say, **place: Any) -> tuple[list[KeptPart], list[Shape]]:
    """What is kept of these graphs in pieces, and the shapes of the pieces; arguments as of `held_out`."""
    key = ("pieces", name, arch, seed, *sorted(place.items()))
    found = _held().get(key)
    if found is None:
        held, labels = held_out(name, arch, seed, say, **place), spec(name).node_labels
        found = kept_parts(
            classifier(name, arch),
            held.graphs,
            held.cards,
            labels,
            lambda done, total: say("Telling the pieces apart", done, total),
        )
        _held().put(key, found)
    return found


def cards(name: str, arch: str, seed: int, measure: str, say: Say, **place: Any) -> dict[int, Card]:
    """The cards of these graphs by id, with one more measure; arguments as of `held_out`."""
    if measure not in gallery.MEASURES:
        measure = gallery.QUICK[0]
    key = ("measured", measure, name, arch, seed, *sorted(place.items()))
    found = _held().get(key)
    if found is None:
        held, model = held_out(name, arch, seed, say, **place), classifier(name, arch)
        with_one = gallery.with_measure(model, held.graphs, held.scores, held.cards, measure, seed)
        found = {card.graph: card for card in with_one}
        _held().put(key, found)
    return found


def _explained(
    name: str, arch: str, seed: int, graphs: Sequence[Data], say: Say, place: dict[str, Any]
) -> HeldOut:
    explanations: list[Explanation] = []
    for some in chunks(graphs, CHUNK):
        explanations += explainer(name, arch, seed).explain_batch(some, **place)
        say("Explaining", len(explanations), len(graphs))
    measured = gallery.cards(
        classifier(name, arch),
        [*graphs],
        explanations,
        seed,
        lambda done, total: say("Trying the kept parts in other graphs", done, total),
    )
    return HeldOut(graphs, [explanation.edge_score for explanation in explanations], measured)


@st.cache_resource(show_spinner=False)
def _held() -> ResultCache:
    return ResultCache(3 * KEPT)
