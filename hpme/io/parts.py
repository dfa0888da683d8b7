"""The nodes and edges that a reader has met so far, and words for what is no part of a graph."""

from collections.abc import Iterable
from typing import Any

from hpme.io.one_way import undirect
from hpme.io.record import Fields, Record
from hpme.io.text import seen, shown
from hpme.limits import LIMITS, cap

NAMELESS = {"id", "key", "source", "target"}  # fields of edges that mean nothing in a graph


class Parts:
    """A graph that is being read."""

    def __init__(self) -> None:
        """Begins without nodes and edges."""
        self.nodes: dict[str | int, Fields] = {}
        self._edges: list[tuple[str | int, str | int, Fields]] = []
        self._directed: list[bool] = []
        self._lost: dict[str, None] = {}
        self.name = ""

    def add_node(self, name: str | int, fields: Fields | None = None) -> Fields:
        """Adds a node, if it is new, and fields to it; returns all that it has."""
        if name not in self.nodes:
            cap("nodes", len(self.nodes) + 1)
        own = self.nodes.setdefault(name, {})
        own |= fields or {}
        return own

    def add_edge(self, source: str | int, target: str | int, fields: Fields, directed: bool) -> None:
        """Adds an edge."""
        cap("edges", len(self._edges) + 1)
        if NAMELESS & {*fields}:
            for name in NAMELESS & {*fields}:
                self.lose(f"{shown(name)} at edges (means nothing in a graph)")
            fields = {name: value for name, value in fields.items() if name not in NAMELESS}
        self._edges.append((source, target, fields))
        self._directed.append(directed)

    def lose(self, *words: str) -> None:
        """Notes what is no part of a graph, once."""
        self._lost |= dict.fromkeys(words)

    def lose_names(self, names: Iterable[Any], where: str) -> None:
        """Notes fields by their names."""
        self.lose(*(f"{shown(name)} {where}" for name in names))

    def record(self) -> Record:
        """Returns the graph."""
        edges, lost = undirect(self._edges, self._directed)
        named = self.name and seen(self.name) == self.name and len(self.name) <= LIMITS.characters
        words = [*lost, *self._lost, *(["the name of the graph"] if self.name and not named else [])]
        return Record({"name": self.name} if named else {}, [*self.nodes.items()], edges, left_out=words)
