"""The ground truth as an explanation: the ceiling of every table."""

import torch
from torch import nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.explainers.base import Explainer, ExplainerSpec, explained_class, make_explanation


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
