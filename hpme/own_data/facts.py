"""Facts of a dataset in words, for the user to check."""

from collections import Counter
from statistics import median

from hpme.chemistry.bonds import BONDS
from hpme.datasets import Dataset, DatasetSpec


def describe_dataset(dataset: Dataset) -> dict[str, str]:
    """Returns facts of a dataset by name: graphs, labels, sizes, features, ground truth, splits."""
    spec, graphs = dataset.spec, dataset.graphs
    if spec.regression:
        numbers = [float(graph.y) for graph in graphs]
        label = f"{spec.quantity}, a number from {min(numbers):g} to {max(numbers):g}"
    else:
        counts = Counter(int(graph.y) for graph in graphs)
        label = ", ".join(f"{name} ({counts[i]:,})" for i, name in enumerate(spec.classes))
    sizes = {"training": dataset.train, "validation": dataset.val, "test": dataset.test}
    return {
        "Graphs": f"{len(graphs):,}",
        "Label" if spec.regression else "Classes": label,
        "Nodes": _range([graph.num_nodes for graph in graphs]),
        "Edges": _range([graph.edge_index.size(1) // 2 for graph in graphs]),
        "Features": f"{spec.num_features}" + (", one for each element" if spec.molecular else ""),
        **({"Edge features": _edge_features(spec)} if spec.num_edge_features else {}),
        "Ground truth": "yes" if spec.ground_truth else "no",
        "Split": ", ".join(f"{len(part):,} {use}" for use, part in sizes.items()),
    }


def _edge_features(spec: DatasetSpec) -> str:
    if spec.edge_labels == BONDS:
        return f"{len(BONDS)}, one for each type of bond"
    return f"{spec.num_edge_features}"


def _range(counts: list[int]) -> str:
    return f"{min(counts):,} to {max(counts):,}, median {median(counts):,.0f}"
