"""Edges as a table: the columns of their two ends and any others; nodes in a second table, with an ``id``."""

import ast
import re
from collections.abc import Iterable, Sequence
from typing import Any

from hpme.io.columns import GRAPHS, ROWS, plain
from hpme.io.record import Contents, Fields, Record
from hpme.io.source import Layout, Source
from hpme.io.table import Row, table_rows
from hpme.io.text import quote, shown
from hpme.io.values import MISSING, to_value, with_points
from hpme.limits import cap

Edge = tuple[str, str, Fields]
MARKS = re.compile(r"[,:(\[{-]")  # each begins a value of Python's, which takes time to read
NUMBER = re.compile(r"[0-9]{1,18}(\.0+)?|[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,2}")  # 2.0 and 1e+05 are 2 and 100000
FEW = 4  # of fewer edges the first row may be one that only looks like their number
MEANINGLESS = "numbers without meaning"
WAYS = {"directed", "undirected", "mutual"}  # in Gephi's column Type


def read(source: Source) -> Contents:
    """Returns the graph of the edges; nodes come in the order of their numbers, or as they appear."""
    edges, notes = _edges(source)
    whole = _whole_numbers(end for edge in edges for end in edge[:2])
    edges = [(whole.get(one, one), whole.get(other, other), fields) for one, other, fields in edges]
    names = [*dict.fromkeys(name for edge in edges for name in edge[:2])]
    if all(re.fullmatch("[0-9]{1,18}", name) for name in names):
        names.sort(key=int)
    return Contents([Record({}, [(name, {}) for name in names], edges, left_out=notes)])


def join(nodes: Source, edges: Source) -> Contents:
    """Returns the graph of a table of nodes, in its order, and one of edges."""
    layout, rows = nodes.layout, _rows(nodes, "nodes")
    place = layout.roles["id"]
    numbers = _row_numbers(layout)
    named = [(cells[place], _fields(layout, cells, {place, *numbers})) for _, cells in rows]
    linked, notes = _edges(edges)
    whole = _whole_numbers([*(name for name, _ in named), *(end for edge in linked for end in edge[:2])])
    return Contents(
        [
            Record(
                {},
                [(whole.get(name, name), fields) for name, fields in named],
                [(whole.get(one, one), whole.get(other, other), fields) for one, other, fields in linked],
                left_out=[*notes, *(f"{shown(layout.title(i))} of nodes ({MEANINGLESS})" for i in numbers)],
            )
        ]
    )


def refuse_nodes(source: Source) -> Contents:
    """Refuses a table of nodes that has no edges beside it."""
    column = source.layout.title(source.layout.roles["id"])
    raise ValueError(
        f"Missing the edges of the nodes in column {quote(column, 40)}; give a table of edges, with columns "
        "source and target, together with this one"
    )


def refuse_table(source: Source) -> Contents:
    """Refuses a table, or any other text, that shows no graph."""
    layout = source.guess.layout
    got = quote(source.text.strip().splitlines()[0])
    if layout is not None and layout.columns:
        got = f"the columns {quote(', '.join(layout.columns))}"
    raise ValueError(
        f"Expected a graph or molecules: SMILES, or a table with columns source and target (got {got}); "
        "say what each column is, or choose another file"
    )


def _edges(source: Source) -> tuple[list[Edge], list[str]]:
    """Returns the edges, and words for what is left out."""
    layout = source.layout
    ends = layout.roles["source"], layout.roles["target"]
    keys = [i for i, name in enumerate(layout.columns) if plain(name) in ("id", "key")]
    ids = [layout.title(i) for i in sorted({*_row_numbers(layout), *keys} - {*ends})]
    edges: list[Edge] = []
    ways: set[str] = set()
    rows, notes = _without_counts(_rows(source, "edges"), layout)
    _check_one_graph(rows, layout)
    missing = _missing(cells[end] for _, cells in rows for end in ends)
    for line, cells in rows:
        one, other = (cells[end] for end in ends)
        if {one, other} & missing:
            raise ValueError(
                f"Expected two ends of each edge (got {shown(one)} and {shown(other)} in line {line:,}); "
                "fill the gap, or remove that row"
            )
        fields = _fields(layout, cells, {*ends})
        for name in [name for name in fields if plain(name) == "type" and _is_way(fields[name])]:
            ways.add(str(fields.pop(name)).lower())
        for name in ids:
            fields.pop(name, None)
        edges.append((one, other, fields))
    notes += [f"{shown(name)} of edges ({MEANINGLESS})" for name in ids]
    return edges, notes + (["directions of edges (column Type)"] if ways & {"directed", "mutual"} else [])


