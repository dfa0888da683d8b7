"""Graphs cut from flat tensors."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch_geometric.data import Data


def cut_rows(values: Tensor, sizes: Sequence[int], dim: int = 0) -> list[Tensor]:
    """Returns a copy of each graph's part; a view would save the tensor of all graphs with each graph.

    Args:
        values: What all graphs have, one after the other.
        sizes: How many rows of it each graph has.
        dim: The axis of those rows.
    """
    parts: Any = torch.split_with_sizes_copy  # torch's type hints know its form with `out` only
    return list(parts(values, sizes, dim=dim))


def join_columns(columns: Mapping[str, Sequence[Any]]) -> list[Data]:
    """Returns graphs of their fields, by name, each with a value for each graph."""
    graphs = [Data() for _ in next(iter(columns.values()))]
    for name, values in columns.items():  # faster than by keywords, which PyG looks up one by one
        for graph, value in zip(graphs, values, strict=True):
            graph[name] = value
    return graphs
