"""Types of nodes that edits can use, and the graph after edits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch_geometric.data import Data

from hpme.chemistry.bonds import BONDS
from hpme.datasets import Dataset
from hpme.editing import chemistry, edits
from hpme.editing.edits import Add, Change, Cut, Delete, Edit, Join

WIDE = 16  # columns: of more, a type's name has the numbers of those that are not 0
MOST = 12  # types to choose from, where nodes are not atoms


@dataclass(frozen=True)
class Kinds:
    """The types of nodes of a dataset, and what edges can be."""

    rows: Tensor  # feature row of each, [K, F]
    names: tuple[str, ...]
    elements: bool = False  # are they atoms?
    bonds: tuple[str, ...] = ()  # types of bonds that are the columns of `edge_attr`
    edge: Tensor | None = None  # feature row of a new edge, [D]


def kinds_of(dataset: Dataset) -> Kinds:
    """Returns the types of nodes of a dataset: its elements, or its distinct feature rows.

    Of more than `MOST` distinct rows, as with continuous features, it takes that many, evenly spread over
    the sorted rows. A new edge is a single bond, or like most edges of the training graphs.
    """
    spec, edge = dataset.spec, _new_edge(dataset)
    if spec.molecular:
        bonds = spec.edge_labels if {*spec.edge_labels} <= {*BONDS} else ()
        return Kinds(torch.eye(spec.num_features), spec.node_labels, True, bonds, edge)
    rows = torch.cat([graph.x for graph in _known(dataset)]).unique(dim=0)
    if len(rows) > MOST:
        rows = rows[torch.linspace(0, len(rows) - 1, MOST).long()]
    return Kinds(rows, tuple(map(_name, rows.tolist())), edge=edge)


def _new_edge(dataset: Dataset) -> Tensor | None:
    labels = dataset.spec.edge_labels
    if "single" in labels:
        return torch.eye(len(labels))[labels.index("single")]
    if not dataset.spec.num_edge_features:
        return None
    rows, counts = torch.cat([graph.edge_attr for graph in _known(dataset)]).unique(dim=0, return_counts=True)
    return rows[counts.argmax()]


def _known(dataset: Dataset) -> Sequence[Data]:
    """The graphs that say what nodes and edges can be: of nodes that are predicted, the one that has them."""
    return dataset.train if dataset.graph is None else [dataset.graph]


def has_bonds(graph: Data, kinds: Kinds) -> bool:
    """Returns whether the edges of a graph are bonds, which have orders and obey valences."""
    return kinds.elements and "smiles" in graph


def edited(graph: Data, history: Sequence[Edit], kinds: Kinds) -> Data:
    """Returns the graph after edits; the original stays as it is.

    Args:
        graph: As a dataset holds it, or `hpme.own_data.fit_input.fit_to_input` returns it.
        history: The edits, in order.
        kinds: The types of nodes that edits name by their position.

    Returns:
        As `hpme.editing.edits.apply_edits`, or with bonds `hpme.editing.chemistry.apply_to_molecule`.

    Raises:
        ValueError: If an edit cannot be made; the sentence says why.
    """
    if has_bonds(graph, kinds) and history:
        return chemistry.apply_to_molecule(graph, history, kinds.rows, kinds.names, kinds.bonds)
    same = edits.apply_edits(graph, history, kinds.rows, kinds.edge)
    if not history and "smiles" in graph:
        same.smiles = graph.smiles
    return same


def words(edit: Edit, name: Callable[[int], str], kinds: Kinds) -> str:
    """Returns an edit in words.

    Args:
        edit: The edit.
        name: Returns the words for a node, given its name in the history.
        kinds: The types of nodes.
    """
    match edit:
        case Delete(node):
            return f"{name(node)} deleted"
        case Add(at, kind):
            return (
                f"{kinds.names[kind]} added to {name(at)}" if kinds.elements else f"node added to {name(at)}"
            )
        case Change(node, kind):
            return f"{name(node)} made {kinds.names[kind]}"
        case Cut(one, other) if kinds.elements:
            return f"bond {name(one)}–{name(other)} cut"
        case Cut(one, other):
            return f"edge between {name(one)} and {name(other)} cut"
        case Join(one, other):
            return f"{name(one)} and {name(other)} joined"


def largest_columns(graph: Data) -> dict[int, int]:
    """Returns the column that is largest at each node, by its name; of molecules it is the element."""
    return dict(zip(graph.node_name.tolist(), graph.x.argmax(1).tolist(), strict=True))


def node_namer(labels: Sequence[str], types: Mapping[int, int]) -> Callable[[int], str]:
    """Returns a function that names nodes: by element, where they have one, and number in the history.

    Args:
        labels: Element symbol of each column; none where nodes are not atoms.
        types: Column of each node by its name, as `largest_columns` returns it.
    """
    if not labels:
        return lambda node: f"node {node}"
    return lambda node: f"{labels[types[node]] if node in types else 'atom '}{node}"


def _name(row: list[float]) -> str:
    if len(set(row)) == 1:
        return f"{row[0]:.3g} in all columns"
    if set(row) == {0.0, 1.0} and sum(row) == 1:
        return f"type {row.index(1.0)}"
    if len(row) > WIDE:
        filled = [column for column, value in enumerate(row) if value]
        first = ", ".join(map(str, filled[:3]))
        return f"{len(filled)} of {len(row)} columns filled: {first}{', …' * (len(filled) > 3)}"
    return ", ".join(f"{value:.3g}" for value in row)
