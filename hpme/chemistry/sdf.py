"""Molecules with some of their atoms marked as SDF, for other programs."""

from collections.abc import Collection, Mapping
from io import StringIO

from rdkit import Chem
from rdkit.Chem import rdDepictor

MARK = "kept"  # what RDKit calls the mark of an atom; the data item is "atom.iprop.kept"


def marked_sdf(molecule: Chem.Mol, atoms: Collection[int], title: str, facts: Mapping[str, str]) -> str:
    """Returns one record of an SDF: the whole molecule, in which some atoms are marked.

    Cut out, they would be read as another molecule: part of an aromatic ring as a chain of double bonds.
    The marks are a data item with 1 or 0 for each atom, in their order, which RDKit reads as a property.

    Args:
        molecule: The whole molecule.
        atoms: Numbers of the marked atoms.
        title: First line of the record.
        facts: Data items by name.

    Example:
        >>> record = marked_sdf(Chem.MolFromSmiles("Oc1ccccc1"), [0, 1], "phenol", {"MODEL": "gin"})
        >>> record.splitlines()[0], record.splitlines()[-2:], "1 1 0 0 0 0 0" in record
        ('phenol', ['', '$$$$'], True)
    """
    whole = Chem.Mol(molecule)
    rdDepictor.Compute2DCoords(whole)
    for atom in whole.GetAtoms():
        atom.SetIntProp(MARK, int(atom.GetIdx() in atoms))
    Chem.CreateAtomIntPropertyList(whole, MARK)
    whole.SetProp("_Name", _line(title))
    for name, value in facts.items():
        whole.SetProp(name, _line(value))
    file = StringIO()
    with Chem.SDWriter(file) as writer:
        writer.write(whole)
    return file.getvalue()


def _line(text: str) -> str:
    """A text on one line, as an SDF ends a value at an empty one."""
    return " ".join(text.split())
