"""Checks of what users pass, each refusal a sentence: what was expected, what came, what to do."""

import warnings
from collections.abc import Iterable, Mapping
from importlib.util import find_spec

import torch
from torch_geometric.data import Data


def known(name: str, registry: Mapping[str, object] | Iterable[str], kind: str) -> None:
    """Checks that a name is in a registry.

    Args:
        name: The name that the user gave.
        registry: The known names.
        kind: What the name names, such as ``"dataset"``.

    Raises:
        KeyError: If the name is unknown; the sentence lists the known ones.
    """
    names = sorted(registry)
    if name not in names:
        raise KeyError(f"Expected a known {kind}: {', '.join(names)} (got {name!r}); choose one of these")


def installed(what: str, *modules: str, extra: str = "app") -> None:
    """Checks that what an extra brings is there.

    Args:
        what: What needs it, such as ``"figures"``.
        *modules: Names under which it is imported.
        extra: The extra's name.

    Raises:
        ModuleNotFoundError: If a module is missing.
    """
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        raise ModuleNotFoundError(
            f"Expected the packages that {what} need: {', '.join(modules)} (got no {', '.join(missing)}); "
            f"install hpme with its extra '{extra}': pip install '.[{extra}]' in the project's folder"
        )


def graph(data: Data, num_features: int | None = None) -> None:
    """Checks that a graph can be given to a model.

    Args:
        data: Graph with `x` of shape ``[N, F]`` and `edge_index` of shape ``[2, E]``.
        num_features: The model's number of input features, if known.

    Raises:
        ValueError: If a shape, type or index does not fit.
    """
    x, edge_index = data.x, data.edge_index
    width = "num_features" if num_features is None else num_features
    fits = x is None or (isinstance(x, torch.Tensor) and x.dim() > 0 and len(x) > 0)
    if num_features is not None:
        fits = isinstance(x, torch.Tensor) and x.dim() == 2 and len(x) > 0 and x.size(1) == num_features
    if not fits:
        got = None if x is None else list(x.shape)
        raise ValueError(
            f"Expected 'x' of shape [num_nodes, {width}] with at least one node (got {got}); "
            "take the graph from the dataset that the model was trained on"
        )
    num_nodes = _num_nodes(data)
    if not isinstance(edge_index, torch.Tensor) or edge_index.dim() != 2 or edge_index.size(0) != 2:
        got = None if edge_index is None else list(edge_index.shape)
        raise ValueError(
            f"Expected 'edge_index' of shape [2, num_edges] (got {got}); give each edge a column"
        )
    if edge_index.numel() and not 0 <= int(edge_index.min()) <= int(edge_index.max()) < num_nodes:
        raise ValueError(
            f"Expected edge ends in [0, {num_nodes - 1}] (got {int(edge_index.min())} to "
            f"{int(edge_index.max())}); number the nodes from 0"
        )


def _num_nodes(data: Data) -> int:
    """The number of nodes, of a graph without features as it is said or as another attribute tells.

    Raises:
        ValueError: If there are none, or nothing tells.
    """
    if data.x is not None:
        return len(data.x)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # PyG guesses from the edges, and warns
        try:
            count = data.num_nodes or 0
        except UserWarning:
            count = 0
    if not count:
        raise ValueError(
            "Expected 'x' of shape [num_nodes, num_features], or num_nodes of a graph without features (got "
            "neither); say how many nodes it has"
        )
    return count


def cause(error: Exception) -> str:
    """Returns the type and the message of an error of foreign code on one line, cut where it is long."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:200].rstrip(":")


def in_range(name: str, value: float, low: float, high: float) -> None:
    """Checks that a setting lies in a closed range.

    Raises:
        ValueError: If it does not.
    """
    if not low <= value <= high:
        raise ValueError(
            f"Expected {name} in [{low}, {high}] (got {value}); change it to a value in that range"
        )
