"""Tables as text: read within the limits, and written so that no spreadsheet runs them."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from hpme.io.source import Layout
from hpme.io.text import seen
from hpme.limits import Limits, cap, held

_FORMULA = tuple("=+-@\u2212")  # what formulas begin with, in the usual width
QUOTED = re.compile(r'(?<!\S)"?((?<=")[^"]*(?="(?!\S))|\S+)"?')
Row = tuple[int, list[str]]  # number of its line, from 1, and its cells


def table_rows(text: str, layout: Layout, what: str, limits: Limits | None = None) -> list[Row]:
    """Returns the rows of a table, without header, remarks and empty ones.

    Args:
        text: What the file says.
        layout: How it is laid out.
        what: What a row is: the field of `Limits` that says how many there may be.
        limits: The most of each; default: those of an upload.

    Raises:
        ValueError: If it is no table, has no rows or too many.
    """
    below = (row for row in split_rows(text, layout.separator) if row[0] >= layout.first)
    if layout.remarks:
        below = (row for row in below if not row[1][0].startswith(layout.remarks))
    rows = [*islice(below, getattr(limits or held(), what) + 1)]
    cap(what, len(rows) + sum(1 for _ in below), limits=limits)
    if not rows:
        raise ValueError("Expected a table with rows (got none below its header); add some")
    return rows


def split_rows(text: str, separator: str) -> Iterator[Row]:
    """Yields the rows that are not empty with the numbers of their lines, cells without blanks around them.

    Args:
        text: What the file says.
        separator: Between cells; a blank stands for any white space, and what is in braces stays together.

    Raises:
        ValueError: If a quote is not closed, or a cell is too long.
    """
    if separator == " ":
        for line, words in enumerate(re.split("\r\n|\r|\n", text), start=1):
            plain, brace, rest = words.partition("{")
            found = QUOTED.findall(plain) if '"' in plain else plain.split()
            if cells := [*found, *([brace + rest.strip()] if brace else [])]:
                yield line, cells
        return
    reader, line = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1
    try:
        for row in reader:
            cells = [" ".join(cell.split("\n")).strip() for cell in row]
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise ValueError(
            f"Expected cells whose quotes are closed (got, from line {line:,} on: {error}); fix that line"
        ) from None


def first_rows(text: str, separator: str, most: int) -> list[Row]:
    """Returns the first rows, those before one that cannot be read."""
    rows: list[Row] = []
    try:
        rows.extend(islice(split_rows(text, separator), most))
    except ValueError:
        return rows
    return rows


def csv_bytes(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Returns rows of the same keys as CSV in UTF-8, with a header.

    A text that a spreadsheet may take for a formula, in any width and behind blanks, too, gets a leading
    apostrophe (see `harmless`); numbers stay numbers.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([harmless(key) for key in rows[0]] if rows else [])
    writer.writerows([harmless(value) for value in row.values()] for row in rows)
    return text.getvalue().encode()


def harmless(value: object) -> object:
    """Returns a cell, with an apostrophe before a text that a spreadsheet may take for a formula."""
    if not isinstance(value, str):
        return value
    first = unicodedata.normalize("NFKC", seen(value).lstrip()[:1])
    return f"'{value}" if first.startswith(_FORMULA) or value.startswith(("\t", "\r", "\n")) else value
