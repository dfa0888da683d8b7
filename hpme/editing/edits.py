"""Edits of a graph as values: a tuple of them is a history, its slices are undo and redo.

Nodes keep their names through all edits: the original's are ``0 .. N - 1``, the k-th added one is ``N + k``.
In a graph around a node, they are the numbers in the whole graph; see `hpme.editing.around`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

import torch
from torch import Tensor
from torch_geometric.data import Data
from torch_geometric.utils import sort_edge_index

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
    rows = dict(zip(names.tolist(), graph.x, strict=True))
    ends = names[graph.edge_index].t().tolist()
    edges = {(u, v) for u, v in ends if u <= v}
    features = _edge_features(graph, ends, edge)
    fresh = max(rows, default=-1) + 1 if fresh is None else fresh
    centre = int(names[graph[CENTRE].view(-1)]) if has_centre(graph) else None
    for edit in edits:
        _check(edit, rows, edges, len(kinds), centre)
        match edit:
            case Delete(node):
                del rows[node]
                edges = {edge for edge in edges if node not in edge}
            case Add(at, kind):
                rows[fresh] = kinds[kind]
                edges.add((at, fresh))
                fresh += 1
            case Change(node, kind):
                rows[node] = kinds[kind]
            case Cut(one, other):
                edges.remove(_pair(one, other))
                features.pop((one, other), None)
                features.pop((other, one), None)
            case Join(one, other):
                edges.add(_pair(one, other))
    edited = _build(rows, edges)
    if edge is not None and graph.edge_attr is not None:
        left = edited.node_name[edited.edge_index].t().tolist()
        edited.edge_attr = torch.stack([features.get((u, v), edge) for u, v in left] or [edge])[: len(left)]
    if centre is not None:
        edited[CENTRE] = edited.node_name == centre
    if "graph_id" in graph:
        edited.graph_id = graph.graph_id
    return edited


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


def _edge_features(
    graph: Data, ends: Sequence[Sequence[int]], edge: Tensor | None
) -> dict[tuple[int, int], Tensor]:
    """The features of each edge by the names of its ends, in both directions."""
    if edge is None or graph.edge_attr is None:
        return {}
    return {(u, v): row for (u, v), row in zip(ends, graph.edge_attr, strict=True)}


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


def _check(
    edit: Edit, rows: dict[int, Tensor], edges: set[tuple[int, int]], num_kinds: int, centre: int | None
) -> None:
    match edit:
        case Add():
            nodes: tuple[int, ...] = (edit.at,)
        case Delete() | Change():
            nodes = (edit.node,)
        case Cut() | Join():
            nodes = (edit.one, edit.other)
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
    if isinstance(edit, Join) and (edit.one == edit.other or _pair(*nodes) in edges):
        raise ValueError(f"Expected two nodes without an edge (got {edit.one} and {edit.other}); pick others")
    if isinstance(edit, Cut) and _pair(*nodes) not in edges:
        raise ValueError(f"Expected two nodes with an edge (got {edit.one} and {edit.other}); pick others")


def _build(rows: dict[int, Tensor], edges: set[tuple[int, int]]) -> Data:
    place = {name: i for i, name in enumerate(rows)}
    once = [(place[u], place[v]) for u, v in edges]
    both = torch.tensor(once + [(v, u) for u, v in once if u != v], dtype=torch.long).reshape(-1, 2)
    return Data(
        x=torch.stack([*rows.values()]),
        edge_index=sort_edge_index(both.t().contiguous(), num_nodes=len(rows)),
        node_name=torch.tensor([*rows]),
    )
