"""Random scores: the baseline that every table of explainers needs."""

import torch
from torch import nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.explainers.base import (
    Explainer,
    ExplainerSpec,
    checked_one,
    explain_nodes,
    explained_class,
    noted,
    own_draws,
)
from hpme.forward.question import ask


class RandomExplainer(Explainer):
    r"""Scores each node with an independent draw from :math:`U[0, 1)`.

    The draws depend on the seed and on the graph's ``graph_id`` (0 where it has none), not on the order of
    the calls. The model is called once a graph, for its prediction.

    Args:
        model: Model, or `hpme.forward.question.Question`; not changed.
        seed: Seed of the draws.
    """

    def __init__(self, model: nn.Module, seed: int = 0) -> None:
        self.question = ask(model)
        self.seed = seed

    def explain(self, graph: Data, target: int | None = None) -> Explanation:
        """Explains one graph with soft masks that equal the scores."""
        graph = checked_one(graph)
        draws = own_draws(self.seed, graph)
        node_score = torch.rand(graph.num_nodes, generator=draws)
        label = explained_class(self.question, graph, target)
        return noted(self.question, [graph], [explain_nodes(graph, node_score, label)])[0]


RANDOM = ExplainerSpec(
    name="random",
    title="Random",
    hard=False,
    learns=False,
    one_pass=True,
    build=RandomExplainer,
    source="baseline: random",
)
