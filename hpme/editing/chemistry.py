"""Edits of molecules: those of graphs, as far as every atom can have its bonds."""

from collections.abc import Sequence
from functools import lru_cache

import torch
from rdkit import Chem, rdBase
from torch import Tensor
from torch_geometric.data import Data

from hpme.chemistry.bonds import bonds_by_name, kekulized
from hpme.editing import edits as changes
from hpme.editing.edits import Add, Change, Cut, Delete, Edit, Join, in_order

BONDS = {1: Chem.BondType.SINGLE, 2: Chem.BondType.DOUBLE, 3: Chem.BondType.TRIPLE}


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
        ValueError: If an edit is impossible, makes a hydrogen, or leaves an atom with bonds that it cannot
            have.
    """
    edited = changes.apply_edits(graph, edits, kinds)
    ordered, molecule = _in_order_of_smiles(edited, _molecule(graph.smiles, edits, elements))
    if "[H" in ordered.smiles and Chem.MolFromSmiles(ordered.smiles).GetNumAtoms() < molecule.GetNumAtoms():
        raise ValueError(
            "Expected atoms that SMILES name one by one (got a hydrogen, which they imply); "
            "choose another element, or delete the atom"
        )
    if bonds:
        ordered.edge_attr = bonds_by_name(molecule, ordered.edge_index, bonds)
    return ordered


@lru_cache(maxsize=8)
def kekule(smiles: str) -> Chem.Mol:
    """The molecule with single and double bonds, none aromatic; it is not to be changed, only copied."""
    return kekulized(Chem.MolFromSmiles(smiles))


def _molecule(smiles: str, edits: Sequence[Edit], elements: Sequence[str]) -> Chem.Mol:
    molecule = Chem.RWMol(kekule(smiles))
    fresh = molecule.GetNumAtoms()
    names, touched = list(range(fresh)), set[int]()  # names of the atoms, in their order
    for edit in edits:
        touched |= _step(molecule, names, edit, elements, fresh)
        fresh += isinstance(edit, Add)
    _complete(molecule, names, touched)
    return molecule.GetMol()


def _step(
    molecule: Chem.RWMol, names: list[int], edit: Edit, elements: Sequence[str], fresh: int
) -> set[int]:
    """Makes one edit, and keeps the names; returns those of the atoms whose bonds it changes."""
    match edit:
        case Delete(node):
            place = names.index(node)
            around = {names[atom.GetIdx()] for atom in molecule.GetAtomWithIdx(place).GetNeighbors()}
            molecule.RemoveAtom(place)
            del names[place]
            return around
        case Add(at, kind, order):
            place = molecule.AddAtom(Chem.Atom(elements[kind]))
            molecule.AddBond(names.index(at), place, _bond(order))
            names.append(fresh)
            return {at, fresh}
        case Change(node, kind):
            molecule.ReplaceAtom(names.index(node), Chem.Atom(elements[kind]))
            return {node}
        case Cut(one, other):
            molecule.RemoveBond(names.index(one), names.index(other))
        case Join(one, other, order):
            molecule.AddBond(names.index(one), names.index(other), _bond(order))
    return {edit.one, edit.other}


def _bond(order: int) -> Chem.BondType:
    if order not in BONDS:
        raise ValueError(f"Expected a bond of order 1, 2 or 3 (got {order}); choose one of these")
    return BONDS[order]


def _complete(molecule: Chem.RWMol, names: Sequence[int], touched: set[int]) -> None:
    """Fills free valences with hydrogens and checks all valences."""
    places = {place for place, name in enumerate(names) if name in touched}
    for place in places:
        atom = molecule.GetAtomWithIdx(place)
        atom.SetNoImplicit(False)
        atom.SetNumExplicitHs(0)
        atom.SetNumRadicalElectrons(0)
    with rdBase.BlockLogs():
        try:
            Chem.SanitizeMol(molecule)
        except Chem.AtomValenceException:
            wrong = _impossible(molecule)
        else:
            return
        for atom in wrong:
            if atom.GetIdx() in places:
                atom.SetFormalCharge(0)
        for atom in _impossible(molecule):
            count = sum(int(bond.GetBondTypeAsDouble()) for bond in atom.GetBonds())
            raise ValueError(
                f"Expected bonds that {atom.GetSymbol()}{names[atom.GetIdx()]} can have "
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


def _in_order_of_smiles(graph: Data, molecule: Chem.Mol) -> tuple[Data, Chem.Mol]:
    smiles = Chem.MolToSmiles(molecule, isomericSmiles=False)
    atoms = [*molecule.GetPropsAsDict(True, True)["_smilesAtomOutputOrder"]]
    order = torch.tensor(atoms)
    edges = order.argsort()[graph.edge_index]
    ordered = Data(
        x=graph.x[order],
        edge_index=edges[:, in_order(edges)],
        node_name=graph.node_name[order],
        smiles=smiles,
    )
    if "graph_id" in graph:
        ordered.graph_id = graph.graph_id
    return ordered, Chem.RenumberAtoms(molecule, atoms)
