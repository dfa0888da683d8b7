import pytest
from rdkit import Chem

from hpme.chemistry.pieces import describe_pieces, largest_piece


@pytest.mark.parametrize(
    ("smiles", "largest"),
    [
        ("CCO", "CCO"),
        ("[Cl-].CC(C)[NH3+]", "CC(C)[NH3+]"),
        ("O.CC.[Na+]", "CC"),
        ("CC.CN", "CN"),  # as many atoms: the heavier
        ("O1.CC1", "CCO"),  # dots are not what makes pieces
    ],
)
def test_the_largest_piece_has_most_atoms(smiles, largest):
    assert largest_piece(smiles) == largest


def test_pieces_are_told_by_their_formulas_and_one_piece_is_not():
    assert (
        describe_pieces(Chem.MolFromSmiles("[Cl-].CC(C)[NH3+]"))
        == "2 pieces that are not joined: C3H10N+, Cl-"
    )
    many = describe_pieces(Chem.MolFromSmiles(".".join(["O"] * 6)))
    assert many == "6 pieces that are not joined: H2O, H2O, H2O, H2O, …"
    assert describe_pieces(Chem.MolFromSmiles("O1.CC1")) == ""


def test_what_is_no_molecule_has_no_pieces():
    with pytest.raises(ValueError, match=r"Expected SMILES of a molecule \(got 'C1CC'\)"):
        largest_piece("C1CC")
