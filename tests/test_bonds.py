import torch
from rdkit import Chem

from hpme.bonds import bond_types


def test_bonds_that_are_none_of_the_four_types():
    mol = Chem.MolFromSmiles("C$C.N->[Na+]")
    assert bond_types(mol, torch.tensor([[0, 1, 2], [1, 0, 3]])).tolist() == [[0] * 4, [0] * 4, [1, 0, 0, 0]]
    assert bond_types(mol, torch.empty(2, 0, dtype=torch.long)).shape == (0, 4)
