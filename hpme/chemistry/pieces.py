"""Pieces of a molecule that no bond joins, such as the ions of a salt."""

from rdkit import Chem, rdBase
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

SHOWN = 4  # formulas


def largest_piece(smiles: str) -> str:
    """Returns canonical SMILES of the piece with most atoms, and among those the heaviest.

    Args:
        smiles: Of a molecule; one in one piece stays whole.

    Raises:
        ValueError: If they are no molecule.

    Example:
        >>> largest_piece("[Cl-].CC(C)[NH3+]")
        'CC(C)[NH3+]'
    """
    with rdBase.BlockLogs():
        mol = Chem.MolFromSmiles(smiles)
    if mol is None or not mol.GetNumAtoms():
        raise ValueError(f"Expected SMILES of a molecule (got {smiles[:40]!r}); fix them")
    return Chem.MolToSmiles(_pieces(mol)[0])


def describe_pieces(mol: Chem.Mol) -> str:
    """Returns the formulas of a molecule's pieces, the largest first, in words; nothing if it is whole."""
    formulas = [CalcMolFormula(piece) for piece in _pieces(mol)]
    if len(formulas) < 2:
        return ""
    words = ", ".join(formulas[:SHOWN]) + ", …" * (len(formulas) > SHOWN)
    return f"{len(formulas)} pieces that are not joined: {words}"


def _pieces(mol: Chem.Mol) -> list[Chem.Mol]:
    pieces = Chem.GetMolFrags(mol, asMols=True)
    return sorted(pieces, key=lambda piece: (piece.GetNumAtoms(), _weight(piece)), reverse=True)


def _weight(mol: Chem.Mol) -> int:
    return sum(atom.GetAtomicNum() for atom in mol.GetAtoms())
