import pytest
from rdkit import Chem

from hpme.chemistry.fragments import fragment_smiles


@pytest.mark.parametrize(
    ("smiles", "atoms", "expected"),
    [
        ("CC(=O)Oc1ccccc1", range(4, 10), "c1ccccc1"),
        ("CC(=O)Oc1ccccc1", range(4, 9), "ccccc"),  # a ring that is cut stays aromatic
        ("C[N+](=O)[O-]", [1, 2, 3], "O=[N+][O-]"),
        ("Cn1cccc1", [1, 2, 3, 4, 5], "c1cc[nH]c1"),  # what was cut off leaves its place
        ("c1cc[nH]c1", range(5), "c1cc[nH]c1"),
        ("Cn1cccc1", range(6), "Cn1cccc1"),
        ("c1ccncc1", range(6), "c1ccncc1"),
        ("N[C@@H](C)C(=O)O", range(3), "CCN"),  # models do not see hands
        ("[13CH3]O", [0, 1], "CO"),
        ("C[Si](C)(C)C", [0, 1], "C[Si]"),
    ],
)
def test_a_part_has_the_smiles_that_a_chemist_expects(smiles, atoms, expected):
    assert fragment_smiles(Chem.MolFromSmiles(smiles), [*atoms]) == expected


def test_alike_parts_have_the_same_smiles_in_whatever_molecule_and_order():
    long, short = Chem.MolFromSmiles("OCCc1ccccc1"), Chem.MolFromSmiles("CCCO")
    assert fragment_smiles(long, [1, 0, 2]) == fragment_smiles(short, [3, 1, 2]) == "CCO"