def _row_numbers(layout: Layout) -> list[int]:
    """Returns the columns that number the rows."""
    first = layout.columns[:1] == ("",)
    return [i for i, name in enumerate(layout.columns) if ROWS.fullmatch(plain(name)) or (first and not i)]


def _whole_numbers(names: Iterable[str]) -> dict[str, str]:
    """Returns how whole numbers that are written as others are written as such, if all names are numbers."""
    known = {*names}
    if not all(map(NUMBER.fullmatch, known)):
        return {}
    others = [name for name in known if not name.isdecimal() and float(name).is_integer()]
    return {name: str(int(float(name))) for name in others}


def _missing(ends: Iterable[str]) -> set[str]:
    """Returns what among the ends of edges stands for none: beside numbers also ``NA`` and the like."""
    texts = {end for end in ends if not NUMBER.fullmatch(end)}
    return texts if all(text.lower() in MISSING for text in texts) else {""}


def _without_counts(rows: Sequence[Row], layout: Layout) -> tuple[Sequence[Row], list[str]]:
    """Returns the rows without a first one that tells how many nodes and edges follow, and words for it."""
    first, rest = rows[0][1], [cells[:2] for _, cells in rows[1:]]
    ends = [int(end) for cells in rest for end in cells if re.fullmatch("[0-9]{1,18}", end)]
    if layout.columns or len(rest) < FEW or len(ends) < 2 * len(rest) or first[1] != str(len(rest)):
        return rows, []
    if first[0] not in {str(len({*ends})), str(max(ends)), str(max(ends) + 1)} or any(first[2:]):
        return rows, []
    return rows[1:], [f"line {rows[0][0]:,} (the numbers of nodes and edges)"]


def _check_one_graph(rows: Sequence[Row], layout: Layout) -> None:
    """Raises `ValueError` if a column says that edges are of several graphs."""
    for place, name in enumerate(layout.columns):
        found = {cells[place] for _, cells in rows} if plain(name) in GRAPHS else ()
        if len(found) > 1 and place not in layout.roles.values():
            got = f"{len(found):,} in column {quote(name, 40)}"
            raise ValueError(
                f"Expected the edges of one graph (got {got}); give each its own table, or all as JSON lines"
            )


def _is_way(value: Any) -> bool:
    return isinstance(value, str) and value.lower() in WAYS


def _rows(source: Source, what: str) -> Sequence[Row]:
    """Returns the rows, each as long as the table is wide; in a list with blanks they can be shorter."""
    layout = source.layout
    cap("features", layout.width)
    rows = table_rows(source.text, layout, what)
    for line, cells in rows:
        short = layout.separator == " " and 2 <= len(cells) < layout.width
        if short or (len(cells) == layout.width + 1 and not cells[-1]):
            cells[layout.width :] = []
            cells += [""] * (layout.width - len(cells))
        if len(cells) != layout.width:
            got = f"{len(cells)} in line {line:,}: {quote(', '.join(cells[:4]))}"
            raise ValueError(f"Expected {layout.width} cells in each row (got {got}); fix that row")
    cap("values", sum(len(MARKS.findall(cell)) for _, cells in rows for cell in cells if cell[:1] == "{"))
    for place in {*range(layout.width)} - {*layout.roles.values()}:
        column = with_points([cells[place] for _, cells in rows], layout.separator)
        for (_, cells), cell in zip(rows, column, strict=True):
            cells[place] = cell
    return rows


def _fields(layout: Layout, cells: list[str], ends: set[int]) -> Fields:
    """Returns what a row has besides its ends; columns without names are called weight, or by their place."""
    fields: Fields = {}
    for place, cell in enumerate(cells):
        if place in ends:
            continue
        if cell.startswith("{"):
            fields |= _attributes(cell)
        elif (value := to_value(cell)) is not None:
            named = place < len(layout.columns) and layout.columns[place]
            fields[named or ("weight" if place == 2 else layout.title(place))] = value
    return fields


def _attributes(cell: str) -> Fields:
    """Returns the attributes that networkx writes behind an edge."""
    cap("characters", len(cell))
    try:
        values = ast.literal_eval(cell)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        values = None
    if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
        raise ValueError(f"Expected attributes such as {{'weight': 1}} (got {quote(cell, 40)}); change them")
    return values
