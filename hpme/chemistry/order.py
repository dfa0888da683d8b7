"""SMILES that name the atoms of a molecule in the order that they have."""

import numpy as np
from rdkit import Chem, rdBase

from hpme.chemistry.bonds import kekulized
from hpme.chemistry.flat import flatten_molecule
from hpme.limits import LIMITS

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
    closures: ``O1.CC1`` has the atoms O, C, C, of which the last is joined to the first. There are none where
    SMILES lack a type of bond, where an aromatic ring cannot take single and double bonds by turns, or where
    they would be longer than those that are read.
    """
    usual = Chem.MolToSmiles(mol, canonical=False, isomericSmiles=False, rootedAtAtom=0)
    order = mol.GetPropsAsDict(True, True).get("_smilesAtomOutputOrder", ())
    ordered = len(usual) <= LIMITS.characters and [*order] == [*range(mol.GetNumAtoms())]
    if ordered and _same(usual, mol):
        return usual
    try:
        kekule = kekulized(mol)
    except ValueError:
        return ""
    if any(bond.GetBondType() not in SIGNS for bond in kekule.GetBonds()):
        return ""
    written = (_by_closures(kekule, brackets) for brackets in (False, True))
    return next((smiles for smiles in written if smiles and _same(smiles, mol)), "")


def _by_closures(mol: Chem.Mol, brackets: bool) -> str:
    """Returns the atoms in order; bonds between those that do not follow one another are ring closures."""
    numbers: dict[int, int] = {}  # of the rings that are open, by bond
    text = ""
    for place, atom in enumerate(mol.GetAtoms()):
        beside = mol.GetBondBetweenAtoms(place - 1, place) if place else None
        text += SIGNS[beside.GetBondType()] if beside else "." * bool(place)
        text += _atom(atom, brackets)
        far = [bond for bond in atom.GetBonds() if abs(bond.GetOtherAtomIdx(place) - place) > 1]
        closed = [bond for bond in far if bond.GetIdx() in numbers]
        for bond in far:
            if bond.GetIdx() not in numbers:
                numbers[bond.GetIdx()] = next(n for n in range(1, 10_000) if n not in numbers.values())
            text += SIGNS[bond.GetBondType()] + _closure(numbers[bond.GetIdx()])
        for bond in closed:
            del numbers[bond.GetIdx()]
        if len(text) > LIMITS.characters:
            return ""
    return text


def _closure(number: int) -> str:
    return str(number) if number < 10 else f"%{number}" if number < 100 else f"%({number})"


def _atom(atom: Chem.Atom, brackets: bool) -> str:
    symbol, charge, isotope = atom.GetSymbol(), atom.GetFormalCharge(), atom.GetIsotope() or ""
    if symbol in PLAIN and not (brackets or charge or isotope or atom.GetNumRadicalElectrons()):
        return symbol
    hydrogens = f"H{count}" if (count := atom.GetTotalNumHs()) else ""
    return f"[{isotope}{symbol}{hydrogens}{f'{charge:+d}' if charge else ''}]"


def _same(smiles: str, mol: Chem.Mol) -> bool:
    """Returns whether SMILES have the atoms of a molecule, hydrogen at them, and bonds in the same order."""
    with rdBase.BlockLogs():
        read: Chem.Mol | None = Chem.MolFromSmiles(smiles)
    if read is None:
        return False
    hydrogens = [[atom.GetTotalNumHs() for atom in each.GetAtoms()] for each in (read, mol)]
    one, other = flatten_molecule(read, ""), flatten_molecule(mol, "")
    return (
        hydrogens[0] == hydrogens[1]
        and one.numbers == other.numbers
        and np.array_equal(one.ends, other.ends)
        and np.array_equal(one.orders, other.orders)
    )
