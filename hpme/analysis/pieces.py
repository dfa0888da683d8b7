"""A graph cut into connected pieces: rings, functional groups, and the chains between them."""

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
from rdkit import Chem
from torch_geometric.data import Data

from hpme.chemistry.names import molecule_of, name_atoms

RING, GROUP, CHAIN = range(3)  # what a node is part of


@dataclass(frozen=True)
class Piece:
    """A connected part of a graph."""

    name: str  # what chemists call the part of a molecule; of other graphs its form
    nodes: tuple[int, ...]  # rising


def cut_into_pieces(graph: Data) -> list[Piece]:
    """Returns the pieces of a graph, of which each node is in one, in the order of their first nodes.

    Rings that share a node stay together, with the atoms that a double bond ties to them. In a molecule,
    which `smiles` stand for, other atoms that are no carbons or have a multiple bond are groups where they
    are next to each other; the rest are chains. In other graphs they are all branches.

    Example:
        >>> import torch
        >>> from hpme.io import read_graphs
        >>> [piece.name for piece in cut_into_pieces(read_graphs(b"CCc1ccccc1C(=O)O acid", "one.smi")[0])]
        ['methyl, C', 'benzene ring', 'carboxylic acid']
    """
    network = nx.Graph()
    network.add_nodes_from(range(graph.num_nodes))
    network.add_edges_from((u, v) for u, v in graph.edge_index.t().tolist() if u != v)
    mol, bridges = molecule_of(graph), list(nx.bridges(network))
    circled = network.copy()
    circled.remove_edges_from(bridges)
    kind = dict.fromkeys(network, CHAIN)
    if mol is not None:
        kind |= dict.fromkeys(_groups(mol), GROUP)
    kind |= dict.fromkeys((node for node, degree in circled.degree() if degree), RING)
    for u, v in bridges:
        if _tied(mol, u, v) or kind[u] == kind[v] != RING:
            circled.add_edge(u, v)
    parts = sorted(sorted(part) for part in nx.connected_components(circled))
    return [Piece(_name(mol, part, kind[part[0]]), tuple(part)) for part in parts]


def _groups(mol: Chem.Mol) -> list[int]:
    """Atoms that are no carbons, or have a multiple bond."""
    single = Chem.BondType.SINGLE
    return [
        atom.GetIdx()
        for atom in mol.GetAtoms()
        if atom.GetAtomicNum() != 6 or any(bond.GetBondType() != single for bond in atom.GetBonds())
    ]


def _tied(mol: Chem.Mol | None, u: int, v: int) -> bool:
    """Whether a multiple bond holds two nodes together."""
    return mol is not None and mol.GetBondBetweenAtoms(u, v).GetBondType() != Chem.BondType.SINGLE


def _name(mol: Chem.Mol | None, nodes: Sequence[int], kind: int) -> str:
    if mol is not None:
        return name_atoms(mol, nodes)
    count = f"{len(nodes)} node{'s' * (len(nodes) > 1)}"
    return f"{'rings' if kind == RING else 'branch'} of {count}"
