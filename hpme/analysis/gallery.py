"""Cards of a gallery: measures of many graphs, explained at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import metrics
from hpme.explainers.sizes import hard_mask
from hpme.forward.hops import CENTRE, has_centre
from hpme.forward.packed import chunks
from hpme.forward.question import ask
from hpme.metrics.evaluate import DRAWS, mix_metrics, subgraph_metrics
from hpme.metrics.forward import logits, random_mixes

HELD = 0.5  # share of mixed graphs; where fewer keep the prediction, it is lost
CHUNK = 500  # graphs that are mixed in one pass
MEASURES = (
    "kept_on_mix",
    "fid_plus",
    "fid_minus",
    "robust_fid_plus",
    "robust_fid_minus",
    "cos_subgraph",
    "cos_mix",
    "l2_subgraph",
    "l2_mix",
    "edge_auc",
    "edge_ap",
    "node_iou",
    "kept_share",
    "capacity_bits",
    "size_mix",
)  # names in `METRICS`: all that one graph alone has a value of
QUICK = ("kept_on_mix", "edge_auc", "node_iou", "kept_share", "capacity_bits")  # of these, what cards have


@dataclass(frozen=True)
class Card:
    """Measures of one explained graph."""

    graph: int  # its id
    keep: Tensor  # kept nodes, bool [N]
    output: Tensor  # the model's, [C]
    values: Mapping[str, float | None]  # by names in `MEASURES`, all in `QUICK`; None where there is none
    least: int = 0  # nodes that are kept in any case, such as that which the graph is around

    @property
    def extent(self) -> str:
        """Returns how much is kept: "part", "everything" or "nothing"."""
        kept = int(self.keep.sum())
        return "nothing" if kept <= self.least else "everything" if kept == len(self.keep) else "part"

    @property
    def lost(self) -> bool:
        """Returns whether the prediction is lost in most mixed graphs."""
        held = self.values["kept_on_mix"]
        return held is not None and held < HELD

    @property
    def confidence(self) -> float | None:
        """Returns the probability of the predicted class, or None in a regression."""
        return float(self.output.softmax(-1).max()) if len(self.output) > 1 else None

    def value(self, measure: str) -> float | None:
        """Returns the number to rank by: "graph" is the id, "confidence" the model's, others are values."""
        if measure == "graph":
            return self.graph
        return self.confidence if measure == "confidence" else self.values[measure]


def cards(
    model: nn.Module,
    graphs: Sequence[Data],
    explanations: Sequence[Explanation],
    seed: int = 0,
    progress: Callable[[int, int], Any] | None = None,
) -> list[Card]:
    """Measures explanations graph by graph, by what is in `QUICK`, in a few batched passes.

    Args:
        model: The explained model, in evaluation mode.
        graphs: The explained graphs, with ``graph_id``; they are each other's donors.
        explanations: Their explanations, with ``capacity_bits`` where they have it.
        seed: Of donors and links.
        progress: Called with the number of graphs that are done, and of all.

    Raises:
        ValueError: If there is no second graph that could be a donor.
    """
    keeps = [hard_mask(explanation) for explanation in explanations]
    scores = [explanation.edge_score for explanation in explanations]
    columns: dict[str, Sequence[float | None]] = {
        "kept_on_mix": _held(model, graphs, keeps, seed, progress),
        "edge_auc": [*map(metrics.edge_auc, graphs, scores)],
        "node_iou": [*map(metrics.node_iou, graphs, keeps)],
        "kept_share": metrics.kept_share(keeps).tolist(),
        "capacity_bits": [float(e.capacity_bits) if "capacity_bits" in e else None for e in explanations],
    }
    rows = [{name: columns[name][place] for name in QUICK} for place in range(len(graphs))]
    least = [int(graph[CENTRE].sum()) if has_centre(graph) else 0 for graph in graphs]
    ids = [int(graph.graph_id) for graph in graphs]
    return [*map(Card, ids, keeps, logits(model, graphs), rows, least)]


def with_measure(
    model: nn.Module,
    graphs: Sequence[Data],
    scores: Sequence[Tensor],
    explained: Sequence[Card],
    measure: str,
    seed: int = 0,
) -> list[Card]:
    """Returns the cards of graphs with one more of the `MEASURES`.

    Args:
        model: The explained model, in evaluation mode.
        graphs: The explained graphs; they are each other's donors.
        scores: Scores of the edges of each graph, ``[E]``.
        explained: Their cards.
        measure: One of the `MEASURES`.
        seed: Of donors, links and removed edges.
    """
    if measure in QUICK:
        return [*explained]
    keeps = [card.keep for card in explained]
    values: Sequence[float | None]
    if measure == "edge_ap":
        values = [*map(metrics.edge_ap, graphs, scores)]
    elif measure.startswith("robust"):
        robust = metrics.robust_fid_plus if measure == "robust_fid_plus" else metrics.robust_fid_minus
        values = robust(model, graphs, keeps, seed).tolist()
    elif measure.endswith("_mix"):
        values = _mixed(model, graphs, keeps, measure, seed)
    else:
        values = subgraph_metrics(model, graphs, keeps)[measure].tolist()
    rows = zip(explained, values, strict=True)
    return [replace(card, values={**card.values, measure: value}) for card, value in rows]


def _mixable(model: nn.Module, graphs: Sequence[Data]) -> bool:
    """Whether a kept part can be put into another graph: not for a model that reads positions."""
    question = ask(model)
    return not question.removal_only(question.pack([graphs[0]]))


def _mixed(
    model: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor], measure: str, seed: int
) -> Sequence[float | None]:
    if not _mixable(model, graphs):
        return [None] * len(graphs)
    mixes = [random_mixes(graphs, keeps, seed, draw) for draw in range(DRAWS)]
    return mix_metrics(model, graphs, mixes)[measure].tolist()


def _held(
    model: nn.Module,
    graphs: Sequence[Data],
    keeps: Sequence[Tensor],
    seed: int,
    progress: Callable[[int, int], Any] | None,
) -> list[float | None]:
    """Returns how often each prediction holds in mixed graphs; None of a model that reads positions."""
    held: list[float | None] = []
    if not _mixable(model, graphs):
        return [None] * len(graphs)
    for some in chunks(zip(graphs, keeps, strict=True), CHUNK):
        own, kept = zip(*some, strict=True)
        held += metrics.kept_on_mix(model, own, kept, seed, DRAWS, (graphs, keeps)).tolist()
        if progress:
            progress(len(held), len(graphs))
    return held


def ranked(explained: Sequence[Card], measure: str, *, best_first: bool = True) -> list[Card]:
    """Returns cards by one of their values; of equal ones the lower id comes first, those without it last."""
    sign = -1 if best_first else 1
    values = [(card, card.value(measure)) for card in explained]
    known = sorted((sign * value, card.graph, card) for card, value in values if value is not None)
    return [*(card for *_, card in known), *(card for card, value in values if value is None)]
