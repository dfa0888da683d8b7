"""Molecules as SMILES, one a line; what follows the first blank of a line is its name."""

from rdkit import Chem, rdBase

from hpme.io.record import Record
from hpme.limits import cap


def read(content: bytes) -> list[Record]:
    """Returns a graph for each molecule."""
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ValueError("Expected SMILES as text (got other bytes); save the file as UTF-8") from None
    lines = [line.strip() for line in lines if line.strip()]
    cap("graphs", len(lines), least=1)
    return [record(*line.split(maxsplit=1)) for line in lines]


def record(smiles: str, name: str = "") -> Record:
    """The graph of a molecule: an atom a node, a bond an edge, in the order of the SMILES."""
    mol = parse_smiles(smiles)
    bonds: list[tuple[int, int, dict[str, object]]] = [
        (bond.GetBeginAtomIdx(), bond.GetEndAtomIdx(), {}) for bond in mol.GetBonds()
    ]
    return Record(
        {"smiles": smiles} | ({"name": name} if name else {}),
        [(atom.GetIdx(), {"element": atom.GetSymbol()}) for atom in mol.GetAtoms()],
        bonds,
    )


def parse_smiles(smiles: str) -> Chem.Mol:
    """Reads SMILES within the limits.

    Raises:
        ValueError: If it is none, or too large.
    """
    cap("characters", len(smiles), least=1)
    with rdBase.BlockLogs():
        mol: Chem.Mol | None = Chem.MolFromSmiles(smiles)
    if mol is None:
        shown = smiles if len(smiles) <= 40 else f"{smiles[:40]}…"
        raise ValueError(
            f"Expected a molecule as SMILES (got {shown!r}); mend its rings, brackets or valences"
        )
    cap("atoms", mol.GetNumAtoms(), least=1)
    return mol
