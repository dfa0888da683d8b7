"""Molecules as SMILES, one per line; whatever follows the first blank of a line is the name."""

import torch
from rdkit import Chem, rdBase

from hpme.chemistry.bonds import BONDS, bond_types
from hpme.io.record import Record
from hpme.io.text import decode, quote
from hpme.limits import cap


def read(content: bytes) -> list[Record]:
    """Returns a graph for each molecule."""
    lines = [line.strip() for line in decode(content, "SMILES").splitlines() if line.strip()]
    cap("graphs", len(lines), least=1)
    return [record(*line.split(maxsplit=1)) for line in lines]


def record(smiles: str, name: str = "") -> Record:
    """Returns the graph of a molecule: its nodes are the atoms in the SMILES' order, its edges the bonds.

    Edges have the one-hot type of their bond, by the names of `hpme.chemistry.bonds.BONDS`.
    """
    mol = parse_smiles(smiles)
    ends = [(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()) for bond in mol.GetBonds()]
    types = bond_types(mol, torch.tensor(ends, dtype=torch.long).reshape(-1, 2).t()).tolist()
    return Record(
        {"smiles": smiles} | ({"name": name} if name else {}),
        [(atom.GetIdx(), {"element": atom.GetSymbol()}) for atom in mol.GetAtoms()],
        [(u, v, dict(zip(BONDS, row, strict=True))) for (u, v), row in zip(ends, types, strict=True)],
        edge_names=BONDS,
    )


def parse_smiles(smiles: str) -> Chem.Mol:
    """Returns the molecule that SMILES stand for, within the limits.

    Raises:
        ValueError: If they are no molecule, or one that is too large.
    """
    cap("characters", len(smiles), least=1)
    with rdBase.BlockLogs():
        mol: Chem.Mol | None = Chem.MolFromSmiles(smiles)
    if mol is None:
        raise ValueError(
            f"Expected a molecule as SMILES (got {quote(smiles, 40)}); fix its rings, brackets or valences"
        )
    cap("atoms", mol.GetNumAtoms(), least=1)
    return mol
