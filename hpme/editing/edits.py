"""Edits of a graph as values: a tuple of them is a history, its slices are undo and redo.

Nodes keep their names through all edits: the original's are ``0 .. N - 1``, the k-th added one is ``N + k``.
In a graph around a node, they are the numbers in the whole graph; see `hpme.editing.around`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

import numpy as np
import torch
from torch import Tensor
from torch_geometric.data import Data

from hpme.forward.hops import CENTRE, has_centre
from hpme.limits import LIMITS


@dataclass(frozen=True)
class Delete:
    """Removes a node and its edges."""

    node: int


@dataclass(frozen=True)
class Add:
    """Adds a node, linked to another one; in molecules `order` is that of the bond."""

    at: int
    kind: int
    order: int = 1


@dataclass(frozen=True)
class Change:
    """Changes the type of a node."""

    node: int
    kind: int


@dataclass(frozen=True)
class Cut:
    """Removes the edge between two nodes."""

    one: int
    other: int


@dataclass(frozen=True)
class Join:
    """Adds an edge between two nodes; in molecules `order` is that of the bond."""

    one: int
    other: int
    order: int = 1


Edit = Delete | Add | Change | Cut | Join
LETTERS: dict[str, type[Edit]] = {"d": Delete, "a": Add, "t": Change, "c": Cut, "j": Join}


def apply_edits(
    graph: Data,
    edits: Sequence[Edit],
    kinds: Tensor,
    edge: Tensor | None = None,
    fresh: int | None = None,
) -> Data:
    """Returns the edited graph; the original stays as it is.

    Args:
        graph: Undirected graph with `x` ``[N, F]``, `edge_index` ``[2, E]``, and `edge_attr` ``[E, D]`` where
            its edges have features; around a node with `centre` ``[N]``, and `node_number` ``[N]``, the names
            of its nodes.
        edits: What to change, in this order.
        kinds: Feature row of each type of node, ``[K, F]``.
        edge: Feature row of a new edge, ``[D]``; without it, edges lose their features.
        fresh: Name of the first node that is added; default: the one after the last.

    Returns:
        Graph with `x`, `edge_index`, `edge_attr`, `node_name` (each node's name) and the original's
        `graph_id` and `centre`. It has no label and no ground truth, which are unknown.

    Raises:
        ValueError: If an edit names what is not there, or asks for what cannot be.
    """
    names = graph.get("node_number", torch.arange(len(graph.x)))
    centre = int(names[graph[CENTRE].view(-1)]) if has_centre(graph) else None
    draft = _Draft(names, names[graph.edge_index], fresh)
    for edit in edits:
        _check(edit, draft, len(kinds), centre)
        draft.make(edit)
    edited = draft.built(graph, kinds, edge)
    if centre is not None:
        edited[CENTRE] = edited.node_name == centre
    if "graph_id" in graph:
        edited.graph_id = graph.graph_id
    return edited


class _Draft:
    """What edits leave of a graph, and what they add, by the names of nodes.

    Of the nodes and edges that stay no list is made: a graph can have many, and a history is short.

    Args:
        names: Of the nodes ``[N]``.
        ends: Of the edges, by name ``[2, E]``.
        fresh: Name of the first node that is added.
    """

    def __init__(self, names: Tensor, ends: Tensor, fresh: int | None) -> None:
        self.names, self.ends = names, ends.numpy()
        self.rows = {name: row for row, name in enumerate(names.tolist())}  # of a table: features, then kinds
        self.first = len(self.rows)
        self.fresh = max(self.rows, default=-1) + 1 if fresh is None else fresh
        self.stay = np.ones(ends.size(1), dtype=bool)
        self.new: list[tuple[int, int]] = []

    def make(self, edit: Edit) -> None:
        """Makes an edit that was checked."""
        match edit:
            case Delete(node):
                del self.rows[node]
                self.stay &= (self.ends != node).all(0)
                self.new = [pair for pair in self.new if node not in pair]
            case Add(at, kind):
                self.rows[self.fresh] = self.first + kind
                self.new.append((at, self.fresh))
                self.fresh += 1
            case Change(node, kind):
                self.rows[node] = self.first + kind
            case Cut(one, other):
                self.stay &= ~self._between(one, other)
                self.new = [pair for pair in self.new if {*pair} != {one, other}]
            case Join(one, other):
                self.new.append((one, other))

    def linked(self, one: int, other: int) -> bool:
        """Returns whether there is an edge between two nodes."""
        new = any({*pair} == {one, other} for pair in self.new)
        return new or bool((self._between(one, other) & self.stay).any())

    def _between(self, one: int, other: int) -> np.ndarray:
        start, end = self.ends
        return ((start == one) & (end == other)) | ((start == other) & (end == one))

    def built(self, graph: Data, kinds: Tensor, edge: Tensor | None) -> Data:
        """Returns the graph after the edits."""
        left = np.array([*self.rows], dtype=np.int64)
        new = np.array(self.new, dtype=np.int64).reshape(-1, 2).T
        named = np.concatenate([self.ends[:, self.stay], new, new[::-1]], 1)
        order = left.argsort()
        place = torch.from_numpy(order[np.searchsorted(left[order], named)])
        by_ends = in_order(place)
        built = Data(
            x=torch.cat([graph.x, kinds.to(graph.x.dtype)])[[*self.rows.values()]],
            edge_index=place[:, by_ends],
            node_name=torch.from_numpy(left),
        )
        if edge is not None and graph.edge_attr is not None:
            rows = [graph.edge_attr[torch.from_numpy(self.stay)], edge.expand(2 * len(self.new), -1)]
            built.edge_attr = torch.cat(rows)[by_ends]
        return built


def to_text(edits: Iterable[Edit]) -> str:
    """Returns a history as short text for an address, such as ``d5.a0-6-1``."""
    letters = {kind: letter for letter, kind in LETTERS.items()}
    return ".".join(letters[type(edit)] + "-".join(map(str, astuple(edit))) for edit in edits)


def from_text(text: str) -> tuple[Edit, ...]:
    """Reads what `to_text` wrote.

    Raises:
        ValueError: If it is other text, or says more than `hpme.limits.LIMITS` allow.
    """
    count, most = text.count(".") + 1, LIMITS.edits
    if count > most:
        raise ValueError(
            f"Expected at most {most} edits of one graph (got {count:,}); add the edited graph to your "
            "graphs, and edit that"
        )
    return tuple(_read(word) for word in text.split(".")) if text else ()


def _read(word: str) -> Edit:
    numbers = [int(number) for number in word[1:].split("-") if re.fullmatch(r"[0-9]{1,6}", number)]
    try:
        if word[1:] != "-".join(map(str, numbers)):
            raise TypeError
        return LETTERS[word[0]](*numbers)
    except (KeyError, IndexError, TypeError):
        raise ValueError(f"Expected edits such as 'd5' or 'a0-6' (got {word[:20]!r}); reset them") from None


def ends_of(edit: Edit) -> tuple[int, ...]:
    """Returns the nodes that an edit names."""
    match edit:
        case Add(at):
            return (at,)
        case Delete(node) | Change(node):
            return (node,)
        case Cut(one, other) | Join(one, other):
            return one, other


def _check(edit: Edit, draft: _Draft, num_kinds: int, centre: int | None) -> None:
    nodes, rows = ends_of(edit), draft.rows
    for node in nodes:
        if node not in rows:
            raise ValueError(f"Expected a node of the graph (got {node}, which is not there); pick another")
    if isinstance(edit, Delete) and edit.node == centre:
        raise ValueError(
            f"Expected another node to delete than the one whose prediction is explained (got {centre}); "
            "delete its edges instead"
        )
    if isinstance(edit, Delete) and len(rows) == 1:
        raise ValueError(f"Expected a graph with at least one node (got {edit}, its last one); keep it")
    if isinstance(edit, Add | Change) and not 0 <= edit.kind < num_kinds:
        raise ValueError(f"Expected a type in [0, {num_kinds - 1}] (got {edit.kind}); choose another")
    if isinstance(edit, Join) and (edit.one == edit.other or draft.linked(*nodes)):
        raise ValueError(f"Expected two nodes without an edge (got {edit.one} and {edit.other}); pick others")
    if isinstance(edit, Cut) and not draft.linked(*nodes):
        raise ValueError(f"Expected two nodes with an edge (got {edit.one} and {edit.other}); pick others")


def in_order(edge_index: Tensor) -> Tensor:
    """Returns the order of edges ``[E]`` by their first end, then by their second one, both below 2³¹."""
    return ((edge_index[0] << 31) + edge_index[1]).argsort(stable=True)
