import pytest
import torch
from rdkit import Chem

from hpme.chemistry.bonds import BONDS, bond_types, bonds_by_name, kekulized


def test_bonds_that_are_none_of_the_four_types():
    mol = Chem.MolFromSmiles("C$C.N->[Na+]")
    assert bond_types(mol, torch.tensor([[0, 1, 2], [1, 0, 3]])).tolist() == [[0] * 4, [0] * 4, [1, 0, 0, 0]]
    assert bond_types(mol, torch.empty(2, 0, dtype=torch.long)).shape == (0, 4)


def test_columns_are_those_of_the_names_and_without_aromatic_bonds_they_take_turns():
    mol = Chem.MolFromSmiles("Cc1ccccc1")
    edge_index = torch.tensor([[0, 1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6, 1]])
    names = ("aromatic", "single", "double", "triple")
    assert bonds_by_name(mol, edge_index, names).argmax(1).tolist() == [1, 0, 0, 0, 0, 0, 0]
    around = bonds_by_name(mol, edge_index, BONDS[:3]).argmax(1).tolist()
    assert around in ([0, 0, 1, 0, 1, 0, 1], [0, 1, 0, 1, 0, 1, 0])
    assert bond_types(mol, edge_index).argmax(1).tolist() == [0, 3, 3, 3, 3, 3, 3]  # it stays as it is


def test_a_ring_that_takes_no_double_bonds_by_turns_is_told_in_one_sentence():
    mol = Chem.MolFromSmiles("c1cccc1", sanitize=False)
    with pytest.raises(
        ValueError, match=r"^Expected aromatic rings that take [^\n]+ \(got Can't kekulize mol\."
    ):
        kekulized(mol)
    assert bond_types(mol, torch.tensor([[0], [1]])).tolist() == [[0, 0, 0, 1]]  # it stays as it is
