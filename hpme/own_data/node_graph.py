"""One graph whose nodes have labels, from a file of any format of graphs that keeps what nodes have."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import torch
from torch_geometric.data import Data

from hpme.datasets.molecules import ELEMENTS
from hpme.forward.around import MASKS, NAMES
from hpme.io.opened import read_contents
from hpme.io.record import EDGE_FIELDS, NODE_FIELDS, Record, complete_graphs, draft_graph
from hpme.io.summary import list_left_out
from hpme.io.text import shown
from hpme.limits import GRAPH_LIMITS, holding
from hpme.own_data.graph_features import take_features
from hpme.own_data.label_columns import LabelColumn
from hpme.own_data.labels import one_line
from hpme.own_data.node_labels import (
    LABELS,
    attributes,
    clean_labels,
    copies_of,
    find_node_label,
    find_titles,
    node_columns,
    read_masks,
)
from hpme.own_data.raw import Label, RawDataset

Parts = Mapping[str, Sequence[int]]  # nodes by mask


def read(files: Mapping[str, bytes], label: str | None = None) -> RawDataset:
    """Reads the graph.

    Nodes have the list ``x``, or numbers with names, for features; else their ``element``; else all the same.
    The label is none of the features, nor is a number that says the same.

    Args:
        files: Contents by name: a file, an archive, or a table of edges and one of nodes.
        label: Attribute of nodes that is their label; default: see `hpme.own_data.node_labels`.

    Returns:
        The graph, with the masks of the file where it has all three, and the names of its nodes.

    Raises:
        ValueError: If there is not exactly one graph, or its nodes have no label.
    """
    with holding(GRAPH_LIMITS):
        record, notes = _only_record(files)
        names, rows = [name for name, _ in record.nodes], [fields for _, fields in record.nodes]
        found = attributes(rows)
        called = find_node_label(found, len(rows), label)
        masks = read_masks(rows, names)
        labels = clean_labels([row.get(called) for row in rows], names, [*chain(*masks.values())])
        copies = copies_of(labels, {name: held for name, held in found.items() if name != called})
        titled, titles = find_titles(names, found, called)
        graph = draft_graph(_without(record, {called, titled, *copies, *MASKS, *NODE_FIELDS}))
        complete_graphs([graph], GRAPH_LIMITS)
    (whole,), how = take_features([graph])
    if titles:
        whole[NAMES] = titles
    split = _mask(whole, {mask: [i for i in nodes if labels[i] is not None] for mask, nodes in masks.items()})
    lost = [*graph.get("left_out", ()), *_lost(record, found, copies), *notes]
    return RawDataset(
        [whole],
        labels,
        "class" if called in LABELS else one_line(called) or "class",
        node_labels=ELEMENTS if "element" in graph and graph.x is None else (),
        edge_labels=tuple(graph.get("edge_feature_names", ())),
        split=split,
        notes=(f"Its nodes have the label {shown(called)}.", how, *_said(labels, masks, lost)),
        of_nodes=True,
    )


def node_label_columns(files: Mapping[str, bytes]) -> list[LabelColumn]:
    """Returns the attributes of nodes that can be labels, the one that is guessed first."""
    with holding(GRAPH_LIMITS):
        rows = [fields for _, fields in _only_record(files)[0].nodes]
    return node_columns(attributes(rows), len(rows))


def _only_record(files: Mapping[str, bytes]) -> tuple[Record, list[str]]:
    """The one graph of some files, and words for what of them is not in it."""
    _, contents = read_contents(files)
    records = [record for content in contents for record in content.records]
    if len(records) != 1:
        raise ValueError(
            f"Expected one graph with a class at each node (got {len(records):,} graphs); give one, or as a "
            "dataset of graphs a list of them as JSON, each with its label 'y'"
        )
    return records[0], [note for content in contents for note in content.notes]


def _mask(whole: Data, parts: Parts) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Gives a graph its masks if there are all three; returns the nodes of two, for training and test."""
    if len(parts) == len(MASKS):
        for mask, nodes in parts.items():
            whole[mask] = torch.zeros(whole.num_nodes, dtype=torch.bool)
            whole[mask][list(nodes)] = True
        return None
    return (tuple(parts[MASKS[0]]), tuple(parts[MASKS[2]])) if parts else None


def _without(record: Record, names: set[str | None]) -> Record:
    """The graph without some attributes of nodes, and without what explanations say of it and its edges."""
    nodes = [(name, {k: v for k, v in row.items() if k not in names}) for name, row in record.nodes]
    edges = [(u, v, {k: w for k, w in row.items() if k not in EDGE_FIELDS}) for u, v, row in record.edges]
    return Record({}, nodes, edges, record.edge_names, record.left_out)


def _lost(record: Record, found: Mapping[str, object], copies: Sequence[str]) -> Iterator[str]:
    """Words for what was taken out of a graph that is no label and no mask."""
    yield from (f"{shown(name)} at nodes (it says the same as the label)" for name in copies)
    yield from (
        f"{shown(name)} at nodes (of a graph that is explained)" for name in NODE_FIELDS if name in found
    )
    held = {name for *_, row in record.edges for name in EDGE_FIELDS if name in row}
    yield from (f"{shown(name)} at edges (of a graph that is explained)" for name in sorted(held))
    yield from (f"{shown(name)} of the graph" for name in record.graph if name != "name")


def _said(labels: Sequence[Label | None], masks: Parts, lost: Sequence[str]) -> Iterator[str]:
    """Sentences on nodes without a label, on the split and on what was left out."""
    count = sum(label is None for label in labels)
    if count:
        yield (
            f"{count:,} of {len(labels):,} nodes have no label: they stay in the graph, but none is learnt "
            "from or tested on."
        )
    if held := sum(labels[node] is None for nodes in masks.values() for node in nodes):
        yield f"{held:,} of them are in masks, and are taken out there."
    if masks:
        yield f"Nodes are split by {', '.join(masks)}."
    if lost:
        yield f"Left out: {list_left_out([*dict.fromkeys(lost)])}."
