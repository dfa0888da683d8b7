"""Cards of a gallery: measures of many graphs, explained at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import metrics
from hpme.explainers.sizes import hard_mask
from hpme.metrics.evaluate import DRAWS, mix_metrics, subgraph_metrics
from hpme.metrics.forward import logits, random_mixes

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


@dataclass(frozen=True)
class Card:
    """Measures of one explained graph."""

    graph: int  # its id
    keep: Tensor  # kept nodes, bool [N]
    output: Tensor  # the model's, [C]
    values: Mapping[str, float | None]  # by the names in `MEASURES`; None where there is no ground truth

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
    model: nn.Module, graphs: Sequence[Data], explanations: Sequence[Explanation], seed: int = 0
) -> list[Card]:
    """Measures explanations graph by graph, in a few batched passes.

    Args:
        model: The explained model, in evaluation mode.
        graphs: The explained graphs, with ``graph_id``; they are each other's donors.
        explanations: Their explanations, with ``capacity_bits`` where they have it.
        seed: Of donors, links and removed edges.

    Raises:
        ValueError: If there is no second graph that could be a donor.
    """
    keeps = [hard_mask(explanation) for explanation in explanations]
    scores = [explanation.edge_score for explanation in explanations]
    columns: dict[str, list[float | None]] = {
        **_behaviour(model, graphs, keeps, seed),
        "edge_auc": [*map(metrics.edge_auc, graphs, scores)],
        "edge_ap": [*map(metrics.edge_ap, graphs, scores)],
        "node_iou": [*map(metrics.node_iou, graphs, keeps)],
        "capacity_bits": [float(e.capacity_bits) if "capacity_bits" in e else None for e in explanations],
    }
    rows = [{name: columns[name][place] for name in MEASURES} for place in range(len(graphs))]
    measured = zip(graphs, keeps, logits(model, graphs), rows, strict=True)
    return [Card(int(graph.graph_id), keep, output, row) for graph, keep, output, row in measured]


def _behaviour(
    model: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor], seed: int
) -> dict[str, list[float | None]]:
    """Returns the metrics of the kept parts: alone, left out, and mixed."""
    mixes = [random_mixes(graphs, keeps, seed, draw) for draw in range(DRAWS)]
    values = subgraph_metrics(model, graphs, keeps) | mix_metrics(model, graphs, mixes)
    values["robust_fid_plus"] = metrics.robust_fid_plus(model, graphs, keeps, seed)
    values["robust_fid_minus"] = metrics.robust_fid_minus(model, graphs, keeps, seed)
    return {name: value.tolist() for name, value in values.items()}


def ranked(explained: Sequence[Card], measure: str, *, best_first: bool = True) -> list[Card]:
    """Returns cards by one of their values; of equal ones the lower id comes first, those without it last."""
    sign = -1 if best_first else 1
    values = [(card, card.value(measure)) for card in explained]
    known = sorted((sign * value, card.graph, card) for card, value in values if value is not None)
    return [*(card for *_, card in known), *(card for card, value in values if value is None)]
