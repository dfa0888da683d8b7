"""Agreement with the ground truth: rankings of edges, and hard sets of nodes.

A graph without a ground truth (no mask, or one with nothing in it) has no value: None.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch_geometric.data import Data

from hpme.forward.around import MOTIF, GraphsAround


def has_ground_truth(graph: Data) -> bool:
    """Tells whether some node of the graph is marked as its ground truth."""
    return "node_gt" in graph and bool(graph.node_gt.any())


def with_ground_truth(graphs: Sequence[Data]) -> Sequence[Data]:
    """Returns the graphs with a ground truth; of graphs around nodes without cutting any."""
    if isinstance(graphs, GraphsAround):
        none = torch.full((graphs.whole.num_nodes,), -1)
        return graphs.of(graphs.nodes[graphs.whole.get(MOTIF, none)[graphs.nodes] >= 0])
    return [graph for graph in graphs if has_ground_truth(graph)]


def edge_auc(graph: Data, edge_score: Tensor) -> float | None:
    """Returns the area under the ROC curve of the edge scores ``[E]``; None if all are true, or none.

    Example:
        >>> from hpme import HPME, load_dataset
        >>> graph = load_dataset("ba-2motifs").test[0]
        >>> edge_auc(graph, HPME.load("ba-2motifs").explain(graph).edge_score)  # the house's edges come first
        1.0
    """
    return edge_auc_pooled([graph], [edge_score])


def edge_auc_pooled(graphs: Sequence[Data], edge_scores: Sequence[Tensor]) -> float | None:
    """Returns the area under the ROC curve over the edges of all graphs with a ground truth together."""
    truth, score = _pool(graphs, edge_scores)
    return _roc_auc(truth, score) if 0 < truth.sum() < len(truth) else None


def edge_ap(graph: Data, edge_score: Tensor) -> float | None:
    """Returns the average precision of the edge scores ``[E]``; None if all are true, or none."""
    from sklearn.metrics import average_precision_score  # here, as it takes .7 s to import

    truth, score = _pool([graph], [edge_score])
    return float(average_precision_score(truth.cpu(), score.cpu())) if 0 < truth.sum() < len(truth) else None


def node_iou(graph: Data, keep: Tensor) -> float | None:
    """Returns the kept true nodes over the nodes that are kept or true.

    Example:
        >>> from hpme import load_dataset
        >>> graph = load_dataset("ba-2motifs").test[0]
        >>> keep = graph.node_gt.clone()  # the five nodes of the house ...
        >>> keep[0] = True  # ... and one more: five of six
        >>> round(node_iou(graph, keep), 3)
        0.833
    """
    if not has_ground_truth(graph):
        return None
    return float((keep & graph.node_gt).sum() / (keep | graph.node_gt).sum())


def exact(graph: Data, keep: Tensor) -> bool | None:
    """Tells whether the kept nodes are the true ones, all and no other."""
    return bool((keep == graph.node_gt).all()) if has_ground_truth(graph) else None


def _roc_auc(truth: Tensor, score: Tensor) -> float:
    """Returns how often a true edge is scored above a false one, ties counting half.

    It equals scikit-learn's `roc_auc_score`, which takes .7 s to import: the first panels need no more of it.
    """
    _, place, count = score.unique(return_inverse=True, return_counts=True)
    rank = (count.cumsum(0) - (count.double() - 1) / 2)[place]  # equal scores share the mean of their ranks
    true = int(truth.sum())
    return float(rank[truth].sum() - true * (true + 1) / 2) / (true * (len(truth) - true))


def _pool(graphs: Sequence[Data], edge_scores: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    pairs = [
        (graph.edge_gt, score)
        for graph, score in zip(graphs, edge_scores, strict=True)
        if has_ground_truth(graph)
    ]
    if not pairs:
        return torch.zeros(0, dtype=torch.bool), torch.zeros(0)
    truth, score = zip(*pairs, strict=True)
    return torch.cat(truth), torch.cat(score)
