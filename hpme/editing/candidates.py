"""Every single change of a graph that is worth trying, and what each is called."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import torch
from rdkit import Chem
from torch_geometric.data import Data

from hpme.chemistry.order import PLAIN
from hpme.editing.chemistry import BONDS, kekule
from hpme.editing.edits import Add, Change, Cut, Delete, Edit, Join, ends_of
from hpme.editing.kinds import Kinds, has_bonds, words
from hpme.forward.hops import CENTRE, has_centre
from hpme.seeding import generator

Step = tuple[Edit, ...]  # one change: an edit; a bond of another order is cut, and joined anew
GROUPS = {  # small groups by element and order of their bond; hydrogens follow
    ("C", 1): "CH3",
    ("N", 1): "NH2",
    ("O", 1): "OH",
    ("F", 1): "F",
    ("Cl", 1): "Cl",
    ("O", 2): "=O",
}
ORDERS = {1: "single", 2: "double", 3: "triple"}


def single_changes(graph: Data, kinds: Kinds, most: int, joins: int) -> tuple[list[Step], int]:
    """Returns single changes of a graph in a fixed order, and how many there are.

    A node is deleted, or gets another type; an edge is cut. In molecules a bond gets another order, and a
    group of `GROUPS` takes the place of a hydrogen; types are the elements that have bonds in organic
    molecules, where their usual valence suffices. In other graphs two nodes are joined.

    Args:
        graph: With `node_name`, as `hpme.editing.kinds.edited` returns it.
        kinds: The types that nodes can have.
        most: How many to return: of more than that so many are drawn, always the same ones.
        joins: How many new edges at most, drawn in the same way.
    """
    names = graph.node_name.tolist()
    both = graph.node_name[graph.edge_index].t().tolist()
    ends = sorted({(min(pair), max(pair)) for pair in both if pair[0] != pair[1]})
    centre = int(graph.node_name[graph[CENTRE].view(-1)]) if has_centre(graph) else None
    changes: list[Step] = [(Delete(name),) for name in names if name != centre and len(names) > 1]
    changes += [(Cut(u, v),) for u, v in ends]
    if has_bonds(graph, kinds):
        atoms = dict(zip(names, kekule(graph.smiles).GetAtoms(), strict=True))
        changes += [
            *_other_elements(graph, atoms, kinds),
            *_other_orders(ends, atoms),
            *_groups(atoms, kinds),
        ]
        return _drawn(changes, most), len(changes)
    changes += _other_types(graph, kinds)
    linked = {*ends}
    new: list[Step] = [(Join(u, v),) for u, v in combinations(sorted(names), 2) if (u, v) not in linked]
    return _drawn([*changes, *_drawn(new, joins)], most), len(changes) + len(new)


def _other_types(graph: Data, kinds: Kinds) -> list[Step]:
    """Each node with each type that it does not have."""
    differs = (graph.x[:, None] != kinds.rows.to(graph.x.dtype)).any(-1).tolist()
    rows = zip(graph.node_name.tolist(), differs, strict=True)
    return [(Change(name, kind),) for name, row in rows for kind, other in enumerate(row) if other]


def _other_elements(graph: Data, atoms: Mapping[int, Chem.Atom], kinds: Kinds) -> list[Step]:
    """Each atom without a charge as each other element that can have its bonds."""
    table = Chem.GetPeriodicTable()
    valences = {name: table.GetDefaultValence(name) for name in kinds.names if name in PLAIN}
    return [
        step
        for step in _other_types(graph, kinds)
        for change in step
        if isinstance(change, Change)
        and not atoms[change.node].GetFormalCharge()
        and _bonds(atoms[change.node]) <= valences.get(kinds.names[change.kind], -1)
    ]


def _bonds(atom: Chem.Atom) -> int:
    """How many bonds an atom has to others but hydrogen, double ones twice."""
    return sum(int(bond.GetBondTypeAsDouble()) for bond in atom.GetBonds())


def _other_orders(ends: Sequence[tuple[int, int]], atoms: Mapping[int, Chem.Atom]) -> list[Step]:
    """Each bond with each order that it does not have, as far as there are hydrogens to give away."""
    found: list[Step] = []
    for u, v in ends:
        bond = atoms[u].GetOwningMol().GetBondBetweenAtoms(atoms[u].GetIdx(), atoms[v].GetIdx())
        spare = min(atoms[u].GetTotalNumHs(), atoms[v].GetTotalNumHs())
        found += [
            (Cut(u, v), Join(u, v, order))
            for order, kind in BONDS.items()
            if bond.GetBondType() != kind and order - bond.GetBondTypeAsDouble() <= spare
        ]
    return found


def _groups(atoms: Mapping[int, Chem.Atom], kinds: Kinds) -> list[Step]:
    """Each group at each atom that has as many hydrogens."""
    known = [(kinds.names.index(symbol), order) for symbol, order in GROUPS if symbol in kinds.names]
    return [
        (Add(name, kind, order),)
        for name, atom in atoms.items()
        for kind, order in known
        if order <= atom.GetTotalNumHs()
    ]


def _drawn(changes: list[Step], most: int) -> list[Step]:
    """The changes, or so many of them in the same order; always the same ones."""
    if len(changes) <= most:
        return changes
    chosen = torch.randperm(len(changes), generator=generator(0))[:most].sort().values
    return [changes[place] for place in chosen.tolist()]


def named_nodes(edits: Sequence[Edit]) -> frozenset[int]:
    """Returns the nodes that edits name."""
    return frozenset(node for edit in edits for node in ends_of(edit))


def size(step: Step, neighbours: Mapping[int, int]) -> int:
    """Returns how many nodes and edges a change adds, removes or alters.

    Args:
        step: The change.
        neighbours: How many edges each node has, by its name.
    """
    match step[0]:
        case Delete(node):
            return 1 + neighbours.get(node, 0)
        case Add():
            return 2
    return 1


def change_words(step: Step, name: Callable[[int], str], kinds: Kinds) -> str:
    """Returns a change in words, such as “OH added to C4” or “bond C3–C4 made double”.

    Args:
        step: The change.
        name: Returns the words for a node, given its name in the history.
        kinds: The types of nodes.
    """
    match step:
        case (Cut(one, other), Join(_, _, order)):
            return f"bond {name(one)}–{name(other)} made {ORDERS[order]}"
        case (Add(at, kind, order),) if (kinds.names[kind], order) in GROUPS:
            return f"{GROUPS[kinds.names[kind], order]} added to {name(at)}"
    return "; ".join(words(edit, name, kinds) for edit in step)
