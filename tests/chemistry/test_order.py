import random

import pytest
from rdkit import Chem

from hpme.chemistry.order import smiles_in_order
from hpme.datasets.molecules import bundled_smiles


def reordered(smiles: str, *order: int) -> Chem.Mol:
    return Chem.RenumberAtoms(Chem.MolFromSmiles(smiles), [*order])


@pytest.mark.parametrize(
    ("mol", "written"),
    [
        (reordered("OCC", 0, 1, 2), "OCC"),
        (reordered("CC(C)O", 0, 1, 2, 3), "CC(C)O"),
        (reordered("OCC", 0, 2, 1), "O1.CC1"),
        (reordered("C[NH3+].[Cl-]", 2, 0, 1), "[Cl-].C[NH3+]"),
        (reordered("CC=O", 2, 0, 1), "O=1.CC=1"),
    ],
)
def test_smiles_name_the_atoms_in_their_order(mol, written):
    assert smiles_in_order(mol) == written


def test_any_order_of_any_molecule_is_written_and_read_back():
    draws = random.Random(1)
    for smiles in [*draws.sample(bundled_smiles(), 60), "C$C", "[2H]C", "*CO", "[U]", "C[1*]"]:
        mol = Chem.MolFromSmiles(smiles)
        mol = reordered(smiles, *draws.sample(range(mol.GetNumAtoms()), mol.GetNumAtoms()))
        read = Chem.MolFromSmiles(smiles_in_order(mol))
        assert [atom.GetSymbol() for atom in read.GetAtoms()] == [atom.GetSymbol() for atom in mol.GetAtoms()]
        assert Chem.MolToSmiles(read, isomericSmiles=False) == Chem.MolToSmiles(mol, isomericSmiles=False)


def test_what_smiles_cannot_say_is_not_written():
    mol = Chem.RWMol(reordered("CCO", 0, 2, 1))
    mol.GetBondWithIdx(0).SetBondType(Chem.BondType.ZERO)
    assert smiles_in_order(mol) == ""
