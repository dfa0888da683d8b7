"""A molecule as short flat arrays, of which many are joined at once."""

from typing import NamedTuple

import numpy as np
from rdkit import Chem

from hpme.chemistry.bonds import bond_orders


class FlatMolecule(NamedTuple):
    """Atoms and bonds of a molecule."""

    smiles: str
    numbers: bytes  # atomic number of each atom
    ends: np.ndarray  # int32 ``[E]``: both directions of each bond, in order, as first atom * atoms + second
    orders: np.ndarray  # float32 ``[E]``: as RDKit counts, 0 where it does not
    name: str
    pieces: int  # that no bond joins

    @property
    def num_nodes(self) -> int:
        """Returns the number of atoms."""
        return len(self.numbers)


def flatten_molecule(mol: Chem.Mol, smiles: str, name: str = "") -> FlatMolecule:
    """Returns the flat arrays of the molecule that SMILES stand for."""
    atoms = map(mol.GetAtomWithIdx, range(mol.GetNumAtoms()))  # twice as fast as the iterator of atoms
    orders = bond_orders(mol)
    ends = np.flatnonzero(orders)
    if len(ends) != 2 * mol.GetNumBonds():  # there are bonds of order 0
        ends = np.flatnonzero(Chem.GetAdjacencyMatrix(mol, force=True))
    return FlatMolecule(
        smiles,
        bytes(atom.GetAtomicNum() for atom in atoms),
        ends.astype(np.int32),
        orders.ravel()[ends].astype(np.float32),
        name,
        len(Chem.GetMolFrags(mol)) if "." in smiles else 1,
    )
