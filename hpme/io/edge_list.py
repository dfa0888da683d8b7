"""Edge lists as CSV, with an optional table of nodes: columns ``source,target`` and ``id``, and any others.

The separator is a comma, a semicolon or a tab. Without a header the file has two columns.
"""

import re
from typing import Any

from hpme.io.record import Fields, Record
from hpme.io.table import read_cells
from hpme.io.text import quote
from hpme.limits import cap

ENDS = (("source", "target"), ("from", "to"), ("u", "v"))
WORDS = {"true": True, "false": False}


def read(content: bytes) -> list[Record]:
    """Returns the graph of the edges; nodes come in the order of their numbers, or as they appear."""
    edges = _edges(content)
    names = [*dict.fromkeys(name for edge in edges for name in edge[:2])]
    if all(re.fullmatch("[0-9]{1,18}", name) for name in names):
        names.sort(key=int)
    return [Record({}, [(name, {}) for name in names], edges)]


def join(nodes: bytes, edges: bytes) -> Record:
    """Returns the graph of a table of nodes, in its order, and one of edges."""
    header, *rows = _table(nodes, "nodes")
    if "id" not in header:
        raise ValueError(f"Expected a column 'id' in the nodes (got {_short(header)}); rename one")
    place = header.index("id")
    return Record({}, [(row[place], _fields(header, row, {place})) for row in rows], _edges(edges))


def _edges(content: bytes) -> list[tuple[str, str, Fields]]:
    header, *rows = _table(content, "edges")
    for ends in ENDS:
        if {*ends} <= {*header}:
            source, target = map(header.index, ends)
            return [(row[source], row[target], _fields(header, row, {source, target})) for row in rows]
    if len(header) != 2:
        raise ValueError(f"Expected columns 'source' and 'target' (got {_short(header)}); rename two")
    return [(row[0], row[1], {}) for row in (header, *rows)]


def _table(content: bytes, what: str) -> list[list[str]]:
    """Returns the rows, each as long as the first."""
    rows = read_cells(content, what)
    for row in rows:
        if len(row) != len(rows[0]):
            raise ValueError(
                f"Expected {len(rows[0])} cells in each row (got {len(row)}: {_short(row)}); fix that row"
            )
    cap("features", len(rows[0]))
    return rows


def _fields(header: list[str], row: list[str], skipped: set[int]) -> Fields:
    return {
        name: _value(cell) for i, (name, cell) in enumerate(zip(header, row, strict=True)) if i not in skipped
    }


def _value(cell: str) -> Any:
    if cell.lower() in WORDS:
        return WORDS[cell.lower()]
    if re.fullmatch("[+-]?[0-9]{1,18}", cell):
        return int(cell)
    try:
        return float(cell)
    except ValueError:
        return cell


def _short(row: list[str]) -> str:
    return quote(", ".join(cell[:20] for cell in row[:4]))
