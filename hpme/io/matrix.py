"""Graphs as a table of numbers, their adjacency matrix: what is not 0 is an edge."""

from collections.abc import Sequence

from hpme.io.record import Contents, Record
from hpme.io.source import Source
from hpme.io.table import table_rows
from hpme.io.values import to_value
from hpme.limits import cap


def read(source: Source) -> Contents:
    """Returns the graph; an edge has a `weight` where the matrix has other numbers than 0 and 1."""
    layout = source.layout
    numbered = table_rows(source.text, layout, "nodes")
    cap("features", layout.width)
    rows = [cells for _, cells in numbered]
    columns = [*layout.columns]
    if columns and has_names(columns, rows):
        rows, columns = [row[1:] for row in rows], columns[1:]
    names = columns or [str(i) for i in range(len(rows))]
    values: list[list[float]] = []
    for line, row in zip((line for line, _ in numbered), rows, strict=True):
        numbers = [number for number in map(to_value, row) if isinstance(number, int | float)]
        if len(numbers) != len(rows):
            got = f"{len(numbers)} of {len(row)} cells in line {line:,}"
            raise ValueError(
                f"Expected {len(rows)} numbers in each row of a matrix (got {got}); fix it, or say what "
                "the table is"
            )
        values.append(numbers)
    return Contents([of_values(values, names)])


def has_names(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Returns whether the first column of a matrix, or of its first rows, names or numbers them."""
    names = [row[0] for row in rows]
    numbers = [str(i) for i in range(1, len(rows) + 1)]
    return names == [*columns[1 : len(rows) + 1]] or (not columns[0] and names == numbers)


def of_values(values: Sequence[Sequence[float]], names: Sequence[str | int]) -> Record:
    """Returns the graph of a square matrix, whose rows and columns are the nodes of these names."""
    pairs = [(i, j) for i, row in enumerate(values) for j, value in enumerate(row) if value]
    weighted = {value for row in values for value in row} - {0, 1}
    one_way = [(i, j) for i, j in pairs if values[j][i] != values[i][j]]
    edges = [
        (names[i], names[j], {"weight": values[i][j]} if weighted else {})
        for i, j in pairs
        if i <= j or not values[j][i]
    ]
    left_out = (
        [f"directions: {len(one_way):,} entries differ from those across the diagonal"] if one_way else []
    )
    return Record({}, [(name, {}) for name in names], edges, left_out=left_out)
