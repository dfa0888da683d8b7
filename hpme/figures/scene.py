"""A graph, its explanation and its mixed graph, laid out once for all views."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from torch import Tensor
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.figures.layout import layout, mixed_layout
from hpme.forward.hops import CENTRE, has_centre


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
    lay_out: Callable[[Data], np.ndarray] = layout  # or one that remembers, for the donor

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
    def centre(self) -> int | None:
        """The node whose prediction is explained, where a model predicts nodes; of graphs there is none."""
        return int(self.graph[CENTRE].view(-1).nonzero()) if has_centre(self.graph) else None

    @property
    def item(self) -> str:
        """The word for what is predicted: "node" or "graph"."""
        return "graph" if self.centre is None else "node"

    @cached_property
    def mixed_positions(self) -> np.ndarray:
        """Positions of the mixed graph's nodes ``[mixed.num_nodes, 2]``."""
        return mixed_layout(self.mixed, self.positions, self.lay_out(self.donor))

    @cached_property
    def keep(self) -> Tensor:
        """Kept nodes, bool ``[num_nodes]``."""
        return self.explanation.node_mask.view(-1) > 0.5

    @cached_property
    def ground_truth(self) -> Tensor | None:
        """Nodes of the true explanation, bool ``[num_nodes]``; None where this graph has none."""
        known = "node_gt" in self.graph and bool(self.graph.node_gt.any())
        return self.graph.node_gt if known else None

    # Plain values: every drawing asks about each node, and a number out of a tensor takes microseconds.

    @cached_property
    def kept(self) -> list[bool]:
        """Whether each node is kept."""
        return self.keep.tolist()

    @cached_property
    def true(self) -> list[bool] | None:
        """Whether each node is in the true explanation; None where this graph has none."""
        return None if self.ground_truth is None else self.ground_truth.bool().tolist()

    @cached_property
    def scores(self) -> list[float]:
        """The score of each node."""
        return self.explanation.node_score.tolist()

    @cached_property
    def ranks(self) -> list[int]:
        """The rank of each node by its score, from 1 on; equal ones share the best."""
        order = sorted(self.scores, reverse=True)
        best = {score: place for place, score in reversed([*enumerate(order, 1)])}
        return [best[score] for score in self.scores]

    @cached_property
    def new_links(self) -> Counter[int]:
        """How many new links each node of the mixed graph has, by its id."""
        ends = self.mixed.edge_index[0, self.mixed.edge_origin == 2].tolist()
        return Counter(self.mixed_ids[end] for end in ends)

    @cached_property
    def _symbols(self) -> tuple[list[str], list[str]]:
        """Element letters of the graph's nodes and of the donor's."""
        own, other = (
            [self.labels[kind] for kind in g.x.argmax(1).tolist()] for g in (self.graph, self.donor)
        )
        return own, other

    @cached_property
    def _numbers(self) -> tuple[list[int], list[int]]:
        """The numbers by which the graph's nodes are called, and the donor's."""
        return numbers(self.graph), numbers(self.donor)

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
        return self._symbols[graph is self.donor][own] if self.labels else ""

    def name(self, node: int) -> str:
        """Name of a node: ``C7`` for an atom, ``node 7`` otherwise.

        In a graph around a node, the number is that in the whole graph.
        """
        graph, own = self.home(node)
        return f"{self.symbol(node) or 'node '}{self._numbers[graph is self.donor][own]}"


def numbers(graph: Data) -> list[int]:
    """The numbers by which the nodes of a graph are called: around a node, those of the whole graph."""
    return graph.node_number.tolist() if "node_number" in graph else list(range(graph.num_nodes))


def scene(
    graph: Data,
    explanation: Explanation,
    donor: Data,
    mixed: Data,
    labels: Sequence[str] = (),
    lay_out: Callable[[Data], np.ndarray] = layout,
) -> Scene:
    """A graph, its explanation and its mixed graph with their positions.

    Args:
        graph: The explained graph.
        explanation: Its explanation, with ``node_mask`` and ``node_score``.
        donor: The graph whose own explanation was replaced.
        mixed: Result of ``explainer.mix(graph, donor)``.
        labels: Element symbol of each one-hot feature column, for molecules.
        lay_out: Gives the positions of a graph's nodes: `layout`, or one that remembers what it gave.

    Returns:
        The scene; the same input gives the same positions.
    """
    return Scene(graph, explanation, donor, mixed, lay_out(graph), tuple(labels), lay_out)
