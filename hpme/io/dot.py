"""DOT, the language of Graphviz: nodes, edges, and what is said of them."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from hpme import limits
from hpme.io.one_way import count
from hpme.io.parts import Parts
from hpme.io.record import Contents, Fields, Record
from hpme.io.source import Source
from hpme.io.text import quote
from hpme.io.values import to_value
from hpme.limits import cap

TOKEN = re.compile(
    r"\s+|//[^\n]*|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/|(?m:^#[^\n]*)"
    r'|"(?P<text>[^"\\]*(?:\\.[^"\\]*)*)"|(?P<sign>->|--|[{}\[\]=;,:+])'
    r"|(?P<word>-?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)|[A-Za-z_\x80-\U0010ffff][\w\x80-\U0010ffff]*)|(?P<html><)",
    re.S,
)
LINES = {"->": True, "--": False}


class Token(NamedTuple):
    """A piece of DOT."""

    kind: str  # text, word, html, or the sign itself
    text: str
    line: int


def read(source: Source) -> Contents:
    """Returns the graphs of the file."""
    reader = _Reader([*_tokens(source.text)])
    records = []
    while not reader.at_end():
        records.append(reader.graph())
    cap("graphs", len(records), least=1)
    return Contents(records)


class _Reader:
    """Reads tokens from the first to the last."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._place = 0
        self._parts = Parts()
        self._groups = 0

    def at_end(self) -> bool:
        """Returns whether all tokens are read."""
        return self._place >= len(self._tokens)

    def graph(self) -> Record:
        """Reads a graph."""
        self._parts, self._groups = Parts(), 0
        self._keyword("strict")
        if not (self._keyword("graph") or self._keyword("digraph")):
            self._refuse("graph or digraph")
        if self._kind() in {"text", "word", "html"}:
            self._parts.name = self._name()
        self._expect("{")
        self._statements(1)
        if self._groups:
            self._parts.lose(f"the grouping of nodes ({count(self._groups, 'subgraph')})")
        return self._parts.record()

    def _statements(self, depth: int) -> dict[str, None]:
        """Reads what stands in braces, with the closing one; returns its nodes."""
        if depth > limits.LIMITS.depth:
            raise ValueError(
                f"Expected at most {limits.LIMITS.depth} levels of braces (got more); flatten the graph"
            )
        nodes: dict[str, None] = {}
        while not self._sign("}"):
            if self._sign(";") or self._sign(","):
                continue
            if name := self._keyword("graph") or self._keyword("node") or self._keyword("edge"):
                where = {
                    "graph": "of the graph",
                    "node": "as defaults of nodes",
                    "edge": "as defaults of edges",
                }
                self._parts.lose_names(self._attributes(), where[name])
                continue
            group = self._group(depth)
            if group is None:
                name = self._name()
                if self._sign("="):
                    self._name()
                    self._parts.lose_names([name], "of the graph")
                    continue
                group = {name: None}
                self._port()
                self._parts.add_node(name)
                if self._kind() == "[":
                    self._parts.add_node(name, self._attributes())
            nodes |= group | self._edges(group, depth)
        return nodes

    def _edges(self, first: dict[str, None], depth: int) -> dict[str, None]:
        """Reads the rest of a chain of edges; returns the nodes in it."""
        chain: list[tuple[dict[str, None], bool]] = [(first, False)]
        while self._kind() in LINES:
            directed = LINES[self._next().text]
            group = self._group(depth)
            if group is None:
                name = self._name()
                self._parts.add_node(name)
                self._port()
                group = {name: None}
            chain.append((group, directed))
        if len(chain) == 1:
            return {}
        fields = self._attributes() if self._kind() == "[" else {}
        cap(
            "edges",
            sum(len(one) * len(other) for (one, _), (other, _) in pairwise(chain)),
        )
        for (one, _), (other, directed) in pairwise(chain):
            for source in one:
                for target in other:
                    self._parts.add_edge(source, target, fields, directed)
        return {name: None for group, _ in chain for name in group}

    def _group(self, depth: int) -> dict[str, None] | None:
        """Reads a subgraph, if one is next, and returns its nodes."""
        if self._keyword("subgraph"):
            if self._kind() in {"text", "word", "html"}:
                self._name()
            if self._kind() != "{":
                return {}
        elif self._kind() != "{":
            return None
        self._expect("{")
        self._groups += 1
        return self._statements(depth + 1)

    def _attributes(self) -> Fields:
        fields: Fields = {}
        while self._sign("["):
            while not self._sign("]"):
                name = self._name()
                quoted = True
                text: Any = "true"
                if self._sign("="):
                    quoted = self._kind() == "html"
                    text = self._name()
                fields[name] = text if quoted else to_value(text)
                if not self._sign(","):
                    self._sign(";")
        return {name: value for name, value in fields.items() if value is not None}

    def _port(self) -> None:
        while self._sign(":"):
            self._name()
            self._parts.lose("the ports of edges")

    def _name(self) -> str:
        """Reads an id: a word, or a text in quotes, or several with + between."""
        if self._kind() not in {"text", "word", "html"}:
            self._refuse("a name")
        token = self._next()
        text = token.text
        while token.kind == "text" and self._kind() == "+":
            self._next()
            text += self._next().text if self._kind() == "text" else self._refuse("a text in quotes")
        return text

    def _keyword(self, word: str) -> str:
        """Reads a keyword, if it is next, in letters of any size."""
        if self._kind() == "word" and self._tokens[self._place].text.lower() == word:
            follows = self._tokens[self._place + 1].kind if self._place + 1 < len(self._tokens) else ""
            if follows not in LINES and follows != "=":
                self._place += 1
                return word
        return ""

    def _sign(self, sign: str) -> bool:
        if self._kind() == sign:
            self._place += 1
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._sign(sign):
            self._refuse(sign)

    def _kind(self) -> str:
        return self._tokens[self._place].kind if self._place < len(self._tokens) else ""

    def _next(self) -> Token:
        self._place += 1
        return self._tokens[self._place - 1]

    def _refuse(self, wanted: str) -> str:
        if self.at_end():
            raise ValueError(f"Expected {wanted} in DOT (got the end of the file); close its braces")
        token = self._tokens[self._place]
        got = f"{quote(token.text, 20)} in line {token.line:,}"
        raise ValueError(f"Expected {wanted} in DOT (got {got}); fix it there, or put names into quotes")


def _tokens(text: str) -> Iterator[Token]:
    place, line, many = 0, 1, 0
    while place < len(text):
        found = TOKEN.match(text, place)
        if found is None:
            got = f"{quote(text[place : place + 20], 20)} in line {line:,}"
            raise ValueError(f"Expected DOT (got {got}); put names and values into quotes")
        kind, end = found.lastgroup, found.end()
        if kind == "html":
            end = _html_end(text, place, line)
        if kind:
            many += 1
            if many > limits.held().values:
                cap("values", many)
            said = text[place + 1 : end - 1] if kind == "html" else found[kind]
            if kind == "text":
                said = said.replace("\\\r\n", "").replace("\\\n", "").replace('\\"', '"')
            yield Token(said if kind == "sign" else kind, said, line)
        line += text.count("\n", place, end)
        place = end


def _html_end(text: str, place: int, line: int) -> int:
    """Returns where the brackets < and > that begin at a place are closed."""
    depth = 0
    for found in re.compile("[<>]").finditer(text, place):
        depth += 1 if found[0] == "<" else -1
        if not depth:
            return found.end()
    raise ValueError(f"Expected an HTML label that is closed (got one from line {line:,} on); close it")
