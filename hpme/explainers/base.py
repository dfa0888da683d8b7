"""What explainers share: the protocol, and the functions that turn one kind of score into another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.pooling import edge_score as lower_end


class NotFittedError(RuntimeError):
    """Raised when an explainer that has to learn is asked to explain before `fit`."""


class Explainer(Protocol):
    """Learns once from graphs, then explains the classifier's prediction on any graph.

    An explanation is PyG's `Explanation` with ``x``, ``edge_index``, ``node_mask [N, 1]``, ``edge_mask [E]``
    (0 or 1 for hard explainers), ``node_score [N]``, ``edge_score [E]`` (a ranking, larger is more important)
    and ``target [1]``, the explained class: the predicted one, unless `target` names another.
    """

    def fit(self, graphs: Sequence[Data]) -> Self:
        """Learns from `graphs`; explainers with nothing to learn return at once."""
        ...

    def explain(self, graph: Data, target: int | None = None) -> Explanation:
        """Explains one graph."""
        ...

    def explain_batch(self, graphs: Sequence[Data]) -> list[Explanation]:
        """Explains the predicted class of each graph, in order."""
        ...


@dataclass(frozen=True)
class ExplainerSpec:
    """An entry of the `EXPLAINERS` registry."""

    name: str
    title: str
    hard: bool  # the mask is 0/1 and its size the explainer's own
    build: Callable[[nn.Module, int], Explainer]  # (model, seed): an unfitted explainer of the model
    source: str


def explained_class(model: nn.Module, graph: Data, target: int | None = None) -> Tensor:
    """Returns `target` as an int64 tensor ``[1]``, or the class predicted for `graph` where it is None."""
    if target is not None:
        return torch.tensor([target])
    batch = graph.x.new_zeros(graph.num_nodes, dtype=torch.long)
    with torch.no_grad():
        return model(graph.x, graph.edge_index, batch).argmax(-1)


def top_nodes(node_score: Tensor, k: int) -> Tensor:
    """Marks the `k` nodes of largest score, ``bool [N]``; of equal scores the lower node id goes first."""
    keep = torch.zeros(len(node_score), dtype=torch.bool)
    keep[node_score.sort(descending=True, stable=True).indices[: max(k, 0)]] = True
    return keep


def hard_mask(explanation: Explanation, k: int | None = None) -> Tensor:
    """Returns the kept nodes, ``bool [N]``: the `k` best ranked, or without `k` all with a mask above 1/2."""
    if k is not None:
        return top_nodes(explanation.node_score, k)
    return explanation.node_mask.view(-1) > 0.5


def edge_to_node_scores(edge_index: Tensor, edge_score: Tensor, num_nodes: int) -> Tensor:
    """Returns each node's largest score among its edges, in or out, ``[N]``; a node without edges has 0."""
    scores = edge_score.new_zeros(num_nodes)
    return scores.scatter_reduce(0, edge_index.reshape(-1), edge_score.repeat(2), "amax", include_self=False)


def undirected_pairs(edge_index: Tensor, num_nodes: int) -> Tensor:
    """Numbers the undirected edges from 0: both directions of an edge have the same number, ``[E]``."""
    low, high = edge_index.amin(0), edge_index.amax(0)
    return torch.unique(low * num_nodes + high, return_inverse=True)[1]


def average_directions(edge_index: Tensor, edge_score: Tensor, num_nodes: int) -> Tensor:
    """Gives both directions of each edge their mean score, ``[E]``."""
    pair = undirected_pairs(edge_index, num_nodes)
    mean = edge_score.new_zeros(len(pair)).scatter_reduce(0, pair, edge_score, "mean", include_self=False)
    return mean[pair]


def explain_nodes(graph: Data, node_score: Tensor, target: Tensor) -> Explanation:
    """Soft explanation by scores of nodes ``[N]``: an edge scores as its lower end, masks equal scores."""
    return _soft(graph, node_score, lower_end(node_score, graph.edge_index), target)


def explain_edges(graph: Data, edge_score: Tensor, target: Tensor) -> Explanation:
    """Soft explanation by scores of edges ``[E]``: a node scores as its best edge, masks equal scores."""
    node_score = edge_to_node_scores(graph.edge_index, edge_score, graph.num_nodes)
    return _soft(graph, node_score, edge_score, target)


def _soft(graph: Data, node_score: Tensor, edge_score: Tensor, target: Tensor) -> Explanation:
    return Explanation(
        x=graph.x,
        edge_index=graph.edge_index,
        node_mask=node_score[:, None],
        edge_mask=edge_score,
        node_score=node_score,
        edge_score=edge_score,
        target=target,
    )
