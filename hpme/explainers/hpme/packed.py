"""Hard explanations of packed graphs, from scores of their nodes and the model's answers."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.explainers.base import make_explanation, target_classes
from hpme.explainers.explained import Explained
from hpme.forward.packed import Packed
from hpme.method import pooling
from hpme.method.capacity import content_bits
from hpme.method.objective import log_odds


def hard_explanations(
    graphs: Packed, node_score: Tensor, logits: Tensor, target: int | None, types: tuple[int, int]
) -> Explained:
    """Returns the explanations that keep the nodes of a score above one half.

    Args:
        graphs: ``B`` graphs with ``N`` nodes.
        node_score: Scores ``[N]``.
        logits: What the model answers about the graphs ``[B, C]``.
        target: The explained class; None: of each graph the predicted one.
        types: Number of types of nodes, and of edges, for the bound on information.

    Raises:
        ValueError: If there is no such class.
    """
    keep = node_score > 0.5
    ends = keep[graphs.edge_index]
    classes = target_classes(logits, target)
    kept = torch.zeros_like(graphs.node_ptr[1:]).index_add_(0, graphs.batch, keep.long())
    sizes, place = kept.unique(return_inverse=True)
    bits = torch.tensor([content_bits(size, *types) for size in sizes.tolist()], dtype=torch.double)
    return Explained(
        graphs,
        node_score,
        keep,
        pooling.edge_score(node_score, graphs.edge_index),
        ends[0] & ends[1],
        logits,
        classes,
        log_odds(logits, classes),
        kept,
        bits.to(place.device)[place],
    )


class OneByOne:
    """Makes the explanation of one of the graphs that were explained together.

    Args:
        graphs: Those graphs, which may lie on another device.
        explained: Their explanations.
        types: Number of types of nodes, and of edges.
        notes: What all of them say.
    """

    def __init__(
        self, graphs: Sequence[Data], explained: Explained, types: tuple[int, int], notes: Sequence[str]
    ) -> None:
        self.graphs, self.explained, self.types, self.notes = graphs, explained, types, notes
        self.nodes, self.edges = explained.graphs.node_ptr.tolist(), explained.graphs.edge_ptr.tolist()

    def __call__(self, place: int) -> Explanation:
        """Returns the explanation of the graph at a place."""
        out = self.explained
        nodes = slice(self.nodes[place], self.nodes[place + 1])
        edges = slice(self.edges[place], self.edges[place + 1])
        explanation = make_explanation(
            self.graphs[place],
            out.node_score[nodes],
            out.edge_score[edges],
            out.keep[nodes].float(),
            out.edge_keep[edges].float(),
            out.target[place : place + 1],
        )
        explanation.notes[:] = [*self.notes, *explanation.notes]
        explanation.num_types, explanation.num_edge_types = self.types
        explanation.capacity_bits = float(out.bits[place])
        return explanation
