"""The text format of the TU collection, zipped: ``NAME_A.txt``, ``NAME_graph_indicator.txt`` and others."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor
from torch_geometric.data import Data
from torch_geometric.utils import to_undirected

from hpme.datasets.columns import cut_rows, join_columns
from hpme.io.archive import unpack
from hpme.io.summary import list_left_out
from hpme.limits import DATASET_LIMITS, cap
from hpme.own_data.labels import one_line
from hpme.own_data.raw import RawDataset, constant_feature
from hpme.own_data.tu_files import find_parts, numbers_in, rows_of, short_rows_of, whole_numbers, wrong_row


def read(content: bytes) -> RawDataset:
    """Reads the files of one set.

    Features of nodes and of edges are their attributes, and their labels, one-hot.

    Args:
        content: The archive's bytes.

    Returns:
        Undirected graphs. ``graph_labels`` are classes; without them, ``graph_attributes`` are numbers. With
        ``node_gt`` and ``edge_gt``, a row for each node or for each row of ``A``, if there is one of them.

    Raises:
        ValueError: If a file is missing, or they do not fit together.
    """
    parts, others = find_parts(unpack(content, DATASET_LIMITS))
    attributes = "graph_labels" not in parts
    labels = (
        numbers_in(parts, "graph_attributes", 1)[:, 0] if attributes else whole_numbers(parts, "graph_labels")
    )
    indicator, ends = whole_numbers(parts, "graph_indicator") - 1, whole_numbers(parts, "A", 2) - 1
    _check_graphs(parts, indicator, len(labels))
    _check_ends(parts, ends, indicator)
    x, nodes = _features(parts, "node", len(indicator))
    how = f"Nodes have {nodes}" if nodes else "Nodes have no features: each gets a 1"
    rows, edges = _features(parts, "edge", len(ends)) if len(ends) else (None, "")
    both, alike = _undirected(ends, rows, len(indicator))
    notes = [f"{how}, edges have {edges}." if alike is not None else f"{how}."]
    if edges and alike is None:
        notes.append("Features of edges are left out, as they differ between the directions of an edge.")
    of_nodes = {"x": constant_feature(len(indicator)) if x is None else x}
    of_edges = {} if alike is None else {"edge_attr": alike}
    if {"node_gt", "edge_gt"} & {*parts}:
        of_nodes["node_gt"], of_edges["edge_gt"] = _truth(parts, ends, both, len(indicator))
    if not attributes and "graph_attributes" in parts:
        others.append("NAME_graph_attributes.txt (beside NAME_graph_labels.txt)")
    if others:
        notes.append(f"Left out: {list_left_out([*map(one_line, others)])}.")
    graphs = _cut(indicator, both, of_nodes, of_edges)
    kind = "number" if attributes else "class"
    return RawDataset(graphs, labels.tolist(), kind, attributes, notes=tuple(notes))


def _check_graphs(parts: Mapping[str, bytes], indicator: np.ndarray, count: int) -> None:
    """Raises `ValueError` unless all graphs, and no others, have nodes."""
    wrong = (indicator < 0) | (indicator >= count)
    if wrong.any():
        got = f"{indicator[wrong][0] + 1} in row {wrong_row(parts, 'graph_indicator', wrong)[0]}"
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
        got = f"{ends[outside][0] + 1} in row {wrong_row(parts, 'A', outside.any(axis=1, keepdims=True))[0]}"
        raise ValueError(f"Expected node ids 1 to {len(indicator)} in NAME_A.txt (got {got}); fix that row")
    between = indicator[ends[:, 0]] != indicator[ends[:, 1]]
    if between.any():
        one, other = indicator[ends[between][0]] + 1
        row, text = wrong_row(parts, "A", between)
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


def _truth(parts: Mapping[str, bytes], ends: np.ndarray, both: Tensor, nodes: int) -> tuple[Tensor, Tensor]:
    """Returns the ground truth of nodes ``[N]`` and of `both` directions of the edges ``[E]``.

    Where one of them is missing, it follows from the other: edges between two marked nodes are marked, and so
    are the ends of marked edges. An edge that is marked in one direction is marked.
    """
    marks = [f"{what}_gt" in parts for what in ("node", "edge")]
    node = torch.zeros(nodes, dtype=torch.bool)
    if marks[0]:
        node = torch.from_numpy(rows_of(parts, "node_gt", "node", nodes, 1)[:, 0] > 0)
    if not marks[1]:
        return node, node[both].all(dim=0)
    once = torch.from_numpy(ends).t().contiguous()
    rows = torch.from_numpy(rows_of(parts, "edge_gt", "edge", len(ends), 1)[:, 0] > 0)
    edge = to_undirected(once, rows.long(), nodes, reduce="max")[1] > 0
    if not marks[0]:
        node[both[:, edge].flatten()] = True
    return node, edge


def _cut(
    indicator: np.ndarray, both: Tensor, of_nodes: Mapping[str, Tensor], of_edges: Mapping[str, Tensor]
) -> list[Data]:
    """Returns the graphs with their own edges, sorted, and with the fields of all nodes and all edges."""
    order = torch.from_numpy(indicator.argsort(kind="stable"))
    both = order.argsort()[both]
    place = (both[0] * len(order) + both[1]).argsort()
    both = both[:, place]
    sizes = torch.from_numpy(np.bincount(indicator))
    owner = torch.arange(len(sizes)).repeat_interleave(sizes)[both[0]]
    edges = both - (sizes.cumsum(0) - sizes)[owner]
    nodes, counts = sizes.tolist(), torch.bincount(owner, minlength=len(sizes)).tolist()
    return join_columns(
        {name: cut_rows(rows[order], nodes) for name, rows in of_nodes.items()}
        | {"edge_index": cut_rows(edges, counts, dim=1)}
        | {name: cut_rows(rows[place], counts) for name, rows in of_edges.items()}
    )


def _features(parts: Mapping[str, bytes], what: str, count: int) -> tuple[Tensor | None, str]:
    """Returns the features of nodes or of edges, if there are any, and words for them."""
    columns, notes = [], []
    if f"{what}_attributes" in parts:
        columns.append(short_rows_of(parts, f"{what}_attributes", what, count))
        notes.append(f"{columns[0].shape[1]} attributes")
    if f"{what}_labels" in parts:
        labels = rows_of(parts, f"{what}_labels", what, count).T
        sizes = [len(np.unique(values)) for values in labels]
        width = sum(sizes) + sum(column.shape[1] for column in columns)  # before they take memory
        cap("features", width, limits=DATASET_LIMITS)
        cap("values", width * count, limits=DATASET_LIMITS)
        for values, size in zip(labels, sizes, strict=True):
            place = np.unique(values, return_inverse=True)[1]
            columns.append(np.eye(size, dtype=np.float32)[place])
            notes.append(f"one of {size} labels")
    return torch.from_numpy(np.concatenate(columns, axis=1)) if columns else None, " and ".join(notes)
