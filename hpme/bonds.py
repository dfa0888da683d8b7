"""Types of bonds, one-hot, as the molecules of all datasets and all files have them."""

from collections.abc import Sequence

import torch
from rdkit import Chem
from torch import Tensor

BONDS = ("single", "double", "triple", "aromatic")
_TYPE = Chem.BondType
BOND_KINDS = {_TYPE.SINGLE: 0, _TYPE.DATIVE: 0, _TYPE.DOUBLE: 1, _TYPE.TRIPLE: 2, _TYPE.AROMATIC: 3}
BOND_ROWS = torch.cat([torch.eye(len(BONDS)), torch.zeros(1, len(BONDS))])  # the last is of any other bond


def bond_types(mol: Chem.Mol, edge_index: Tensor) -> Tensor:
    """Returns the type of the bond of each edge, one-hot in the order of `BONDS`.

    A dative bond is a single one; any other kind, such as a quadruple bond, is a row of zeros.

    Args:
        mol: The molecule.
        edge_index: Its bonds ``[2, E]``, as pairs of atoms.

    Returns:
        ``[E, 4]``.
    """
    types = (mol.GetBondBetweenAtoms(u, v).GetBondType() for u, v in edge_index.t().tolist())
    return BOND_ROWS[[BOND_KINDS.get(kind, -1) for kind in types]]


def bonds_by_name(mol: Chem.Mol, edge_index: Tensor, names: Sequence[str]) -> Tensor:
    """Returns the type of the bond of each edge, one-hot in columns of these names of `BONDS` ``[E, D]``.

    Where aromatic is none of them, single and double bonds take turns around aromatic rings.
    """
    if "aromatic" not in names:
        mol = Chem.Mol(mol)
        Chem.Kekulize(mol, clearAromaticFlags=True)
    return bond_types(mol, edge_index)[:, [BONDS.index(name) for name in names]]
