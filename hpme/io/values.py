"""Values that stand in a file, checked and made tensors."""

import math
import re
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from hpme.io.text import quote, seen, shown, to_float
from hpme.limits import cap

MISSING = {  # what stands for no value, in small letters: as pandas has it, and "-", "?" and "."
    *("", "na", "n/a", "#n/a", "#n/a n/a", "#na", "<na>", "nan", "-nan", "#nan", "null", "none", "nil"),
    *("-", "?", ".", "1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan"),
}
ABSENT = {*MISSING, "--"}  # the same of numbers and labels; at an edge "--" may be a relation
WORDS = {"true": True, "false": False}
# Numbers with a decimal comma, and with commas between thousands; 1,234 may be either.
DECIMAL = re.compile(r"[+-]?([0-9]*|[0-9]{1,3}(\.[0-9]{3})+),[0-9]+([eE][+-]?[0-9]+)?")
THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?")
KINDS = {torch.bool: "true or false", torch.int64: "an integer", torch.float32: "a finite number"}


def to_numbers(name: str, values: Sequence[Any]) -> Tensor:
    """Returns numbers as int64 where each stands in the file as an integer, else as float32.

    Raises:
        ValueError: If one is no finite number of that size.
    """
    integers = all(type(value) is int and _fits(value, torch.int64) for value in values)
    return to_column(name, values, torch.int64 if integers else torch.float32)


def to_column(name: str, values: Sequence[Any], dtype: torch.dtype) -> Tensor:
    """Returns values as a tensor of one of `KINDS`.

    Raises:
        ValueError: If one is not of that kind, or too large for it.
    """
    plain = dtype == torch.float32 and {*map(type, values)} == {float}  # most of all, and checked below
    for value in values if not plain or not all(map(math.isfinite, values)) else []:
        if not _fits(value, dtype):
            raise ValueError(f"Expected {name!r} to be {KINDS[dtype]} (got {shown(value)}); change it")
    column = torch.tensor(values, dtype=dtype)
    if not column.isfinite().all():
        large = values[int((~column.isfinite()).nonzero()[0])]
        raise ValueError(f"Expected {name!r} to fit into 32 bits (got {large!r}); scale it down")
    return column


def to_value(cell: str) -> bool | int | float | str | None:
    """Returns what a cell of a table stands for: a truth, a number, a text, or None where it is missing."""
    word = cell.lower()
    if word in MISSING or word in WORDS:
        return WORDS.get(word)
    if re.fullmatch("[+-]?[0-9]{1,18}", cell):
        return int(cell)
    try:
        return to_float(cell)
    except ValueError:
        return cell


def with_points(cells: Sequence[str], separator: str) -> list[str]:
    """Returns the cells of a column, its numbers with decimal points and without marks of thousands.

    They stay as they are unless all of them may be numbers. A comma is a decimal one where all may be such;
    beside semicolons also in ``1,234``, which may be 1.234 or 1234.

    Args:
        cells: The column.
        separator: What separates cells in the table.

    Raises:
        ValueError: If there is no telling what commas are.
    """
    words = {cell.strip() for cell in cells}
    marked = sorted(word for word in words if "," in word)
    rest = [word for word in words if "," not in word and word.lower() not in ABSENT]
    whole = all(re.fullmatch("[+-]?[0-9]+", word) for word in rest)
    if marked and whole and all(map(DECIMAL.fullmatch, marked)):
        if separator != ";" and all(map(THOUSANDS.fullmatch, marked)):
            raise ValueError(
                f"Expected numbers that can be read in one way (got {quote(marked[0], 20)}, which has "
                "a decimal comma or one of thousands); write them with a point, or without commas"
            )
        return [cell.replace(".", "").replace(",", ".") if "," in cell else cell for cell in cells]
    if marked and all(map(THOUSANDS.fullmatch, marked)) and all(map(_is_float, rest)):
        return [cell.replace(",", "") for cell in cells]
    return [*cells]


def _is_float(word: str) -> bool:
    try:
        to_float(word)
    except ValueError:
        return False
    return True


def is_number(value: Any) -> bool:
    """Returns whether a value is an integer or a float, and not true or false."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def check_finite(name: str, values: Tensor) -> Tensor:
    """Returns the values.

    Raises:
        ValueError: If one is not finite.
    """
    strange = (~values.isfinite()).nonzero()
    if len(strange):
        got = f"{float(values[tuple(strange[0])])} in row {int(strange[0][0])}"
        raise ValueError(f"Expected {name!r} to be finite (got {got}); change it")
    return values


def to_key(name: str | int) -> str:
    """Returns a node's name as a key whose hash no file chooses: integers can be made to have one hash."""
    return f"'{name}" if isinstance(name, str) else str(name)


def to_line(what: str, value: Any) -> str:
    """Returns the value if it is one line whose characters are all seen, see `hpme.io.text.seen`.

    Raises:
        ValueError: If it is not, or too long.
    """
    if not isinstance(value, str) or seen(value) != value:
        got = ascii(shown(value)) if isinstance(value, str) and value.isprintable() else shown(value)
        raise ValueError(f"Expected {what} to be text of one printable line (got {got}); change it")
    cap("characters", len(value))
    return value


def _fits(value: Any, dtype: torch.dtype) -> bool:
    if dtype == torch.bool:
        return value in (0, 1)
    number = is_number(value) and (dtype != torch.int64 or isinstance(value, int))
    if isinstance(value, float):
        return number and math.isfinite(value)
    return number and -(2**63) <= value < 2**63
