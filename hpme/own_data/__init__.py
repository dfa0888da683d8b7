"""Whole datasets read from a user's files.

Each kind of file has a module with ``read(content, ...) -> RawDataset``.
"""

import re
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath

import torch
from torch_geometric.data import Data

from hpme import datasets
from hpme.box import boxed
from hpme.classifiers import fitting
from hpme.datasets import Dataset, DatasetSpec, no_collection
from hpme.datasets.columns import cut_rows
from hpme.datasets.spec import split
from hpme.limits import DATASET_BOX_LIMITS, DATASET_LIMITS, cap
from hpme.own_data.facts import describe_dataset
from hpme.own_data.fit_input import fit_to_input
from hpme.own_data.label_columns import LabelColumn
from hpme.own_data.labels import encode_classes, encode_labels, one_line
from hpme.own_data.raw import RawDataset
from hpme.own_data.readers import READERS, ending, find_columns, read_raw, stem
from hpme.own_data.registered import own_datasets, register_dataset

MIN_TRAIN = 4  # the fewest graphs that HPME can be fitted to


@boxed(DATASET_BOX_LIMITS)
def label_columns(content: bytes, filename: str) -> list[LabelColumn]:
    """Returns what in a file can be the label of its graphs or nodes, for the user to choose from.

    Args:
        content: The file's bytes.
        filename: Its name.

    Returns:
        Columns of a table, fields of graphs in JSON, or of the nodes of one graph, of which the first is what
        `read_dataset` guesses, if it guesses one; none of other kinds of files, whose label needs no name.

    Raises:
        ValueError: If the file cannot be read.
    """
    return find_columns(content, filename)


def is_file(source: str | Path) -> bool:
    """Returns whether a dataset's name is the path of a user's file."""
    return ending(str(source)) in READERS


def load_dataset(source: str | Path, label: str | None = None) -> Dataset:
    """Loads a built-in dataset by name, or a user's own by the path of its file.

    Args:
        source: A key of `hpme.datasets.DATASETS`, a path that ends in one of `READERS`, or the name of a
            dataset of `hpme.own_data.registered`.
        label: In a user's file, the name of the label; see `read_dataset`.

    Returns:
        The dataset in three fixed splits. Built-in sets are shared: treat graphs as read-only.

    Raises:
        KeyError: If the name is unknown.
        ValueError: If the file cannot be read, or does not hold a dataset.

    Example:
        >>> data = load_dataset("ba-2motifs")
        >>> data.spec.classes, len(data.train), len(data.val), len(data.test)
        (('cycle', 'house'), 800, 100, 100)
        >>> data.test[0]
        Data(x=[25, 10], edge_index=[2, 52], y=[1], node_gt=[25], edge_gt=[52], graph_id=417)
    """
    if source in own_datasets():
        source, label = own_datasets()[str(source)]
    if not is_file(source):
        return datasets.load_built_in(str(source))
    path = Path(source)
    try:
        cap("bytes", path.stat().st_size, limits=DATASET_LIMITS)
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(
            f"Expected a readable .{ending(path.name)} at {path} (got: {error.strerror}); check the path"
        ) from error
    return read_dataset(content, path.name, label)


@boxed(DATASET_BOX_LIMITS)
def read_dataset(content: bytes, filename: str, label: str | None = None) -> Dataset:
    """Reads a whole dataset; nothing in the file is trusted.

    Args:
        content: The file's bytes.
        filename: Its name; the ending tells the kind, one of `READERS`, also with ``.gz`` behind it, and
            the rest names the dataset.
        label: Column of a table, field of a graph, or of nodes, that holds the label; default: guessed.

    Returns:
        The dataset, split as the file says, else 80/10/10. It is called like the file and, where a label is
        given, like the label: a file with several labels is several datasets. Its description says what was
        read and what was left out. Labels that are texts or few distinct whole numbers are classes; others
        are numbers to predict. A file of one graph is a dataset of its nodes, which need labels that are
        classes; it is split by its masks `train_mask`, `val_mask` and `test_mask`, where it has them.

    Raises:
        ValueError: If the file holds no valid dataset, or more than `hpme.limits` allows; one sentence says
            what is wrong.
    """
    with no_collection():
        raw = read_raw(content, filename, label)
    _cap(raw.graphs)
    classes = _label(raw)
    again = partial(_graphs, content, filename, label)
    data = split(_spec(raw, filename, label, classes, again), raw.graphs)
    if len(data.train) < MIN_TRAIN or not data.val or not data.test:
        what, got = "graphs", f"{len(raw.graphs)}"
        if raw.of_nodes:
            what, got = "nodes", ", ".join(f"{len(part)}" for part in (data.train, data.val, data.test))
        raise ValueError(
            f"Expected enough {what} for training, validation and test (got {got}); "
            "give at least ten of each class"
        )
    return data


