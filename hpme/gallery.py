"""Many graphs explained at once: what a card of a gallery says of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.explainers.base import hard_mask
from hpme.metrics import edge_auc, kept_on_mix, node_iou
from hpme.metrics.forward import logits

DRAWS = 5  # mixed graphs of each explained one


@dataclass(frozen=True)
class Card:
    """What is known of one explained graph; None where there is no ground truth."""

    graph: int  # its id
    keep: Tensor  # kept nodes, bool [N]
    output: Tensor  # the model's, [C]
    kept_on_mix: float  # share of mixed graphs with the same prediction
    kept_share: float
    edge_auc: float | None
    node_iou: float | None

    @property
    def confidence(self) -> float | None:
        """Probability of the predicted class; None in a regression."""
        return float(self.output.softmax(-1).max()) if len(self.output) > 1 else None


def cards(
    model: nn.Module, graphs: Sequence[Data], explanations: Sequence[Explanation], seed: int = 0
) -> list[Card]:
    """Measures explanations graph by graph, in a few batched passes.

    Args:
        model: The explained classifier, in evaluation mode.
        graphs: The explained graphs, with ``graph_id``; they are each other's donors.
        explanations: Their explanations.
        seed: Of donors and links.

    Raises:
        ValueError: If there is no second graph that could be a donor.
    """
    keeps = [hard_mask(explanation) for explanation in explanations]
    held = kept_on_mix(model, graphs, keeps, seed, DRAWS)
    rows = zip(graphs, keeps, logits(model, graphs), held.tolist(), explanations, strict=True)
    return [
        Card(
            *(int(graph.graph_id), keep, output, share, float(keep.float().mean())),
            *(edge_auc(graph, explanation.edge_score), node_iou(graph, keep)),
        )
        for graph, keep, output, share, explanation in rows
    ]


def ranked(some: Sequence[Card], measure: str, *, best_first: bool = True) -> list[Card]:
    """Cards by one of their measures; of equal ones the lower id goes first, those without it go last."""
    known = [card for card in some if getattr(card, measure) is not None]
    unknown = [card for card in some if getattr(card, measure) is None]
    sign = -1 if best_first else 1
    return [*sorted(known, key=lambda card: (sign * getattr(card, measure), card.graph)), *unknown]
