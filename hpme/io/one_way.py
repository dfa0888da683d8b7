"""Edges of a file that have a direction, or stand beside others of the same two nodes, as undirected ones."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from hpme.io.text import shown
from hpme.io.values import to_key

Name = str | int
Edge = tuple[Name, Name, dict[str, Any]]  # two names and fields


def undirect(edges: Sequence[Edge], directed: Iterable[bool]) -> tuple[list[Edge], list[str]]:
    """Returns one edge for each two nodes that any joins, and words for what is lost by that.

    Of edges of the same two nodes, fields stay where they are equal; a field that differs at any of them is
    left out at all edges. Edges that go both ways alike are undirected in truth, and lose nothing.

    Args:
        edges: The edges of the file.
        directed: Whether each goes one way.
    """
    groups: dict[tuple[str, str], list[tuple[Edge, bool]]] = {}
    for edge, way in zip(edges, directed, strict=True):
        ends = to_key(edge[0]), to_key(edge[1])
        back = ends[::-1]
        groups.setdefault(back if back in groups else ends, []).append((edge, way))
    one_way = repeats = 0
    unlike: dict[str, None] = {}
    for group in groups.values():
        if len(group) == 1:
            (u, v, _), way = group[0]
            one_way += way and u != v
            continue
        differing = _differing([edge[2] for edge, _ in group])
        unlike |= dict.fromkeys(differing)
        ways = [edge[:2] == group[0][0][:2] for edge, way in group if way and edge[0] != edge[1]]
        there = sum(ways)
        one_way += abs(2 * there - len(ways))
        repeats += len(group) - 1 - min(there, len(ways) - there)
    merged = [group[0][0] for group in groups.values()]
    if unlike:
        merged = [(u, v, {k: x for k, x in fields.items() if k not in unlike}) for u, v, fields in merged]
    lost = [f"the directions of {count(one_way, 'edge')}"] if one_way else []
    lost += [f"{count(repeats, 'edge')} beside another of the same two nodes"] if repeats else []
    return merged, lost + [
        f"{shown(name)} at edges (differs at edges of the same two nodes)" for name in unlike
    ]


def lost_ways(ends: Sequence[tuple[Name, Name]], directed: Iterable[bool]) -> list[str]:
    """Returns words for what is lost where edges, given by their two names, become undirected."""
    return undirect([(*pair, {}) for pair in ends], directed)[1]


def count(number: int, noun: str) -> str:
    """Returns a number of things in words, such as ``2 edges``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _differing(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Returns the names of fields that differ in the rows, each field of which is looked at once."""
    first = {name: value for name, value in rows[0].items() if value is not None}
    if all(row == rows[0] for row in rows):
        return []
    alike = Counter(name for row in rows for name, value in row.items() if value == first.get(name))
    names = dict.fromkeys(name for row in rows for name, value in row.items() if value is not None)
    return [name for name in names if name not in first or alike[name] < len(rows)]
