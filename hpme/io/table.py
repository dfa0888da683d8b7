"""Tables as CSV: read within the limits, and written so that no spreadsheet runs them."""

import csv
import io
from collections.abc import Mapping, Sequence

from hpme.io.text import quote
from hpme.limits import Limits, cap

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read_cells(content: bytes, what: str, limits: Limits | None = None) -> list[list[str]]:
    """Returns the rows without empty ones; the separator is a comma, a semicolon or a tab.

    Args:
        content: The file's bytes.
        what: What a row is: the field of `Limits` that says how many there may be.
        limits: The most of each; default: those of an upload.

    Raises:
        ValueError: If it is no CSV, has no rows or too many.
    """
    try:
        text = content.decode("utf-8-sig")
        separator = max(",;\t", key=text.partition("\n")[0].count)
        cap(what, text.count("\n"), limits=limits)
        lines = csv.reader(text.splitlines(), delimiter=separator, strict=True)
        rows = [cells for line in lines if any(cells := [cell.strip() for cell in line])]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"Expected CSV in UTF-8 (got: {quote(str(error))}); save it so") from None
    if not rows:
        raise ValueError("Expected a table (got no rows); add a header and rows")
    return rows


def csv_bytes(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Returns rows of the same keys as CSV in UTF-8, with a header.

    A text that a spreadsheet would take for a formula gets a leading apostrophe; numbers stay numbers.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_plain(key) for key in rows[0]] if rows else [])
    writer.writerows([_plain(value) for value in row.values()] for row in rows)
    return text.getvalue().encode()


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
