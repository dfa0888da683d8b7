"""Graphs from anywhere, fitted to the input of a model trained on a dataset."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch_geometric.data import Data

from hpme import checks
from hpme.chemistry.elements import SYMBOLS
from hpme.chemistry.names import molecule_of
from hpme.datasets import Dataset
from hpme.own_data.fit_edges import fit_edges, is_molecule

KEPT = ("edge_index", "node_gt", "edge_gt", "name")


@dataclass(frozen=True)
class ModelInput:
    """A graph that a model can read."""

    graph: Data
    how: str  # where its features come from, in one sentence


def fit_to_input(graph: Data, dataset: Dataset) -> ModelInput:
    """Gives a graph the features that the dataset's models expect.

    The first rule that applies is used: features without names are taken as they are, if there are as many;
    where the dataset's columns are elements, features are matched by name, or made from the nodes' elements;
    where all nodes of the dataset have the same features, every node gets those. Features of edges: see
    `hpme.own_data.fit_edges`; a graph can lack them, as not all models read them. Whole numbers become floats
    where the dataset has floats.

    Args:
        graph: As `hpme.io.read_graphs` returns it.
        dataset: The dataset that the model was trained on.

    Returns:
        A new graph with `x` ``[N, num_features]``, and `edge_attr` ``[E, num_edge_features]`` where its edges
        have what the dataset's have; with ``y`` if it is a label of the dataset, and with
        ``smiles`` if its atoms are the nodes. A molecule without label and ground truth gets those of the
        dataset's rule, if it has one. Where the ground truth marks only nodes, the edges between them
        are marked as well; where it marks only edges, their ends are.

    Raises:
        ValueError: If the features do not fit; the sentence says what is missing.

    Example:
        >>> from hpme import load_dataset
        >>> from hpme.io import read_graphs
        >>> ethanol = read_graphs(b"CCO", "mine.smi")[0]
        >>> fitted = fit_to_input(ethanol, load_dataset("benzene"))
        >>> fitted.how
        "Each atom is encoded by its element. Label and ground truth are by the dataset's rule."
        >>> fitted.graph.x.shape, fitted.graph.y
        (torch.Size([3, 14]), tensor([0]))
    """
    if dataset.spec.of_nodes:
        raise ValueError(
            f"Expected a dataset whose graphs are predicted (got {dataset.spec.title}, whose nodes are); "
            "choose another, or give your graph with a label at each node as a whole dataset"
        )
    x, how = _features(graph, dataset)
    fitted = Data(x=_like(x, dataset), **{name: graph[name] for name in KEPT if name in graph})
    edge_attr, note = fit_edges(graph, dataset)
    if edge_attr is not None:
        fitted.edge_attr = edge_attr
    checks.graph(fitted, dataset.spec.num_features)
    _complete_truth(fitted)
    if "graph_id" in graph and graph.graph_id >= 0:
        fitted.graph_id = graph.graph_id
    if "y" in graph and _is_label(float(graph.y), dataset):
        fitted.y = graph.y
    if "smiles" in graph and is_molecule(graph):
        fitted.smiles = graph.smiles
    return ModelInput(fitted, f"{how}{note}{_judge(fitted, dataset)}")


def _judge(graph: Data, dataset: Dataset) -> str:
    """Gives a molecule the label and the truth that the dataset's rule has for it, unless it has its own.

    Returns:
        That it did so, in one sentence.
    """
    mol = molecule_of(graph)
    if dataset.spec.rule is None or mol is None or {"y", "node_gt", "edge_gt"} & {*graph.keys()}:
        return ""
    label, atoms = dataset.spec.rule(mol)
    graph.y = torch.tensor([label], dtype=dataset.train[0].y.dtype)
    graph.node_gt = torch.zeros(graph.num_nodes, dtype=torch.bool)
    graph.node_gt[sorted(atoms)] = True
    _complete_truth(graph)
    return " Label and ground truth are by the dataset's rule."


def molecular(graph: Data) -> bool:
    """Returns whether a graph has elements, as a field, as the names of its features, or as SMILES."""
    return "element" in graph or "smiles" in graph or {*graph.get("feature_names", "-")} <= {*SYMBOLS}


def _complete_truth(graph: Data) -> None:
    if "node_gt" in graph and "edge_gt" not in graph:
        graph.edge_gt = graph.node_gt[graph.edge_index].all(0)
    elif "edge_gt" in graph and "node_gt" not in graph:
        graph.node_gt = torch.zeros(graph.num_nodes, dtype=torch.bool)
        graph.node_gt[graph.edge_index[:, graph.edge_gt].flatten()] = True


def _features(graph: Data, dataset: Dataset) -> tuple[Tensor, str]:
    spec, names = dataset.spec, graph.get("feature_names")
    if graph.x is not None and names is None and graph.x.size(1) == spec.num_features:
        return graph.x, f"The {spec.num_features} features of each node are taken as they are."
    if names is not None and spec.molecular and {*names} <= {*spec.node_labels}:
        columns = {name: graph.x[:, i] for i, name in enumerate(names)}
        zero = torch.zeros(graph.num_nodes)
        x = torch.stack([columns.get(name, zero) for name in spec.node_labels], dim=1)
        return x, "Features are matched by name; missing elements are 0."
    if spec.molecular and "element" in graph:
        return by_element(graph.element, spec.node_labels)
    row = None if spec.molecular else common_row(dataset)
    if row is not None:
        note = "" if graph.x is None else " The features in the file are ignored."
        how = f"Every node gets the features that all nodes of the dataset have.{note}"
        return row.repeat(graph.num_nodes, 1), how
    raise ValueError(_missing(graph, dataset))


def _like(x: Tensor, dataset: Dataset) -> Tensor:
    """Returns features with the type of the dataset's: floats, or whole numbers."""
    if dataset.train[0].x.is_floating_point():
        return x.float()
    if not torch.equal(x, x.round()):
        place = int((x != x.round()).any(1).nonzero()[0])
        got = f"{x[place].tolist()[:4]} at node {place}"
        raise ValueError(
            f"Expected whole numbers as features for {dataset.spec.title} (got {got}); round them"
        )
    return x.long()


