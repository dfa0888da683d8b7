"""Edits of molecules: those of graphs, as far as every atom can have its bonds."""

from collections.abc import Sequence

import torch
from rdkit import Chem, rdBase
from torch import Tensor
from torch_geometric.data import Data
from torch_geometric.utils import sort_edge_index

from hpme.chemistry.bonds import bonds_by_name
from hpme.editing import edits as changes
from hpme.editing.edits import Add, Change, Cut, Delete, Edit, Join

BONDS = {1: Chem.BondType.SINGLE, 2: Chem.BondType.DOUBLE, 3: Chem.BondType.TRIPLE}
_NAME = "name"


def apply_to_molecule(
    graph: Data, edits: Sequence[Edit], kinds: Tensor, elements: Sequence[str], bonds: Sequence[str] = ()
) -> Data:
    """Returns the edited molecule; the original stays as it is.

    Hydrogens fill free valences. A charge that changed bonds do not allow is removed.

    Args:
        graph: Molecule with `smiles`, whose atoms are in the order of the nodes.
        edits: What to change, in this order.
        kinds: Feature row of each element, ``[K, F]``.
        elements: Their symbols.
        bonds: Types of bonds that are the columns of `edge_attr`; see `hpme.chemistry.bonds`.

    Returns:
        As `hpme.editing.edits.apply_edits`, with `smiles`, in the order of its atoms, and with
        `edge_attr` where there are `bonds`.

    Raises:
        ValueError: If an edit is impossible, or leaves an atom with bonds that it cannot have.
    """
    edited = changes.apply_edits(graph, edits, kinds)
    ordered = _in_order_of_smiles(edited, _molecule(graph.smiles, edits, elements))
    if bonds:
        ordered.edge_attr = bonds_by_name(Chem.MolFromSmiles(ordered.smiles), ordered.edge_index, bonds)
    return ordered


def _molecule(smiles: str, edits: Sequence[Edit], elements: Sequence[str]) -> Chem.Mol:
    molecule = Chem.RWMol(Chem.MolFromSmiles(smiles))
    Chem.Kekulize(molecule, clearAromaticFlags=True)
    for i, atom in enumerate(molecule.GetAtoms()):
        atom.SetIntProp(_NAME, i)
    touched: set[int] = set()
    fresh = molecule.GetNumAtoms()
    for edit in edits:
        touched |= _step(molecule, edit, elements, fresh)
        fresh += isinstance(edit, Add)
    _complete(molecule, touched)
    return molecule.GetMol()


def _step(molecule: Chem.RWMol, edit: Edit, elements: Sequence[str], fresh: int) -> set[int]:
    """Makes one edit; returns the names of the atoms whose bonds it changes."""
    place = {atom.GetIntProp(_NAME): atom.GetIdx() for atom in molecule.GetAtoms()}
    match edit:
        case Delete(node):
            around = {atom.GetIntProp(_NAME) for atom in molecule.GetAtomWithIdx(place[node]).GetNeighbors()}
            molecule.RemoveAtom(place[node])
            return around
        case Add(at, kind, order):
            atom = Chem.Atom(elements[kind])
            atom.SetIntProp(_NAME, fresh)
            molecule.AddBond(place[at], molecule.AddAtom(atom), _bond(order))
            return {at, fresh}
        case Change(node, kind):
            atom = Chem.Atom(elements[kind])
            atom.SetIntProp(_NAME, node)
            molecule.ReplaceAtom(place[node], atom)
            return {node}
        case Cut(one, other):
            molecule.RemoveBond(place[one], place[other])
        case Join(one, other, order):
            molecule.AddBond(place[one], place[other], _bond(order))
    return {edit.one, edit.other}


def _bond(order: int) -> Chem.BondType:
    if order not in BONDS:
        raise ValueError(f"Expected a bond of order 1, 2 or 3 (got {order}); choose one of these")
    return BONDS[order]


def _complete(molecule: Chem.RWMol, touched: set[int]) -> None:
    """Fills free valences with hydrogens and checks all valences."""
    atoms = [atom for atom in molecule.GetAtoms() if atom.GetIntProp(_NAME) in touched]
    for atom in atoms:
        atom.SetNoImplicit(False)
        atom.SetNumExplicitHs(0)
        atom.SetNumRadicalElectrons(0)
    with rdBase.BlockLogs():
        for atom in _impossible(molecule):
            if atom.GetIntProp(_NAME) in touched:
                atom.SetFormalCharge(0)
        for atom in _impossible(molecule):
            count = sum(int(bond.GetBondTypeAsDouble()) for bond in atom.GetBonds())
            raise ValueError(
                f"Expected bonds that {atom.GetSymbol()}{atom.GetIntProp(_NAME)} can have "
                f"(got {count}); cut one of them first, or choose another element"
            )
        Chem.SanitizeMol(molecule)


def _impossible(molecule: Chem.RWMol) -> list[Chem.Atom]:
    """Returns the atoms with bonds that they cannot have."""
    problems = Chem.DetectChemistryProblems(molecule)
    return [
        molecule.GetAtomWithIdx(problem.GetAtomIdx())
        for problem in problems
        if problem.GetType() == "AtomValenceException"
    ]


def _in_order_of_smiles(graph: Data, molecule: Chem.Mol) -> Data:
    smiles = Chem.MolToSmiles(molecule, isomericSmiles=False)
    order = torch.tensor([*molecule.GetPropsAsDict(True, True)["_smilesAtomOutputOrder"]])
    ordered = Data(
        x=graph.x[order],
        edge_index=sort_edge_index(order.argsort()[graph.edge_index], num_nodes=len(order)),
        node_name=graph.node_name[order],
        smiles=smiles,
    )
    if "graph_id" in graph:
        ordered.graph_id = graph.graph_id
    return ordered
