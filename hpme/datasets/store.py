"""Graphs of a built-in dataset as one packed file, which opens many times faster than making them."""

import io
from collections.abc import Sequence
from importlib import resources
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch_geometric.data import Data

from hpme.datasets.molecules import bundled_smiles


def pack_graphs(graphs: Sequence[Data]) -> bytes:
    """Returns a compressed ``.npz`` of graphs with a ground truth.

    Arrays: `nodes` and `edges` ``[G]`` (how many a graph has), `rows` ``[R, F]`` (distinct rows of features),
    `row` ``[N]`` (which of them a node has), `edge_index` ``[2, E]`` with ids within each graph, `y` ``[G]``,
    `node_gt` and `edge_gt` as bits; of molecules also `edge_rows` and `edge_row`, their bond types likewise,
    and `molecule` ``[G]`` (which of the `bundled_smiles` a graph is).

    Args:
        graphs: Graphs in the order of their ids.
    """
    rows, row = _distinct([graph.x for graph in graphs])
    arrays = {
        "nodes": _narrow(torch.tensor([graph.num_nodes for graph in graphs])),
        "edges": _narrow(torch.tensor([graph.num_edges for graph in graphs])),
        "rows": rows,
        "row": row,
        "edge_index": _narrow(torch.cat([graph.edge_index for graph in graphs], dim=1)),
        "y": torch.cat([graph.y for graph in graphs]).numpy(),
        "node_gt": np.packbits(torch.cat([graph.node_gt for graph in graphs]).numpy()),
        "edge_gt": np.packbits(torch.cat([graph.edge_gt for graph in graphs]).numpy()),
    }
    if "edge_attr" in graphs[0]:
        arrays["edge_rows"], arrays["edge_row"] = _distinct([graph.edge_attr for graph in graphs])
    if "smiles" in graphs[0]:
        place = {smiles: i for i, smiles in enumerate(bundled_smiles())}
        arrays["molecule"] = _narrow(torch.tensor([place[graph.smiles] for graph in graphs]))
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def open_packed(name: str) -> list[Data]:
    """Returns the graphs of a built-in dataset, each with tensors of its own, as its module makes them.

    Args:
        name: Name of the dataset.
    """
    content = resources.files("hpme.datasets").joinpath("packed", f"{name}.npz").read_bytes()
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        arrays = dict(file)
    nodes, edges = arrays["nodes"].tolist(), arrays["edges"].tolist()
    columns = {
        "x": _parts(_whole(arrays["rows"], arrays["row"]), nodes),
        "edge_index": _parts(_wide(arrays["edge_index"]), edges, dim=1),
    }
    if "edge_row" in arrays:
        columns["edge_attr"] = _parts(_whole(arrays["edge_rows"], arrays["edge_row"]), edges)
    columns |= {
        "y": _parts(torch.from_numpy(arrays["y"]), [1] * len(nodes)),
        "node_gt": _parts(_flags(arrays["node_gt"], sum(nodes)), nodes),
        "edge_gt": _parts(_flags(arrays["edge_gt"], sum(edges)), edges),
    }
    if "molecule" in arrays:
        smiles = bundled_smiles()
        columns["smiles"] = [smiles[i] for i in arrays["molecule"].tolist()]
    graphs = [Data() for _ in nodes]
    for name, values in columns.items():  # faster than by keywords, which PyG looks up one by one
        for graph, value in zip(graphs, values, strict=True):
            graph[name] = value
    return graphs


def _parts(values: Tensor, sizes: list[int], dim: int = 0) -> list[Tensor]:
    """Returns a copy of each graph's part; a view would save the tensor of all graphs with each graph."""
    parts: Any = torch.split_with_sizes_copy  # torch's type hints know its form with `out` only
    return list(parts(values, sizes, dim=dim))


def _distinct(tensors: list[Tensor]) -> tuple[np.ndarray, np.ndarray]:
    """Returns the distinct rows ``[R, F]`` of tensors, and which of them each of their rows is."""
    rows, row = torch.cat(tensors).unique(dim=0, return_inverse=True)
    return rows.numpy(), _narrow(row)


def _whole(rows: np.ndarray, row: np.ndarray) -> Tensor:
    return torch.from_numpy(rows)[_wide(row)]


def _narrow(numbers: Tensor) -> np.ndarray:
    """Returns non-negative integers in the smallest type that holds them."""
    return numbers.numpy().astype(np.min_scalar_type(int(numbers.max())))


def _wide(numbers: np.ndarray) -> Tensor:
    return torch.from_numpy(numbers.astype(np.int64))


def _flags(bits: np.ndarray, count: int) -> Tensor:
    return torch.from_numpy(np.unpackbits(bits, count=count).view(np.bool_))
