"""The ground truth as an explanation: the ceiling of every table."""

from collections.abc import Sequence

import torch
from torch import nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.explainers import HPME, hard_mask
from hpme.explainers.base import Explainer, ExplainerSpec, explained_class, make_explanation
from hpme.metrics import has_ground_truth, node_iou
from hpme.metrics.evaluate import mean


class GroundTruth(Explainer):
    """Keeps exactly the nodes that the dataset marks, and no node where it marks none.

    The model's prediction from these shows whether it uses the ground truth at all.

    Args:
        model: Model called as ``model(x, edge_index, batch)``.
    """

    def __init__(self, model: nn.Module) -> None:
        self.model = model.eval()

    def explain(self, graph: Data, target: int | None = None) -> Explanation:
        """Explains one graph; see `hpme.explainers.Explainer`."""
        marked = "node_gt" in graph
        node = graph.node_gt.float() if marked else torch.zeros(graph.num_nodes)
        edge = graph.edge_gt.float() if marked else torch.zeros(graph.edge_index.size(1))
        label = explained_class(self.model, graph, target)
        return make_explanation(graph, node, edge, node, edge, label)


def best_on_path(explainer: Explainer, graphs: Sequence[Data]) -> float | None:
    """Returns the mean node IoU at that point of HPME's path where it is largest; None of other explainers.

    It says what another choice of the size could give, and is no result: a choice may not ask for the truth.
    """
    if not isinstance(explainer, HPME) or not any(map(has_ground_truth, graphs)):
        return None
    return max(
        mean(map(node_iou, graphs, map(hard_mask, explainer.explain_batch(graphs, point)))) or 0.0
        for point in range(len(explainer.path))
    )


GROUND_TRUTH = ExplainerSpec(
    name="ground-truth",
    title="Ground truth",
    hard=True,
    learns=False,
    one_pass=True,
    build=lambda model, seed: GroundTruth(model),
    source="ceiling: the ground truth itself",
    ceiling=True,
)
