"""JSON without a list of nodes that are objects: neighbours of each node, lists of edges, trees."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from hpme.io.json_layouts import Name
from hpme.io.one_way import lost_ways
from hpme.io.record import Fields, Record
from hpme.io.text import quote, shown
from hpme.io.values import to_key
from hpme.limits import cap

Edge = tuple[Name, Name, Fields]


def is_pair(item: Any) -> bool:
    """Returns whether an item is an edge as a list: two names, and perhaps a number or fields."""
    if not isinstance(item, list) or not 2 <= len(item) <= 3:
        return False
    more = item[2:]
    return all(_is_name(end) for end in item[:2]) and all(isinstance(x, dict | int | float) for x in more)


def of_pairs(pairs: Sequence[list[Any]], graph: Fields | None = None, names: Sequence[Any] = ()) -> Record:
    """Returns the graph of edges as lists; nodes come in the order of their numbers, or as they appear.

    Args:
        pairs: Two names of each edge, and perhaps its weight or its fields.
        graph: Fields of the graph.
        names: Names of nodes, of which some may have no edge.

    Raises:
        ValueError: If an edge is none.
    """
    cap("edges", len(pairs))
    for pair in pairs:
        if not is_pair(pair):
            raise ValueError(f"Expected two names of nodes for each edge (got {shown(pair)}); change it")
    edges = [(u, v, _weight(more)) for u, v, *more in pairs]
    return Record(
        graph or {}, [(name, {}) for name in names or _ordered(edges)], edges, left_out=_repeats(edges)
    )


def of_links(links: Sequence[dict[str, Any]], source: str, target: str) -> Record:
    """Returns the graph of edges as objects.

    Raises:
        ValueError: If an edge has not two ends.
    """
    cap("edges", len(links))
    edges: list[Edge] = []
    for link in links:
        u, v = (end if _is_name(end) else None for end in (link.get(source), link.get(target)))
        if u is None or v is None:
            got = shown(link)
            raise ValueError(
                f"Expected {source!r} and {target!r} at each edge (got {got}); name both of its nodes"
            )
        edges.append((u, v, {key: value for key, value in link.items() if key not in (source, target)}))
    return Record({}, [(name, {}) for name in _ordered(edges)], edges, left_out=_repeats(edges))


def of_neighbours(data: dict[str, Any]) -> Record:
    """Returns the graph of an object that lists the neighbours of each node, or has their fields by name.

    Raises:
        ValueError: If neighbours are no names.
    """
    cap("nodes", len(data))
    edges: list[Edge] = []
    for name, found in data.items():
        items = found.items() if isinstance(found, dict) else [(end, {}) for end in found]
        for end, fields in items:
            if not _is_name(end):
                whose = quote(name, 40)
                raise ValueError(f"Expected names of the neighbours of {whose} (got {shown(end)}); change it")
            edges.append((name, str(end), fields if isinstance(fields, dict) else _weight([fields])))
        cap("edges", len(edges) // 2)
    names = dict.fromkeys(chain(data, _ordered(edges)))
    return Record({}, [(name, {}) for name in names], edges, left_out=_ways(edges))


def of_adjacency(data: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Returns nodes beside all else, and edges, of what networkx writes as ``adjacency_data``.

    Raises:
        ValueError: If it is not as long as its nodes.
    """
    nodes, rows = data.get("nodes"), data["adjacency"]
    if not isinstance(nodes, list) or not isinstance(rows, list) or len(nodes) != len(rows):
        got = f"{len(nodes) if isinstance(nodes, list) else 0} nodes"
        raise ValueError(f"Expected a list at 'adjacency' for each of the nodes (got {got}); save it again")
    names: list[Any] = [node.get("id") if isinstance(node, dict) else None for node in nodes]
    place = {to_key(name): i for i, name in enumerate(names) if _is_name(name)}
    edges = []
    for i, (name, row) in enumerate(zip(names, rows, strict=True)):
        for item in row if isinstance(row, list) else [row]:
            if not isinstance(item, dict) or not _is_name(item.get("id")):
                raise ValueError(
                    f"Expected objects with 'id' at 'adjacency' (got {shown(item)}); save it again"
                )
            if data.get("directed") or place.get(to_key(item["id"]), i) >= i:  # the others stand there again
                own = {key: value for key, value in item.items() if key != "id"}
                edges.append(own | {"source": name, "target": item["id"]})
    return {key: value for key, value in data.items() if key != "adjacency"}, edges


def of_tree(data: dict[str, Any]) -> Record:
    """Returns the graph of an object whose ``children`` are objects of the same kind."""
    nodes: list[tuple[Name, Fields]] = []
    edges: list[Edge] = []
    rest: list[tuple[dict[str, Any], int]] = [(data, -1)]
    while rest:
        item, parent = rest.pop()
        if not isinstance(item, dict):
            raise ValueError(f"Expected objects at 'children' (got {shown(item)}); use node-link JSON")
        number = len(nodes)
        nodes.append((number, {key: value for key, value in item.items() if key not in ("children", "id")}))
        if parent >= 0:
            edges.append((parent, number, {}))
        inner = item.get("children") or []
        if not isinstance(inner, list):
            raise ValueError(f"Expected a list at 'children' (got {shown(inner)}); use node-link JSON")
        rest += [(child, number) for child in reversed(inner)]
    return Record({}, nodes, edges, left_out=_ways(edges))


def _weight(more: Sequence[Any]) -> Fields:
    """Returns the fields of an edge that is a list, from what follows its ends."""
    if not more or more[0] is None:
        return {}
    return more[0] if isinstance(more[0], dict) else {"weight": more[0]}


def _ordered(edges: Iterable[Edge]) -> list[Name]:
    """Returns the names at edges, in the order of their numbers, or as they appear."""
    names = [*{to_key(end): end for u, v, _ in edges for end in (u, v)}.values()]
    return sorted(names) if all(isinstance(name, int) for name in names) else names


def _is_name(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _repeats(edges: Sequence[Edge]) -> list[str]:
    return lost_ways([edge[:2] for edge in edges], [False] * len(edges))


def _ways(edges: Sequence[Edge]) -> list[str]:
    return lost_ways([edge[:2] for edge in edges], [True] * len(edges))
