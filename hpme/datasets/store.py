"""Graphs of a built-in dataset as one packed file, which opens many times faster than making them."""

import io
from collections.abc import Sequence
from importlib import resources

import numpy as np
import torch
from torch import Tensor
from torch_geometric.data import Data

from hpme.datasets.columns import cut_rows, join_columns
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
    columns: dict[str, Sequence[object]] = {
        "x": cut_rows(_whole(arrays["rows"], arrays["row"]), nodes),
        "edge_index": cut_rows(_wide(arrays["edge_index"]), edges, dim=1),
    }
    if "edge_row" in arrays:
        columns["edge_attr"] = cut_rows(_whole(arrays["edge_rows"], arrays["edge_row"]), edges)
    columns |= {
        "y": cut_rows(torch.from_numpy(arrays["y"]), [1] * len(nodes)),
        "node_gt": cut_rows(_flags(arrays["node_gt"], sum(nodes)), nodes),
        "edge_gt": cut_rows(_flags(arrays["edge_gt"], sum(edges)), edges),
    }
    if "molecule" in arrays:
        smiles = bundled_smiles()
        columns["smiles"] = [smiles[i] for i in arrays["molecule"].tolist()]
    return join_columns(columns)


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
