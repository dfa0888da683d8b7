"""The text files of a zipped TU dataset, by their part of the name, and the numbers in them."""

import csv
import io
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from hpme.io.text import quote
from hpme.limits import DATASET_LIMITS, cap

CSV: dict[str, Any] = {
    "header": None,
    "index_col": False,
    "dtype": np.float64,
    "encoding": "utf-8-sig",
    "skipinitialspace": True,
    "quoting": csv.QUOTE_NONE,
}
PARTS = re.compile(
    r"(?:^|[/_])(A|graph_indicator|(?:graph|node|edge)_(?:labels|attributes)|(?:node|edge)_gt)\.txt$"
)
OF_EDGES = ("A", "edge_labels", "edge_attributes", "edge_gt")


def find_parts(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[str]]:
    """Returns the contents of the files of a set, by their part of the name, and the names of other files.

    Raises:
        ValueError: If one of those is missing that each set has, or there are two sets.
    """
    parts: dict[str, bytes] = {}
    others = []
    for name, content in files.items():
        match = PARTS.search(name)
        if not match:
            others.append(PurePosixPath(name).name)
        elif match[1] in parts:
            raise ValueError(f"Expected one dataset in a zip (got two {match[1]}.txt); zip each on its own")
        else:
            parts[match[1]] = content
    needed = ["A", "graph_indicator"] + ["graph_labels"] * ("graph_attributes" not in parts)
    missing = [f"NAME_{part}.txt" for part in needed if part not in parts]
    if missing:
        raise ValueError(
            f"Missing files: {', '.join(missing)}. A zipped TU dataset needs NAME_A.txt, "
            "NAME_graph_indicator.txt, and NAME_graph_labels.txt or NAME_graph_attributes.txt"
        )
    return parts, others


def rows_of(
    parts: Mapping[str, bytes], part: str, what: str, count: int, width: int | None = None
) -> np.ndarray:
    """Returns a row of finite numbers for each of so many nodes or edges ``[count, width]``."""
    values = numbers_in(parts, part, width)
    if len(values) != count:
        raise ValueError(
            f"Expected a row for each of {count} {what}s in NAME_{part}.txt (got {len(values)}); "
            "give one each"
        )
    return values


def short_rows_of(parts: Mapping[str, bytes], part: str, what: str, count: int) -> np.ndarray:
    """Returns the same, of any width, as float32."""
    values = rows_of(parts, part, what, count)
    with np.errstate(over="ignore"):
        short = values.astype(np.float32)
    wrong = ~np.isfinite(short).all(axis=1, keepdims=True)
    if wrong.any():
        row, words = wrong_row(parts, part, wrong)
        got = f"{words} in row {row}"
        raise ValueError(
            f"Expected numbers that fit into 32 bits in NAME_{part}.txt (got {got}); scale them down"
        )
    return short


def whole_numbers(parts: Mapping[str, bytes], part: str, width: int = 1) -> np.ndarray:
    """Returns whole numbers ``[rows]``, or ``[rows, width]``."""
    values = numbers_in(parts, part, width)
    wrong = ((values != values.round()) | (abs(values) > 2**53)).any(axis=1, keepdims=True)
    if wrong.any():
        row, text = wrong_row(parts, part, wrong)
        raise ValueError(f"Expected whole numbers in NAME_{part}.txt (got {text} in row {row}); fix that row")
    integers = values.astype(np.int64)
    return integers[:, 0] if width == 1 else integers


def numbers_in(parts: Mapping[str, bytes], part: str, width: int | None = None) -> np.ndarray:
    """Returns finite numbers ``[rows, width]``; any width if none is given."""
    cap("edges" if part in OF_EDGES else "nodes", parts[part].count(b"\n"), limits=DATASET_LIMITS)
    text = parts[part].strip()
    columns = text.partition(b"\n")[0].count(b",") + 1
    cap("features", columns, limits=DATASET_LIMITS)
    cap("values", columns * text.count(b"\n"), limits=DATASET_LIMITS)
    try:
        values = pd.read_csv(io.BytesIO(text), **CSV).to_numpy() if text else np.zeros((0, width or 1))
    except (UnicodeDecodeError, ValueError) as error:
        raise ValueError(
            f"Expected numbers in NAME_{part}.txt (got: {quote(str(error))}); fix that file"
        ) from None
    width = width or values.shape[1]
    wrong = ~np.isfinite(values).all(axis=1, keepdims=True) | (values.shape[1] != width)
    if wrong.any():
        row, words = wrong_row(parts, part, wrong)
        numbers = "one finite number" if width == 1 else f"{width} finite numbers"
        raise ValueError(
            f"Expected {numbers} in each row of NAME_{part}.txt (got {words} in row {row}); fix that row"
        )
    return values


def wrong_row(parts: Mapping[str, bytes], part: str, wrong: ArrayLike) -> tuple[int, str]:
    """Returns the first wrong row's number in its file, where others may be empty, and its text in quotes."""
    rows = [(i, row) for i, row in enumerate(parts[part].splitlines(), start=1) if row.strip()]
    number, row = rows[int(np.argmax(wrong))]
    return number, quote(row.decode("utf-8-sig", "replace"), 40)
