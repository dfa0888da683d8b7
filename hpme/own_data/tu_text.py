"""The text format of the TU collection, zipped: ``NAME_A.txt``, ``NAME_graph_indicator.txt`` and others."""

import csv
import io
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch_geometric.data import Data
from torch_geometric.utils import to_undirected

from hpme.io.archive import unpack
from hpme.limits import DATASET_LIMITS, cap
from hpme.own_data.raw import RawDataset, constant_feature

CSV: dict[str, Any] = {
    **{"header": None, "index_col": False, "dtype": np.float64, "encoding": "utf-8-sig"},
    **{"skipinitialspace": True, "quoting": csv.QUOTE_NONE},
}
PARTS = "A|graph_indicator|graph_labels|graph_attributes|node_labels|node_attributes"  # others are left out


def read(content: bytes) -> RawDataset:
    """Reads the files of one set.

    Features are the attributes of the nodes and their labels, one-hot; labels of edges are left out.

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
    count, nodes = len(labels), len(indicator)
    if not nodes or indicator.min() < 0 or len(np.unique(indicator)) != count or indicator.max() != count - 1:
        raise ValueError(
            f"Expected nodes of each of the graphs 1 to {count} (got others in graph_indicator); mend it"
        )
    if ends.size and (ends.min() < 0 or ends.max() >= nodes):
        raise ValueError(f"Expected ids of nodes 1 to {nodes} (got others in A); mend it")
    if (indicator[ends[:, 0]] != indicator[ends[:, 1]]).any():
        raise ValueError("Expected edges inside graphs (got one between two in A); mend it")
    x, how = _features(parts, nodes)
    graphs = _cut(indicator, ends, x)
    return RawDataset(graphs, labels.tolist(), "number" if attributes else "class", attributes, notes=(how,))


def _cut(indicator: np.ndarray, ends: np.ndarray, x: torch.Tensor) -> list[Data]:
    """The graphs, with each edge once in both directions, sorted."""
    order = indicator.argsort(kind="stable")
    both = to_undirected(torch.from_numpy(order.argsort()[ends]).t().contiguous(), num_nodes=len(x))
    sizes = torch.from_numpy(np.bincount(indicator))
    owner = torch.arange(len(sizes)).repeat_interleave(sizes)[both[0]]
    edges = both - (sizes.cumsum(0) - sizes)[owner]
    counts = torch.bincount(owner, minlength=len(sizes))
    rows = x[torch.from_numpy(order)].split(sizes.tolist())
    return [
        Data(x=own, edge_index=pairs.contiguous())
        for own, pairs in zip(rows, edges.split(counts.tolist(), dim=1), strict=True)
    ]


def _parts(files: Mapping[str, bytes]) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    for name, content in files.items():
        match = re.search(rf"(?:^|[/_])({PARTS})\.txt$", name)
        if match and match[1] in parts:
            raise ValueError(f"Expected one set of graphs (got {match[1]}.txt twice); zip each on its own")
        if match:
            parts[match[1]] = content
    needed = ["A", "graph_indicator"] + ["graph_labels"] * ("graph_attributes" not in parts)
    missing = [f"NAME_{part}.txt" for part in needed if part not in parts]
    if missing:
        raise ValueError(
            f"Expected text files of the TU format (got none of {', '.join(missing)}); add them to the zip"
        )
    return parts


def _features(parts: Mapping[str, bytes], nodes: int) -> tuple[torch.Tensor, str]:
    columns, notes = [], []
    if "node_attributes" in parts:
        columns.append(_numbers(parts, "node_attributes").astype(np.float32))
        notes.append(f"{columns[0].shape[1]} attributes")
    if "node_labels" in parts:
        for values in _numbers(parts, "node_labels").T:
            kinds, place = np.unique(values, return_inverse=True)
            cap("features", len(kinds), limits=DATASET_LIMITS)
            cap("values", len(kinds) * len(values), limits=DATASET_LIMITS)
            columns.append(np.eye(len(kinds), dtype=np.float32)[place])
            notes.append(f"one of {len(kinds)} labels")
    if not columns:
        return constant_feature(nodes), "Nodes have no features: each gets a 1."
    for column in columns:
        if len(column) != nodes:
            raise ValueError(f"Expected a row for each of {nodes} nodes (got {len(column)}); add the others")
    return torch.from_numpy(np.concatenate(columns, axis=1)), f"Nodes have {' and '.join(notes)}."


def _ids(parts: Mapping[str, bytes], part: str, width: int = 1) -> np.ndarray:
    """Whole numbers ``[rows]``, or ``[rows, width]``."""
    values = _numbers(parts, part, width)
    if (values != values.round()).any() or (abs(values) > 2**53).any():
        raise ValueError(f"Expected whole numbers in {part} (got others); mend it")
    integers = values.astype(np.int64)
    return integers[:, 0] if width == 1 else integers


def _numbers(parts: Mapping[str, bytes], part: str, width: int | None = None) -> np.ndarray:
    """Finite numbers ``[rows, width]``; any width if none is given."""
    cap("edges" if part == "A" else "nodes", parts[part].count(b"\n"), limits=DATASET_LIMITS)
    text = parts[part].strip()
    cap("features", text.partition(b"\n")[0].count(b",") + 1, limits=DATASET_LIMITS)
    try:
        values = pd.read_csv(io.BytesIO(text), **CSV).to_numpy() if text else np.zeros((0, width or 1))
    except (UnicodeDecodeError, ValueError) as error:
        raise ValueError(f"Expected numbers in {part} (got: {str(error)[:80]!r}); mend it") from None
    width = width or values.shape[1]
    if values.shape[1] != width or not np.isfinite(values).all():
        raise ValueError(f"Expected {width} finite numbers in each row of {part} (got others); mend it")
    return values
