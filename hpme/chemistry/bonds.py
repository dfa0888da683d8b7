"""Types of bonds, one-hot, as the molecules of all datasets and all files have them."""

from collections.abc import Sequence

import numpy as np
import torch
from rdkit import Chem
from torch import Tensor

BONDS = ("single", "double", "triple", "aromatic")
ORDERS = np.array([1.0, 2.0, 3.0, 1.5])  # of these types, as RDKit counts


def bond_types(mol: Chem.Mol, edge_index: Tensor) -> Tensor:
    """Returns the type of the bond of each edge, one-hot in the order of `BONDS`.

    A dative bond is a single one; any other kind, such as a quadruple bond, is a row of zeros.

    Args:
        mol: The molecule.
        edge_index: Its bonds ``[2, E]``, as pairs of atoms.

    Returns:
        ``[E, 4]``.
    """
    u, v = edge_index.numpy()
    return one_hot_types(bond_orders(mol)[u, v])


def bond_orders(mol: Chem.Mol) -> np.ndarray:
    """Returns the order of the bond of each two atoms ``[N, N]``, as RDKit counts; 0 where there is none."""
    orders = Chem.GetAdjacencyMatrix(mol, useBO=True, force=True)
    return np.maximum(orders, orders.T)  # a dative bond has its order only one way


def one_hot_types(orders: np.ndarray) -> Tensor:
    """Returns the type of bonds of these orders ``[E]``, one-hot in the order of `BONDS` ``[E, 4]``."""
    return torch.from_numpy((orders[:, None] == ORDERS).astype(np.float32))


def bonds_by_name(mol: Chem.Mol, edge_index: Tensor, names: Sequence[str]) -> Tensor:
    """Returns the type of the bond of each edge, one-hot in columns of these names of `BONDS` ``[E, D]``.

    Where aromatic is none of them, single and double bonds take turns around aromatic rings.
    """
    if "aromatic" not in names:
        mol = Chem.Mol(mol)
        Chem.Kekulize(mol, clearAromaticFlags=True)
    return bond_types(mol, edge_index)[:, [BONDS.index(name) for name in names]]
