"""SMILES that name the atoms of a molecule in the order that they have."""

import numpy as np
from rdkit import Chem, rdBase

from hpme.chemistry.flat import flatten_molecule

SIGNS = {
    Chem.BondType.SINGLE: "",
    Chem.BondType.DOUBLE: "=",
    Chem.BondType.TRIPLE: "#",
    Chem.BondType.QUADRUPLE: "$",
}
PLAIN = {"B", "C", "N", "O", "P", "S", "F", "Cl", "Br", "I"}  # that need no brackets


def smiles_in_order(mol: Chem.Mol) -> str:
    """Returns SMILES whose atoms come in the order of a molecule's, without stereo, or nothing.

    They are as usual where that order allows; else atoms that do not follow one another are joined by ring
    closures: ``O1.CC1`` has the atoms O, C, C, of which the last is joined to the first.
    """
    usual = Chem.MolToSmiles(mol, canonical=False, isomericSmiles=False, rootedAtAtom=0)
    order = mol.GetPropsAsDict(True, True).get("_smilesAtomOutputOrder", ())
    if [*order] == [*range(mol.GetNumAtoms())] and _same(usual, mol):
        return usual
    plain = Chem.Mol(mol)
    Chem.Kekulize(plain, clearAromaticFlags=True)
    if any(bond.GetBondType() not in SIGNS for bond in plain.GetBonds()):
        return ""
    written = _by_closures(plain)
    return written if _same(written, mol) else ""


def _by_closures(mol: Chem.Mol) -> str:
    """Returns the atoms in order; bonds between those that do not follow one another are ring closures."""
    numbers: dict[int, int] = {}  # of the rings that are open, by bond
    text = ""
    for place, atom in enumerate(mol.GetAtoms()):
        beside = mol.GetBondBetweenAtoms(place - 1, place) if place else None
        text += SIGNS[beside.GetBondType()] if beside else "." * bool(place)
        text += _atom(atom)
        far = [bond for bond in atom.GetBonds() if abs(bond.GetOtherAtomIdx(place) - place) > 1]
        closed = [bond for bond in far if bond.GetIdx() in numbers]
        for bond in far:
            if bond.GetIdx() not in numbers:
                numbers[bond.GetIdx()] = next(n for n in range(1, 10_000) if n not in numbers.values())
            text += SIGNS[bond.GetBondType()] + _closure(numbers[bond.GetIdx()])
        for bond in closed:
            del numbers[bond.GetIdx()]
    return text


def _closure(number: int) -> str:
    return str(number) if number < 10 else f"%{number}" if number < 100 else f"%({number})"


def _atom(atom: Chem.Atom) -> str:
    symbol, charge = atom.GetSymbol(), atom.GetFormalCharge()
    isotope, hydrogens = atom.GetIsotope() or "", atom.GetTotalNumHs()
    if symbol in PLAIN and not (charge or isotope or atom.GetNoImplicit() or atom.GetNumRadicalElectrons()):
        return symbol
    sign = f"{charge:+d}" if charge else ""
    return f"[{isotope}{symbol}{f'H{hydrogens}' if hydrogens else ''}{sign}]"


def _same(smiles: str, mol: Chem.Mol) -> bool:
    """Returns whether SMILES have the atoms of a molecule, in the same order, and the same bonds."""
    with rdBase.BlockLogs():
        read: Chem.Mol | None = Chem.MolFromSmiles(smiles)
    if read is None:
        return False
    one, other = flatten_molecule(read, ""), flatten_molecule(mol, "")
    return (
        one.numbers == other.numbers
        and np.array_equal(one.ends, other.ends)
        and np.array_equal(one.orders, other.orders)
    )
