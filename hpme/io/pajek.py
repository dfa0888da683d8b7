"""Pajek: sections of vertices and of lines between them, each begun by a line with a star."""

import re
from collections.abc import Callable, Sequence

from hpme.io.parts import Parts
from hpme.io.record import Contents, Fields, Record
from hpme.io.source import Source
from hpme.io.text import quote
from hpme.io.values import is_number, to_value
from hpme.limits import cap

WORD = re.compile(r'"([^"]*)"|([^\s"]+)')
OTHERS = {"partition", "vector", "permutation", "cluster", "hierarchy"}  # what is no graph
Words = list[str]


def read(source: Source) -> Contents:
    """Returns the networks of the file; partitions and the like are left out and named."""
    networks: list[_Network] = []
    notes: dict[str, None] = {}
    take: Callable[[int, Words], None] = _nowhere
    name, nodes = "", 0
    for number, line in enumerate(source.text.splitlines(), start=1):
        words = [text or word for text, word in WORD.findall(line)]
        if not words or line.lstrip()[0] in "%#":
            continue
        section, _, relation = line.strip().lower().partition(":")
        section = section.split()[0].removeprefix("*") if line.lstrip().startswith("*") else ""
        if not section:
            take(number, words)
        elif section == "network":
            name, take = line.strip()[len("*network") :].strip(), _nowhere
        elif section == "vertices":
            cap("graphs", len(networks) + 1)
            networks.append(_Network(words[1:], name, number))
            nodes += networks[-1].size
            cap("nodes", nodes)
            name, take = "", networks[-1].vertex
        elif section in OTHERS:
            notes[f"the section *{section.capitalize()}"] = None
            take = _skip
        elif networks and section in networks[-1].sections:
            networks[-1].relation = relation.strip()
            take = networks[-1].sections[section]
        else:
            got = f"{quote(line.strip(), 30)} in line {number:,}"
            raise ValueError(
                f"Expected *Vertices, *Edges, *Arcs or *Matrix (got {got}); save the network as GraphML"
            )
    cap("graphs", len(networks), least=1)
    return Contents([network.finish() for network in networks], [*notes])


def _nowhere(number: int, words: Words) -> None:
    got = quote(" ".join(words), 30)
    raise ValueError(f"Expected a section such as *Vertices (got {got} in line {number:,}); add its line")


def _skip(number: int, words: Words) -> None:
    """Takes a line of what is no graph."""


class _Network:
    """A network that is being read; its methods take the lines of its sections."""

    def __init__(self, counts: Sequence[str], name: str, line: int) -> None:
        numbers = [int(word) for word in counts[:2] if word.isdecimal() and len(word) < 10]
        if not numbers or len(numbers) < len(counts[:2]):
            got = quote(" ".join(counts), 30) if counts else "none"
            raise ValueError(
                f"Expected the number of vertices behind *Vertices (got {got} in line {line:,}); add it"
            )
        self.size, self._first = numbers[0], numbers[-1]
        cap("nodes", self.size, least=1)
        self._parts = Parts()
        self._parts.name = name
        self._rows = 0
        self.relation = ""
        for number in range(1, self.size + 1):
            mode = {"mode": 1 + (number > self._first)} if len(numbers) > 1 else {}
            self._parts.add_node(number, mode)
        self.sections: dict[str, Callable[[int, Words], None]] = {
            "edges": lambda line, words: self._line(line, words, directed=False),
            "arcs": lambda line, words: self._line(line, words, directed=True),
            "edgeslist": lambda line, words: self._list(line, words, directed=False),
            "arcslist": lambda line, words: self._list(line, words, directed=True),
            "matrix": self._row,
        }

    def vertex(self, line: int, words: Words) -> None:
        """Takes number, label, and whatever follows."""
        fields: Fields = {"label": words[1]} if len(words) > 1 else {}
        self._parts.add_node(self._vertex(words[0], line), fields)
        rest = [to_value(word) for word in words[2:]]
        if rest and is_number(rest[0]):
            self._parts.lose("coordinates of nodes")
        if any(not is_number(value) for value in rest):
            self._parts.lose("what is said of drawing nodes")

    def _line(self, line: int, words: Words, directed: bool) -> None:
        if len(words) < 2:
            raise ValueError(
                f"Expected two vertices (got {quote(words[0], 20)} in line {line:,}); add the other"
            )
        weight = to_value(words[2]) if len(words) > 2 else None
        fields: Fields = {"weight": weight} if is_number(weight) else {}
        if len(words) > 2 + len(fields):
            self._parts.lose("what is said of drawing edges")
        self._join(self._vertex(words[0], line), self._vertex(words[1], line), fields, directed)

    def _list(self, line: int, words: Words, directed: bool) -> None:
        first = self._vertex(words[0], line)
        for word in words[1:]:
            self._join(first, self._vertex(word, line), {}, directed)

    def _row(self, line: int, words: Words) -> None:
        self._rows += 1
        cap("values", self._rows * len(words))
        two = self._first < self.size
        wide = self.size - self._first if two else self.size
        values = [to_value(word) for word in words]
        if len(values) != wide or not all(map(is_number, values)) or self._rows > self._first:
            got = f"{len(values)} words in line {line:,}, row {self._rows:,}"
            raise ValueError(f"Expected {self._first:,} rows of {wide:,} numbers (got {got}); fix the matrix")
        for place, value in enumerate(values, start=1 + two * self._first):
            if value:
                self._join(self._rows, place, {"weight": value}, not two)

    def _join(self, one: int, other: int, fields: Fields, directed: bool) -> None:
        named = {"relation": self.relation} if self.relation else {}
        self._parts.add_edge(one, other, fields | named, directed)

    def _vertex(self, word: str, line: int) -> int:
        number = int(word) if word.isdecimal() and len(word) < 10 else 0
        if not 1 <= number <= self.size:
            got = f"{quote(word, 20)} in line {line:,}"
            raise ValueError(f"Expected a vertex from 1 to {self.size:,} (got {got}); fix that line")
        return number

    def finish(self) -> Record:
        """Returns the record of the network."""
        return self._parts.record()
