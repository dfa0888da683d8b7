"""A graph, its explanation and its mixed graph, laid out once for all views."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from torch import Tensor
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.figures.layout import layout, mixed_layout


@dataclass(frozen=True)
class Scene:
    """A graph, its explanation and its mixed graph, with the positions that the views share.

    Node ids are integers and mean the same in every view: node ``i`` of the graph is ``i`` wherever it
    appears, node ``j`` of the donor is ``graph.num_nodes + j``.
    """

    graph: Data
    explanation: Explanation
    donor: Data
    mixed: Data
    positions: np.ndarray  # [num_nodes, 2]
    labels: tuple[str, ...] = ()  # element symbol of each feature column; empty where nodes are not atoms

    @property
    def ranked(self) -> list[int]:
        """The graph's nodes, kept ones and high scores first."""
        score = self.explanation.node_score
        return (score + (score.max() - score.min() + 1) * self.keep).argsort(descending=True).tolist()

    @property
    def size(self) -> int:
        """Number of nodes of the graph."""
        return len(self.positions)  # a graph infers it anew at every call

    @cached_property
    def mixed_positions(self) -> np.ndarray:
        """Positions of the mixed graph's nodes ``[mixed.num_nodes, 2]``."""
        return mixed_layout(self.mixed, self.positions, layout(self.donor))

    @cached_property
    def keep(self) -> Tensor:
        """Kept nodes, bool ``[num_nodes]``."""
        return self.explanation.node_mask.view(-1) > 0.5

    @cached_property
    def ground_truth(self) -> Tensor | None:
        """Nodes of the true explanation, bool ``[num_nodes]``; None where this graph has none."""
        known = "node_gt" in self.graph and bool(self.graph.node_gt.any())
        return self.graph.node_gt if known else None

    @cached_property
    def mixed_ids(self) -> list[int]:
        """Id of each node of the mixed graph."""
        return (self.mixed.node_id + self.size * self.mixed.node_origin).tolist()

    def home(self, node: int) -> tuple[Data, int]:
        """The graph that a node comes from, and its number there."""
        return (self.graph, node) if node < self.size else (self.donor, node - self.size)

    def symbol(self, node: int) -> str:
        """Element letters of an atom; nothing for other nodes."""
        graph, own = self.home(node)
        return self.labels[int(graph.x[own].argmax())] if self.labels else ""

    def name(self, node: int) -> str:
        """Name of a node: ``C7`` for an atom, ``node 7`` otherwise."""
        return f"{self.symbol(node) or 'node '}{self.home(node)[1]}"


def scene(
    graph: Data,
    explanation: Explanation,
    donor: Data,
    mixed: Data,
    labels: Sequence[str] = (),
    positions: np.ndarray | None = None,
) -> Scene:
    """A graph, its explanation and its mixed graph with their positions.

    Args:
        graph: The explained graph.
        explanation: Its explanation, with ``node_mask`` and ``node_score``.
        donor: The graph whose own explanation was replaced.
        mixed: Result of ``explainer.mix(graph, donor)``.
        labels: Element symbol of each one-hot feature column, for molecules.
        positions: Result of `layout` for the graph, where it is known already.

    Returns:
        The scene; the same input gives the same positions.
    """
    places = layout(graph) if positions is None else positions
    return Scene(graph, explanation, donor, mixed, places, tuple(labels))
