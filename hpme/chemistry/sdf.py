"""Parts of molecules as SDF, for other programs."""

from collections.abc import Collection, Mapping

from rdkit import Chem
from rdkit.Chem import rdDepictor

from hpme.chemistry.bonds import kekulized


def part_sdf(molecule: Chem.Mol, atoms: Collection[int], title: str, facts: Mapping[str, str]) -> str:
    """Returns one record of an SDF: some atoms and the bonds between them, at their places in the drawing.

    Rings stand with single and double bonds as in the whole molecule, so that a part of one is written, too;
    hydrogens are left to the reader.

    Args:
        molecule: The whole molecule.
        atoms: Numbers of its atoms.
        title: First line of the record.
        facts: Data items by name.

    Example:
        >>> record = part_sdf(Chem.MolFromSmiles("Oc1ccccc1"), [0, 1], "phenol", {"ATOMS": "0 1"})
        >>> record.splitlines()[0], record.splitlines()[3].split()[:2], record.splitlines()[-1]
        ('phenol', ['2', '1'], '$$$$')
    """
    part = Chem.RWMol(kekulized(molecule))
    rdDepictor.Compute2DCoords(part)
    for atom in reversed(range(part.GetNumAtoms())):
        if atom not in atoms:
            part.RemoveAtom(atom)
    part.SetProp("_Name", _line(title))
    block = Chem.MolToMolBlock(part, includeStereo=False, kekulize=False)
    items = "".join(f">  <{name}>\n{_line(value)}\n\n" for name, value in facts.items())
    return f"{block}{items}$$$$\n"


def _line(text: str) -> str:
    """A text on one line, as an SDF ends a value at an empty one."""
    return " ".join(text.split())
