"""Matrices of the Matrix Market: what is not 0 is an edge, rows and columns are nodes."""

from collections.abc import Iterator

from hpme.io.parts import Parts
from hpme.io.record import Contents
from hpme.io.source import Source
from hpme.io.text import quote, to_float
from hpme.limits import cap

FIELDS = {"real": 1, "double": 1, "integer": 1, "complex": 2, "pattern": 0}  # numbers of an entry
Entry = tuple[int, int, float]


def read(source: Source) -> Contents:
    """Returns the graph; edges have a ``weight`` unless the file is a pattern, or all are 1."""
    lines = source.text.splitlines()
    layout, field, symmetry = _header(lines[0])
    body = [(i, line.split()) for i, line in enumerate(lines[1:], start=2) if line.strip() and line[0] != "%"]
    sizes = [_whole(word, body[0][0]) for word in body[0][1]] if body else []
    if len(sizes) != (3 if layout == "coordinate" else 2):
        raise ValueError(
            "Expected the numbers of rows and columns below the remarks (got others); save it again"
        )
    if sizes[0] != sizes[1]:
        raise ValueError(
            f"Expected a square matrix (got {sizes[0]:,} rows and {sizes[1]:,} columns); "
            "give a table of edges"
        )
    cap("nodes", sizes[0], least=1)
    told = sizes[2] if layout == "coordinate" else None
    if told is not None and told != len(body) - 1:
        raise ValueError(f"Expected {told:,} entries (got {len(body) - 1:,}); save the file again")
    parts = Parts()
    for number in range(1, sizes[0] + 1):
        parts.add_node(number)
    entries = [
        *(_entries(body[1:], FIELDS[field]) if told is not None else _dense(body[1:], sizes[0], symmetry))
    ]
    weighted = any(value != 1 for *_, value in entries)
    for row, column, value in entries:
        if not 1 <= min(row, column) <= max(row, column) <= sizes[0]:
            raise ValueError(
                f"Expected rows and columns from 1 to {sizes[0]:,} (got {row} and {column}); fix that"
            )
        parts.add_edge(row, column, {"weight": value} if weighted else {}, symmetry == "general")
    if field == "complex":
        parts.lose("the imaginary parts of numbers")
    if symmetry == "skew-symmetric":
        parts.lose("the signs across the diagonal")
    return Contents([parts.record()])


def _header(line: str) -> tuple[str, str, str]:
    words = line.lower().split()[1:]
    known = (
        {"matrix"},
        {"coordinate", "array"},
        {*FIELDS},
        {"general", "symmetric", "skew-symmetric", "hermitian"},
    )
    if len(words) != len(known) or any(word not in some for word, some in zip(words, known, strict=True)):
        raise ValueError(f"Expected %%MatrixMarket matrix … (got {quote(line)}); save the file again")
    if words[1] == "array" and words[2] in {"complex", "pattern"}:
        raise ValueError(f"Expected an array of real numbers (got {words[2]}); save it as coordinates")
    return words[1], words[2], words[3]


def _entries(rows: list[tuple[int, list[str]]], numbers: int) -> Iterator[Entry]:
    cap("edges", len(rows))
    for line, words in rows:
        if len(words) != 2 + numbers:
            raise ValueError(
                f"Expected {2 + numbers} numbers (got {len(words)} in line {line:,}); fix that line"
            )
        value, *more = [_number(word, line) for word in words[2:]] or [1.0]
        if value or any(more):
            yield _whole(words[0], line), _whole(words[1], line), value


def _dense(rows: list[tuple[int, list[str]]], size: int, symmetry: str) -> Iterator[Entry]:
    """Yields the entries of an array, column by column; of a symmetric one only those below the diagonal."""
    values = [_number(word, line) for line, words in rows for word in words]
    cap("values", len(values))
    skew = symmetry == "skew-symmetric"
    told = size * size if symmetry == "general" else size * (size + 1) // 2 - skew * size
    if told != len(values):
        raise ValueError(f"Expected {told:,} numbers (got {len(values):,}); save the file again")
    below = range(1, size + 1)
    places = ((row, col) for col in below for row in below[0 if symmetry == "general" else col - 1 + skew :])
    yield from ((row, col, value) for (row, col), value in zip(places, values, strict=True) if value)


def _whole(word: str, line: int) -> int:
    if not word.isdecimal() or len(word) > 18:
        raise ValueError(f"Expected a whole number (got {quote(word, 20)} in line {line:,}); fix that line")
    return int(word)


def _number(word: str, line: int) -> float:
    try:
        value = to_float(word)
    except ValueError:
        raise ValueError(
            f"Expected a number (got {quote(word, 20)} in line {line:,}); fix that line"
        ) from None
    return int(value) if value.is_integer() and abs(value) < 2**53 and "." not in word else value
