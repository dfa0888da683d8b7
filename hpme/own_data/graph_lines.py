"""Graphs as lines of JSON, each a node-link graph with its label under ``y`` or ``label``."""

from functools import partial
from typing import Any

import torch
from torch_geometric.data import Data

from hpme.datasets.molecules import ELEMENTS
from hpme.io import node_link
from hpme.io.edge_features import describe_columns
from hpme.io.record import Record, complete_graphs, draft_graph
from hpme.io.summary import list_left_out
from hpme.io.text import decode
from hpme.limits import DATASET_LIMITS, cap
from hpme.own_data.fit_edges import is_molecule
from hpme.own_data.fit_input import by_element
from hpme.own_data.labels import clean, one_line
from hpme.own_data.raw import Label, RawDataset, constant_feature, edge_words, parse_rows

LABELS = ("y", "label")


def read(content: bytes, label: str | None = None) -> RawDataset:
    """Reads the lines; those that cannot be read, or have other features than the first, are left out.

    Nodes have the list ``x``, or numbers with names, for features; else their ``element``; else all the same.
    Edges have the list ``edge_attr``, or numbers and texts of few values with names, which become one-hot.

    Args:
        content: The file's bytes.
        label: Field of the graph, or beside its nodes, that holds the label; default: one of `LABELS`.

    Returns:
        Graphs with ``node_gt`` and ``edge_gt`` if one of them has a ground truth.

    Raises:
        ValueError: If no line can be read.
    """
    cap("graphs", content.count(b"\n"), limits=DATASET_LIMITS)
    text, _ = decode(content)
    lines = [(i, line) for i, line in enumerate(text.split("\n"), start=1) if line.strip()]
    first: dict[str, str] = {}  # the features of the first graph, which the others must have
    pair = partial(_pair, fields=LABELS if label is None else (label,), first=first)
    graphs, labels, notes = parse_rows(lines, pair, "line")
    complete_graphs(graphs, DATASET_LIMITS)
    kept, how = _features(graphs)
    _mark(graphs, kept)
    if all("smiles" in graph and is_molecule(graph) for graph in graphs):
        for graph, own in zip(graphs, kept, strict=True):
            own.smiles = graph.smiles
    atoms = "element" in graphs[0] and graphs[0].x is None
    column = "class" if label in (None, *LABELS) else one_line(str(label)) or "class"
    return RawDataset(
        kept,
        labels,
        column,
        node_labels=ELEMENTS if atoms else (),
        edge_labels=tuple(graphs[0].get("edge_feature_names", ())),
        notes=(how, *_left_out(graphs), *notes),
    )


def _pair(line: str, fields: tuple[str, ...], first: dict[str, str]) -> tuple[Data, Label]:
    data = node_link.parse(line)
    record = node_link.record(data)
    target = clean(_label(data, record, fields))
    smiles = {name: value for name, value in record.graph.items() if name == "smiles"}
    graph = draft_graph(Record(smiles, record.nodes, record.edges))
    have = {"nodes": _input(graph)}
    if graph.num_edges:
        have["edges"] = describe_columns(graph.edge_columns)
    for of, words in have.items():
        if words != first.get(of, words):
            raise ValueError(f"Expected {first[of]} as before (got {words}); give all graphs the same")
    first |= have
    return graph, target


def _label(data: dict[str, Any], record: Record, fields: tuple[str, ...]) -> Any:
    for place in (record.graph, data):
        for name in fields:
            if name in place:
                return place[name]
    raise ValueError(
        f"Expected a label under {' or '.join(map(repr, fields))} (got none); add it to the graph"
    )


def _input(graph: Data) -> str:
    """Returns words for the features of the nodes that differ where two graphs' features do not match."""
    if graph.x is None:
        return "elements" if "element" in graph else "no features"
    names = graph.get("feature_names")
    return f"{graph.x.size(1)} features" + (f" ({', '.join(names)[:60]})" if names else "")


def _features(graphs: list[Data]) -> tuple[list[Data], str]:
    """Returns new graphs with `x` and `edge_index`, and a sentence on where the features come from."""
    how = edge_words(graphs[0].num_edge_features, graphs[0].get("edge_feature_names", ()))
    if graphs[0].x is not None:
        rows, how = [graph.x for graph in graphs], f"Nodes have {_input(graphs[0])}{how}"
    elif "element" in graphs[0]:
        rows, how = [by_element(graph.element, ELEMENTS)[0] for graph in graphs], f"Nodes are atoms{how}"
    else:
        rows = [constant_feature(graph.num_nodes) for graph in graphs]
        how = f"Nodes have no features: each gets a 1{how}"
    kept = [Data(x=x, edge_index=graph.edge_index) for x, graph in zip(rows, graphs, strict=True)]
    for graph, own in zip(graphs, kept, strict=True):
        if "edge_attr" in graph:
            own.edge_attr = graph.edge_attr
    return kept, how


def _left_out(graphs: list[Data]) -> tuple[str, ...]:
    """Returns a sentence about what readers left out, if anything."""
    phrases = [*dict.fromkeys(phrase for graph in graphs for phrase in graph.get("left_out", ()))]
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
