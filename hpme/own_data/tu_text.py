"""The text format of the TU collection, zipped: ``NAME_A.txt``, ``NAME_graph_indicator.txt`` and others."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import ArrayLike
from torch import Tensor
from torch_geometric.data import Data
from torch_geometric.utils import to_undirected

from hpme.datasets.columns import cut_rows, join_columns
from hpme.io.archive import unpack
from hpme.io.text import quote
from hpme.limits import DATASET_LIMITS, cap
from hpme.own_data.raw import RawDataset, constant_feature

CSV: dict[str, Any] = {
    "header": None,
    "index_col": False,
    "dtype": np.float64,
    "encoding": "utf-8-sig",
    "skipinitialspace": True,
    "quoting": csv.QUOTE_NONE,
}
# Others are left out.
PARTS = (
    "A|graph_indicator|graph_labels|graph_attributes|node_labels|node_attributes|edge_labels|edge_attributes"
)
OF_EDGES = ("A", "edge_labels", "edge_attributes")


def read(content: bytes) -> RawDataset:
    """Reads the files of one set.

    Features of nodes and of edges are their attributes, and their labels, one-hot.

    Args:
        content: The archive's bytes.

    Returns:
        Undirected graphs. ``graph_labels`` are classes; without them, ``graph_attributes`` are numbers.

    Raises:
        ValueError: If a file is missing, or they do not fit together.
    """
    parts = _parts(unpack(content, DATASET_LIMITS))
    attributes = "graph_labels" not in parts
    labels = _numbers(parts, "graph_attributes", 1)[:, 0] if attributes else _ids(parts, "graph_labels")
    indicator, ends = _ids(parts, "graph_indicator") - 1, _ids(parts, "A", 2) - 1
    _check_graphs(parts, indicator, len(labels))
    _check_ends(parts, ends, indicator)
    x, nodes = _features(parts, "node", len(indicator))
    how = f"Nodes have {nodes}" if nodes else "Nodes have no features: each gets a 1"
    rows, edges = _features(parts, "edge", len(ends)) if len(ends) else (None, "")
    both, alike = _undirected(ends, rows, len(indicator))
    notes = [f"{how}, edges have {edges}." if alike is not None else f"{how}."]
    if edges and alike is None:
        notes.append("Features of edges are left out, as they differ between the directions of an edge.")
    graphs = _cut(indicator, both, constant_feature(len(indicator)) if x is None else x, alike)
    kind = "number" if attributes else "class"
    return RawDataset(graphs, labels.tolist(), kind, attributes, notes=tuple(notes))


def _check_graphs(parts: Mapping[str, bytes], indicator: np.ndarray, count: int) -> None:
    """Raises `ValueError` unless all graphs, and no others, have nodes."""
    wrong = (indicator < 0) | (indicator >= count)
    if wrong.any():
        got = f"{indicator[wrong][0] + 1} in row {_row(parts, 'graph_indicator', wrong)[0]}"
        raise ValueError(
            f"Expected graph ids 1 to {count} in NAME_graph_indicator.txt (got {got}); fix that row"
        )
    empty = np.bincount(indicator, minlength=count) == 0
    if empty.any() or not count:
        got = f"none of graph {empty.argmax() + 1}" if count else "no graph"
        raise ValueError(
            f"Expected nodes of each graph in NAME_graph_indicator.txt (got {got}); add its nodes"
        )


def _check_ends(parts: Mapping[str, bytes], ends: np.ndarray, indicator: np.ndarray) -> None:
    """Raises `ValueError` unless edges are between nodes of one graph."""
    outside = (ends < 0) | (ends >= len(indicator))
    if outside.any():
        got = f"{ends[outside][0] + 1} in row {_row(parts, 'A', outside.any(axis=1, keepdims=True))[0]}"
        raise ValueError(f"Expected node ids 1 to {len(indicator)} in NAME_A.txt (got {got}); fix that row")
    between = indicator[ends[:, 0]] != indicator[ends[:, 1]]
    if between.any():
        one, other = indicator[ends[between][0]] + 1
        row, text = _row(parts, "A", between)
        got = f"{text} in row {row}, from graph {one} to graph {other}"
        raise ValueError(f"Expected edges inside graphs in NAME_A.txt (got {got}); fix that row")


def _undirected(ends: np.ndarray, rows: Tensor | None, nodes: int) -> tuple[Tensor, Tensor | None]:
    """Returns each edge once in both directions ``[2, E]``, and its features.

    There are none where an edge stands in the file several times with unlike features.
    """
    once = torch.from_numpy(ends).t().contiguous()
    if rows is None:
        return to_undirected(once, num_nodes=nodes), None
    both, least = to_undirected(once, rows, nodes, reduce="min")
    most = to_undirected(once, rows, nodes, reduce="max")[1]
    return both, least if torch.equal(least, most) else None


def _cut(indicator: np.ndarray, both: Tensor, x: Tensor, rows: Tensor | None) -> list[Data]:
    """Returns the graphs with their own edges, sorted."""
    order = indicator.argsort(kind="stable")
    both = torch.from_numpy(order.argsort())[both]
    place = (both[0] * len(x) + both[1]).argsort()
    both = both[:, place]
    sizes = torch.from_numpy(np.bincount(indicator))
    owner = torch.arange(len(sizes)).repeat_interleave(sizes)[both[0]]
    edges = both - (sizes.cumsum(0) - sizes)[owner]
    counts = torch.bincount(owner, minlength=len(sizes))
    columns: dict[str, Sequence[object]] = {
        "x": cut_rows(x[torch.from_numpy(order)], sizes.tolist()),
        "edge_index": cut_rows(edges, counts.tolist(), dim=1),
    }
    if rows is not None:
        columns["edge_attr"] = cut_rows(rows[place], counts.tolist())
    return join_columns(columns)


def _parts(files: Mapping[str, bytes]) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    for name, content in files.items():
        match = re.search(rf"(?:^|[/_])({PARTS})\.txt$", name)
        if match and match[1] in parts:
            raise ValueError(f"Expected one dataset in a zip (got two {match[1]}.txt); zip each on its own")
        if match:
            parts[match[1]] = content
    needed = ["A", "graph_indicator"] + ["graph_labels"] * ("graph_attributes" not in parts)
    missing = [f"NAME_{part}.txt" for part in needed if part not in parts]
    if missing:
        raise ValueError(
            f"Missing files: {', '.join(missing)}. A zipped TU dataset needs NAME_A.txt, "
            "NAME_graph_indicator.txt, and NAME_graph_labels.txt or NAME_graph_attributes.txt"
        )
    return parts


def _features(parts: Mapping[str, bytes], what: str, count: int) -> tuple[Tensor | None, str]:
    """Returns the features of nodes or of edges, if there are any, and words for them."""
    columns, notes = [], []
    if f"{what}_attributes" in parts:
        columns.append(_rows_of(parts, f"{what}_attributes", what, count).astype(np.float32))
        notes.append(f"{columns[0].shape[1]} attributes")
    if f"{what}_labels" in parts:
        for values in _rows_of(parts, f"{what}_labels", what, count).T:
            kinds, place = np.unique(values, return_inverse=True)
            cap("features", len(kinds), limits=DATASET_LIMITS)
            cap("values", len(kinds) * len(values), limits=DATASET_LIMITS)
            columns.append(np.eye(len(kinds), dtype=np.float32)[place])
            notes.append(f"one of {len(kinds)} labels")
    return torch.from_numpy(np.concatenate(columns, axis=1)) if columns else None, " and ".join(notes)


def _rows_of(parts: Mapping[str, bytes], part: str, what: str, count: int) -> np.ndarray:
    values = _numbers(parts, part)
    if len(values) != count:
        raise ValueError(
            f"Expected a row for each of {count} {what}s in NAME_{part}.txt (got {len(values)}); "
            "give one each"
        )
    return values


def _ids(parts: Mapping[str, bytes], part: str, width: int = 1) -> np.ndarray:
    """Returns whole numbers ``[rows]``, or ``[rows, width]``."""
    values = _numbers(parts, part, width)
    wrong = ((values != values.round()) | (abs(values) > 2**53)).any(axis=1, keepdims=True)
    if wrong.any():
        row, text = _row(parts, part, wrong)
        raise ValueError(f"Expected whole numbers in NAME_{part}.txt (got {text} in row {row}); fix that row")
    integers = values.astype(np.int64)
    return integers[:, 0] if width == 1 else integers


def _numbers(parts: Mapping[str, bytes], part: str, width: int | None = None) -> np.ndarray:
    """Returns finite numbers ``[rows, width]``; any width if none is given."""
    cap("edges" if part in OF_EDGES else "nodes", parts[part].count(b"\n"), limits=DATASET_LIMITS)
    text = parts[part].strip()
    cap("features", text.partition(b"\n")[0].count(b",") + 1, limits=DATASET_LIMITS)
    try:
        values = pd.read_csv(io.BytesIO(text), **CSV).to_numpy() if text else np.zeros((0, width or 1))
    except (UnicodeDecodeError, ValueError) as error:
        raise ValueError(
            f"Expected numbers in NAME_{part}.txt (got: {quote(str(error))}); fix that file"
        ) from None
    width = width or values.shape[1]
    wrong = ~np.isfinite(values).all(axis=1, keepdims=True) | (values.shape[1] != width)
    if wrong.any():
        row, words = _row(parts, part, wrong)
        numbers = "one finite number" if width == 1 else f"{width} finite numbers"
        raise ValueError(
            f"Expected {numbers} in each row of NAME_{part}.txt (got {words} in row {row}); fix that row"
        )
    return values


def _row(parts: Mapping[str, bytes], part: str, wrong: ArrayLike) -> tuple[int, str]:
    """Returns the first wrong row's number in its file, where others may be empty, and its text in quotes."""
    rows = [(i, row) for i, row in enumerate(parts[part].splitlines(), start=1) if row.strip()]
    number, row = rows[int(np.argmax(wrong))]
    return number, repr(row.decode("utf-8-sig", "replace")[:40])