def _label(raw: RawDataset) -> tuple[str, ...]:
    """Gives the graphs, or the nodes of the one, their labels; returns the names of the classes."""
    known = [label for label in raw.labels if label is not None]
    if raw.of_nodes:
        classes, places = encode_classes(known, raw.column)
        labelled = torch.tensor([label is not None for label in raw.labels])
        raw.graphs[0].y = torch.full((len(labelled),), -1).masked_scatter(labelled, torch.tensor(places))
        return classes
    classes, targets = encode_labels(known, raw.column, raw.regression)
    for graph, target in zip(raw.graphs, cut_rows(torch.tensor(targets), [1] * len(targets)), strict=True):
        graph["y"] = target
    return classes


def as_floats(dataset: Dataset) -> Dataset:
    """Returns a dataset whose features are floats, as the models of `hpme.classifiers` and gradients need.

    Args:
        dataset: Any; one with floats is returned as it is.
    """
    if dataset.train[0].x.is_floating_point():
        return dataset
    spec = replace(dataset.spec, load=partial(_load_floats, dataset.spec.load))
    if dataset.graph is not None:
        return split(spec, _floats([dataset.graph]))
    return Dataset(spec, *map(_floats, (dataset.train, dataset.val, dataset.test)))


def _load_floats(load: Callable[[], list[Data]]) -> list[Data]:
    return _floats(load())


def _floats(graphs: Sequence[Data]) -> list[Data]:
    copies = [copy(graph) for graph in graphs]
    for graph in copies:
        graph.x = graph.x.float()
    return copies


def _graphs(content: bytes, filename: str, label: str | None) -> list[Data]:
    dataset = read_dataset(content, filename, label)
    return [*dataset.graphs] if dataset.graph is None else [dataset.graph]


def _spec(
    raw: RawDataset, filename: str, label: str | None, classes: tuple[str, ...], again: partial
) -> DatasetSpec:
    shown, called = one_line(PurePath(filename).name), stem(filename)
    task = "graph-classification" if classes else "graph-regression"
    task = "node-classification" if raw.of_nodes else task
    return DatasetSpec(
        name=_plain(called if label is None else f"{called[:30]}-{label}"),
        title=one_line(called if label is None else f"{called[:30]}, {label}") or "own",
        task=task,
        description=" ".join([f"Your own graph{'s' * (not raw.of_nodes)}, read from {shown}.", *raw.notes]),
        load=again,
        num_graphs=len(raw.labels),
        num_features=raw.graphs[0].x.size(1),
        num_edge_features=raw.graphs[0].num_edge_features,
        classes=classes,
        ground_truth="node_gt" in raw.graphs[0],
        source=shown,
        licence="yours",
        node_labels=raw.node_labels,
        edge_labels=raw.edge_labels,
        default_model=fitting(raw.graphs[0].num_edge_features, raw.of_nodes)[0],
        split=raw.split,
        quantity="" if classes else raw.column,
    )


def _cap(graphs: list[Data]) -> None:
    nodes = sum(len(graph.x) for graph in graphs)
    cap("graphs", len(graphs), least=1, limits=DATASET_LIMITS)
    cap("nodes", nodes, limits=DATASET_LIMITS)
    edges = sum(graph.edge_index.size(1) for graph in graphs)
    cap("edges", edges, limits=DATASET_LIMITS)
    for count, width in ((nodes, graphs[0].x.size(1)), (edges, graphs[0].num_edge_features)):
        cap("features", width, limits=DATASET_LIMITS)
        cap("values", count * width, limits=DATASET_LIMITS)


def _plain(name: str) -> str:
    """Returns a name that can be part of any path."""
    return re.sub(r"[^\w-]+", "-", name)[:60].strip("-") or "own"


__all__ = [
    "READERS",
    "LabelColumn",
    "as_floats",
    "describe_dataset",
    "fit_to_input",
    "is_file",
    "label_columns",
    "load_dataset",
    "own_datasets",
    "read_dataset",
    "register_dataset",
]