def by_element(elements: Sequence[str], labels: tuple[str, ...]) -> tuple[Tensor, str]:
    """Gives atoms one-hot rows; elements without a column share that of ``*``.

    Args:
        elements: Symbol of each atom.
        labels: Symbol of each column.

    Returns:
        Rows ``[N, len(labels)]``, and where they come from, in one sentence.

    Raises:
        ValueError: If an element has no column, and there is none of ``*``.
    """
    strange = sorted({*elements} - {*labels})
    if strange and "*" not in labels:
        raise ValueError(
            f"Expected the elements {', '.join(labels)} (got {', '.join(strange)}); choose another model"
        )
    columns = [labels.index(symbol if symbol in labels else "*") for symbol in elements]
    note = (
        f" The model does not know {', '.join(strange)}: encoded as “any other element”." if strange else ""
    )
    return torch.eye(len(labels))[columns], f"Each atom is encoded by its element.{note}"


def common_row(dataset: Dataset) -> Tensor | None:
    """Returns the feature row ``[F]`` that all nodes of a dataset have, or None where they differ."""
    row = dataset.train[0].x[0]
    graphs = [*dataset.train, *dataset.val, *dataset.test]
    return row if all(bool((graph.x == row).all()) for graph in graphs) else None


def _is_label(y: float, dataset: Dataset) -> bool:
    return dataset.spec.regression or y in range(len(dataset.spec.classes))


def _missing(graph: Data, dataset: Dataset) -> str:
    """Returns a sentence about the features that the graph lacks."""
    spec = dataset.spec
    names = graph.get("feature_names") or []
    have = "no features" if graph.x is None else f"{graph.x.size(1)} features"
    if names:
        have += f": {', '.join(name[:20] for name in names[:4])}" + (", …" if len(names) > 4 else "")
    if spec.molecular:
        return (
            f"Expected molecules for {spec.title} (got {have} and no elements); give SMILES, a column "
            f"'element', or the {spec.num_features} columns {spec.node_labels[0]}, {spec.node_labels[1]}, …"
        )
    return (
        f"Expected {spec.num_features} features at each node for {spec.title} (got {have}); "
        f"give columns x0 to x{spec.num_features - 1}, or choose another model"
    )
