"""Parts of molecules as SMILES."""

from collections.abc import Collection

from rdkit import Chem

ORGANIC = {"B", "C", "N", "O", "P", "S", "F", "Cl", "Br", "I"}  # stand without brackets
PYRROLE = 3  # neighbours of an aromatic nitrogen that gives two electrons to its ring, hydrogen among them


def fragment_smiles(molecule: Chem.Mol, atoms: Collection[int]) -> str:
    """Returns canonical SMILES of some atoms and the bonds between them, the same for alike parts.

    Aromatic atoms and charges stay what they are in the molecule; of hydrogen, only that of an aromatic
    nitrogen is written, which also stands for what was cut off it. Stereochemistry and isotopes are left out.

    Args:
        molecule: The whole molecule.
        atoms: Numbers of atoms; pieces that no bond joins are written with dots between them.

    Example:
        >>> aspirin = Chem.MolFromSmiles("CC(=O)Oc1ccccc1C(=O)O")
        >>> fragment_smiles(aspirin, range(4, 10)), fragment_smiles(aspirin, [2, 1, 0])
        ('c1ccccc1', 'CC=O')
    """
    place = {atom: i for i, atom in enumerate(sorted(atoms))}
    part = Chem.RWMol()
    for atom in place:
        part.AddAtom(_bare(molecule.GetAtomWithIdx(atom), place))
    for bond in molecule.GetBonds():
        start, end = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
        if start in place and end in place:
            number = part.AddBond(place[start], place[end], bond.GetBondType())
            part.GetBondWithIdx(number - 1).SetIsAromatic(bond.GetIsAromatic())
    part.UpdatePropertyCache(strict=False)
    Chem.FastFindRings(part)
    return Chem.MolToSmiles(part)


def _bare(atom: Chem.Atom, inside: dict[int, int]) -> Chem.Atom:
    """An atom of a part with its charge alone, and with a hydrogen where the ring around it needs one."""
    bare = Chem.Atom(atom.GetSymbol())
    bare.SetFormalCharge(atom.GetFormalCharge())
    bare.SetIsAromatic(atom.GetIsAromatic())
    bare.SetNoImplicit(bool(atom.GetFormalCharge()) or atom.GetSymbol() not in ORGANIC)
    bonds = [bond for bond in atom.GetBonds() if bond.GetOtherAtomIdx(atom.GetIdx()) in inside]
    ring = sum(bond.GetIsAromatic() for bond in bonds)
    if atom.GetSymbol() == "N" and ring == 2 == len(bonds) and atom.GetTotalDegree() == PYRROLE:
        bare.SetNumExplicitHs(int(not atom.GetFormalCharge()))
    return bare
