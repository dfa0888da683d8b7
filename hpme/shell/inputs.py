"""Datasets, graphs, models and explainers, loaded as a command names them."""

import sys
from collections.abc import Sequence
from pathlib import Path

from torch import nn
from torch_geometric.data import Data

from hpme import checks
from hpme.classifiers import (
    default_classifier,
    is_reference,
    load_classifier,
    load_classifier_bytes,
    register,
)
from hpme.datasets import DATASETS, Dataset
from hpme.datasets.reach import reaching
from hpme.explainers import EXPLAINERS, ExplainerSpec
from hpme.io import Opened, describe_guess, open_files
from hpme.io.summary import list_left_out
from hpme.own_data import as_floats, load_dataset
from hpme.own_data.fit_input import fit_to_input


def open_dataset(name: str | None, path: Path | None, label: str | None = None) -> Dataset:
    """Returns the dataset of a name or in a user's file; see `hpme.own_data.read_dataset` for the label.

    Raises:
        ValueError: If there is not exactly one of name and path, the file cannot be read, or it is named like
            a built-in dataset, whose shipped models would be replaced by those trained on the file.
    """
    if (name is None) == (path is None):
        got = "none" if name is None else f"{name} and {path}"
        raise ValueError(f"Expected one dataset (got {got}); give a name, or --data FILE")
    source = str(path or name)
    loaded = load_dataset(source, label)
    if source not in DATASETS and loaded.spec.name in DATASETS:
        raise ValueError(
            f"Expected a file that is not named like a built-in dataset (got {source!r}); rename it"
        )
    return loaded


def open_for_model(
    name: str | None, path: Path | None, label: str | None, model: str | None
) -> tuple[Dataset, str]:
    """Returns a dataset as `open_to_check` does; graphs around nodes reach as far as a user's own model sees.

    Raises:
        ValueError: If such a model answers otherwise about the graph around a node than in the whole graph.
    """
    loaded, model = open_to_check(name, path, label, model)
    if loaded.spec.of_nodes and is_reference(model):
        loaded = reaching(loaded, open_model(loaded.spec.name, model))
    return loaded, model


def open_to_check(
    name: str | None, path: Path | None, label: str | None, model: str | None
) -> tuple[Dataset, str]:
    """Returns a dataset as `open_dataset` does, and the name of its model: its default, if None.

    Features that are whole numbers stay so, unless the model is one of `hpme.classifiers`, which gets floats.
    """
    loaded = open_dataset(name, path, label)
    model = model or default_classifier(loaded.spec.name)
    return (loaded if is_reference(model) else as_floats(loaded)), model


def pick_graphs(source: Dataset, path: Path | None, index: int | None) -> Sequence[Data]:
    """Returns a dataset's graphs, or those of an input file if given; all of them, or the one at `index`."""
    if path is None:
        graphs: Sequence[Data] = source.graphs
    elif path.is_file():
        read = open_files({path.name: path.read_bytes()})
        for opened in read:
            _tell(opened)
        graphs = [fit_to_input(graph, source).graph for opened in read for graph in opened.graphs]
        for i, graph in enumerate(graphs):
            graph.graph_id = graph.get("graph_id", i)
    else:
        raise ValueError(f"Expected a file (got {str(path)!r}); check the path after --input")
    if index is None:
        return graphs
    what = "the number of a node" if path is None and source.spec.of_nodes else "a graph's id"
    checks.in_range(what, index, 0, len(graphs) - 1)
    return [graphs[index]]


def picked(source: Dataset, graph: int | None, node: int | None) -> int | None:
    """Returns the number that was given with ``--graph``, or with ``--node`` where nodes are predicted.

    Raises:
        ValueError: If the other one was given.
    """
    of_nodes, name = source.spec.of_nodes, source.spec.name
    if of_nodes and graph is not None:
        raise ValueError(f"Expected --node for {name}, whose nodes are predicted (got --graph {graph})")
    if not of_nodes and node is not None:
        raise ValueError(f"Expected --graph for {name}, whose graphs are predicted (got --node {node})")
    return node if of_nodes else graph


def _tell(opened: Opened) -> None:
    """Writes to the standard error what a file was read as, and what of it was left out."""
    for name, guess in zip(opened.names, opened.guesses, strict=True):
        sys.stderr.write(f"{name}: {describe_guess(guess)}\n")
    if left_out := dict.fromkeys(words for graph in opened.graphs for words in graph.get("left_out", ())):
        sys.stderr.write(f"Left out: {list_left_out([*left_out])}.\n")


def open_model(dataset: str, name: str) -> nn.Module:
    """Returns a dataset's model, shipped or trained, or the user's own at ``package.module:name``."""
    if is_reference(name):
        look_here()
        register(dataset, name)
    return load_classifier(dataset, name)


def open_weights(path: Path, source: Dataset) -> tuple[nn.Module, dict]:
    """Returns the model of a file of weights, and its card; see `hpme.classifiers.load_classifier_bytes`.

    Raises:
        ValueError: If there is no such file, or its weights do not fit the dataset.
    """
    if not path.is_file():
        raise ValueError(f"Expected a file (got {str(path)!r}); check the path after --weights")
    return load_classifier_bytes(path.read_bytes(), source)


def look_here() -> None:
    """Lets modules be imported from the folder that the shell is in."""
    if str(Path.cwd()) not in sys.path:
        sys.path.append(str(Path.cwd()))


def find_explainer(name: str) -> ExplainerSpec:
    """Returns the registry's entry of an explainer.

    Raises:
        KeyError: If there is none of that name.
    """
    checks.known(name, EXPLAINERS, "explainer")
    return EXPLAINERS[name]
