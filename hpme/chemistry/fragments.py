"""Parts of molecules as SMARTS, and as SMILES where they are molecules by themselves."""

import re
from collections.abc import Collection
from functools import lru_cache

from rdkit import Chem, rdBase

ORGANIC = {"B", "C", "N", "O", "P", "S", "F", "Cl", "Br", "I"}  # stand without brackets
_HYDROGENS = re.compile(r"(?<=\w)H\d*(?=\])")  # in brackets, where valences look unusual without the rest


def fragment_smarts(molecule: Chem.Mol, atoms: Collection[int]) -> str:
    """Returns SMARTS of some atoms and the bonds between them, the same text for alike parts.

    A part is rarely a molecule by itself: a ring that is cut stays aromatic, and what was cut off leaves its
    place open. So it is a pattern, which fits these atoms in the molecule, and alike parts of others. It
    tells elements, aromatic atoms, charges and bonds; no hydrogen, stereochemistry or isotopes.

    Args:
        molecule: The whole molecule.
        atoms: Numbers of atoms; pieces that no bond joins are written with dots between them.

    Example:
        >>> aspirin = Chem.MolFromSmiles("CC(=O)Oc1ccccc1C(=O)O")
        >>> fragment_smarts(aspirin, range(4, 10)), fragment_smarts(aspirin, range(4, 9))
        ('c1ccccc1', 'ccccc')
    """
    place = {atom: i for i, atom in enumerate(sorted(atoms))}
    part = Chem.RWMol()
    for atom in place:
        part.AddAtom(_bare(molecule.GetAtomWithIdx(atom)))
    for bond in molecule.GetBonds():
        start, end = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
        if start in place and end in place:
            number = part.AddBond(place[start], place[end], bond.GetBondType())
            part.GetBondWithIdx(number - 1).SetIsAromatic(bond.GetIsAromatic())
    part.UpdatePropertyCache(strict=False)
    Chem.FastFindRings(part)
    return _HYDROGENS.sub("", Chem.MolToSmiles(part))  # canonical SMILES of these few things are SMARTS, too


@lru_cache(maxsize=100_000)
def part_smiles(smarts: str) -> str | None:
    """Returns canonical SMILES of a part, with hydrogen where it was cut; None where it is no molecule so.

    A ring that is kept in part has none: cut off, it would not be aromatic.

    Args:
        smarts: What `fragment_smarts` returned.

    Example:
        >>> part_smiles("CC=O"), part_smiles("ccccc")
        ('CC=O', None)
    """
    with rdBase.BlockLogs():
        molecule = Chem.MolFromSmiles(smarts)
    if molecule is None or fragment_smarts(molecule, range(molecule.GetNumAtoms())) != smarts:
        return None
    return Chem.MolToSmiles(molecule)


def _bare(atom: Chem.Atom) -> Chem.Atom:
    """An atom of a part with its charge alone."""
    bare = Chem.Atom(atom.GetSymbol())
    bare.SetFormalCharge(atom.GetFormalCharge())
    bare.SetIsAromatic(atom.GetIsAromatic())
    bare.SetNoImplicit(bool(atom.GetFormalCharge()) or atom.GetSymbol() not in ORGANIC)
    return bare
