"""Types of bonds, one-hot, as the molecules of all datasets and all files have them."""

from collections.abc import Sequence

import numpy as np
import torch
from rdkit import Chem, rdBase
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

    Raises:
        ValueError: If they cannot; see `kekulized`.
    """
    if "aromatic" not in names:
        mol = kekulized(mol)
    return bond_types(mol, edge_index)[:, [BONDS.index(name) for name in names]]


def kekulized(mol: Chem.Mol) -> Chem.Mol:
    """Returns a copy of a molecule in which single and double bonds take turns around aromatic rings.

    Raises:
        ValueError: If they cannot, as around some rings with radicals.
    """
    mol = Chem.Mol(mol)
    with rdBase.BlockLogs():
        try:
            Chem.Kekulize(mol, clearAromaticFlags=True)
        except ValueError as error:
            reason = " ".join(str(error).split())
            raise ValueError(
                f"Expected aromatic rings that take single and double bonds by turns (got {reason}); "
                "correct their hydrogens, charges or radicals"
            ) from None
    return mol
