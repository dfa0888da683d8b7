"""Facts of a dataset in words, for the user to check."""

from collections import Counter
from collections.abc import Mapping
from statistics import median

from torch_geometric.data import Data

from hpme.chemistry.bonds import BONDS
from hpme.datasets import Dataset, DatasetSpec


def describe_dataset(dataset: Dataset) -> dict[str, str]:
    """Returns facts of a dataset by name: graphs, labels, sizes, features, ground truth, splits."""
    if dataset.graph is not None:
        return _of_nodes(dataset, dataset.graph)
    spec, graphs = dataset.spec, dataset.graphs
    if spec.regression:
        numbers = [float(graph.y) for graph in graphs]
        label = f"{spec.quantity}, a number from {min(numbers):g} to {max(numbers):g}"
    else:
        counts = Counter(int(graph.y) for graph in graphs)
        label = _counted(spec, counts)
    return {
        "Graphs": f"{len(graphs):,}",
        "Label" if spec.regression else "Classes": label,
        "Nodes": _range([graph.num_nodes for graph in graphs]),
        "Edges": _range([graph.edge_index.size(1) // 2 for graph in graphs]),
        **_features(spec),
        "Split": _split(dataset),
    }


def _of_nodes(dataset: Dataset, graph: Data) -> dict[str, str]:
    """Facts of a dataset of nodes, without a look at the graphs around them, which may be very many."""
    spec, labels = dataset.spec, Counter(graph.y.tolist())
    rest = graph.num_nodes - sum(map(len, (dataset.train, dataset.val, dataset.test)))
    none = f", no label ({labels[-1]:,})" if labels[-1] else ""
    return {
        "Graph": f"one, of {graph.num_nodes:,} nodes and {graph.num_edges // 2:,} edges; nodes are predicted",
        "Classes": f"{len(spec.classes)}: {_counted(spec, labels)}{none}",
        **_features(spec),
        "Split": f"{_split(dataset)} nodes" + (f", {rest:,} in no part" if rest else ""),
    }


def _counted(spec: DatasetSpec, counts: Mapping[int, int]) -> str:
    return ", ".join(f"{name} ({counts[i]:,})" for i, name in enumerate(spec.classes))


def _split(dataset: Dataset) -> str:
    sizes = {"training": dataset.train, "validation": dataset.val, "test": dataset.test}
    return ", ".join(f"{len(part):,} {use}" for use, part in sizes.items())


def _features(spec: DatasetSpec) -> dict[str, str]:
    return {
        "Features": f"{spec.num_features}" + (", one for each element" if spec.molecular else ""),
        **({"Edge features": _edge_features(spec)} if spec.num_edge_features else {}),
        "Ground truth": "yes" if spec.ground_truth else "no",
    }


def _edge_features(spec: DatasetSpec) -> str:
    if spec.edge_labels == BONDS:
        return f"{len(BONDS)}, one for each type of bond"
    return f"{spec.num_edge_features}"


def _range(counts: list[int]) -> str:
    return f"{min(counts):,} to {max(counts):,}, median {median(counts):,.0f}"
