"""Graphs as JSON, lines or a list, each a node-link graph with its label under ``y`` or ``label``."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from torch_geometric.data import Data

from hpme.datasets.molecules import ELEMENTS
from hpme.io import json_graphs
from hpme.io.edge_features import describe_columns
from hpme.io.json_tensors import only_value
from hpme.io.record import Record, complete_graphs, draft_graph
from hpme.io.summary import list_left_out
from hpme.io.text import shown
from hpme.limits import DATASET_LIMITS
from hpme.own_data.fit_edges import is_molecule
from hpme.own_data.graph_features import describe_input, take_features
from hpme.own_data.graph_items import graph_fields, graph_items, parse_item
from hpme.own_data.label_columns import LabelColumn, describe_label, guessed_first
from hpme.own_data.labels import clean, one_line
from hpme.own_data.raw import Label, RawDataset, UnlabelledError, parse_rows

LABELS = ("y", "label")
KEPT = ("smiles", "name")
COUNTED = re.compile("[0-9,]+ edges?")  # in words on one graph, which are said of all


@dataclass
class Seen:
    """What of the graphs' fields was met so far."""

    wanted: tuple[str, ...]  # names of the label
    features: dict[str, str] = field(default_factory=dict)  # of the first graph, which the others must have
    unused: dict[str, None] = field(default_factory=dict)  # fields that are left out, in order


def read(content: bytes, label: str | None = None) -> RawDataset:
    """Reads the graphs; those that cannot be read, or have other features than the first, are left out.

    Nodes have the list ``x``, or numbers with names, for features; else their ``element``; else all the same.
    Edges have the list ``edge_attr``, or numbers and texts of few values with names, which become one-hot.

    Args:
        content: The file's bytes: a graph a line, or a list of them.
        label: Field of the graph, or beside its nodes, that holds the label; default: one of `LABELS`.

    Returns:
        Graphs with ``node_gt`` and ``edge_gt`` if one of them has a ground truth, and with their names.

    Raises:
        ValueError: If no graph can be read.
    """
    what, items = graph_items(content)
    seen = Seen(LABELS if label is None else (label,))
    graphs, labels, notes = parse_rows(items, partial(_pair, seen=seen), what)
    complete_graphs(graphs, DATASET_LIMITS)
    kept, how = take_features(graphs)
    _mark(graphs, kept)
    _describe(graphs, kept)
    atoms = "element" in graphs[0] and graphs[0].x is None
    column = "class" if label in (None, *LABELS) else one_line(str(label)) or "class"
    return RawDataset(
        kept,
        labels,
        column,
        node_labels=ELEMENTS if atoms else (),
        edge_labels=tuple(graphs[0].get("edge_feature_names", ())),
        notes=(how, *_left_out(graphs, [*seen.unused]), *notes),
    )


def label_fields(content: bytes) -> list[LabelColumn]:
    """Returns the fields of the graphs that can be labels, the one that is guessed first."""
    columns: dict[str, list[object]] = {}  # values where there are any: each graph may have fields of its own
    most = 0
    for count, (_, item) in enumerate(graph_items(content)[1]):
        fields: dict[str, Any] = {}
        with suppress(ValueError):  # a line that will be left out
            fields = graph_fields(parse_item(item))
        for name, value in fields.items():
            columns.setdefault(name, []).append(only_value(value))
            most = count + 1
    described = [
        describe_label(name, values, most - len(values))
        for name, values in columns.items()
        if name not in KEPT
    ]
    return guessed_first([column for column in described if column], LABELS)


def _pair(item: Any, seen: Seen) -> tuple[Data, Label]:
    data = parse_item(item)
    record = json_graphs.record(data)
    fields = graph_fields(data)
    name, target = _label(fields, seen.wanted)
    kept = {key: fields[key] for key in KEPT if key in fields}
    lost = [COUNTED.sub("edges", words) for words in record.left_out if not words.startswith(shown(name))]
    graph = draft_graph(Record(kept, record.nodes, record.edges, left_out=lost))
    have = {"nodes": describe_input(graph)}
    if graph.num_edges:
        have["edges"] = describe_columns(graph.edge_columns)
    for of, words in have.items():
        if words != seen.features.get(of, words):
            first = seen.features[of]
            raise ValueError(f"Expected {first} as before (got {words}); give all graphs the same")
    seen.features |= have
    seen.unused |= {
        key: None for key, value in record.graph.items() if key not in (*kept, name) and value is not None
    }
    return graph, target


def _label(fields: dict[str, Any], wanted: tuple[str, ...]) -> tuple[str, Label]:
    """Returns the name of the label, and what it is."""
    for name in wanted:
        if name in fields:
            return name, clean(only_value(fields[name]))
    names = " or ".join(map(shown, wanted))
    raise UnlabelledError("not there", f"Expected a label under {names} (got none); add it to the graph")


def _describe(graphs: list[Data], kept: list[Data]) -> None:
    """Gives graphs the SMILES whose atoms are their nodes, if all have them, and names, if any has one."""
    if all("smiles" in graph and is_molecule(graph) for graph in graphs):
        for graph, own in zip(graphs, kept, strict=True):
            own.smiles = graph.smiles
    if any("name" in graph for graph in graphs):
        for graph, own in zip(graphs, kept, strict=True):
            own.name = graph.get("name", "")


def _left_out(graphs: list[Data], fields: list[str]) -> tuple[str, ...]:
    """Returns a sentence about what was left out, if anything: of single graphs, and fields of all."""
    phrases = [*dict.fromkeys(phrase for graph in graphs for phrase in graph.get("left_out", ()))]
    phrases += [f"{shown(name)} of the graphs" for name in fields]
    return (f"Left out: {list_left_out(phrases)}.",) if phrases else ()


def _mark(graphs: list[Data], kept: list[Data]) -> None:
    """Gives all graphs a ground truth if one has it; that of nodes follows from edges, and the reverse."""
    if not any("node_gt" in graph or "edge_gt" in graph for graph in graphs):
        return
    for graph, own in zip(graphs, kept, strict=True):
        u, v = graph.edge_index
        node = torch.zeros(len(own.x), dtype=torch.bool)
        if "node_gt" in graph:
            node = graph.node_gt
        elif "edge_gt" in graph:
            node[u[graph.edge_gt]] = True
        own.node_gt, own.edge_gt = node, graph.edge_gt if "edge_gt" in graph else node[u] & node[v]
