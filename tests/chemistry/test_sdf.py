from rdkit import Chem

from hpme.chemistry.fragments import fragment_smiles
from hpme.chemistry.sdf import part_sdf

ASPIRIN = Chem.MolFromSmiles("CC(=O)Oc1ccccc1C(=O)O")


def read(record):
    (found,) = list(_supplier(record))
    return found


def _supplier(record):
    supplier = Chem.SDMolSupplier()
    supplier.SetData(record)
    return supplier


def test_a_ring_comes_back_as_the_ring_that_it_is_with_its_facts():
    found = read(part_sdf(ASPIRIN, range(4, 10), "aspirin", {"ATOMS": "4 5", "WHERE": "a\n\n$$$$\nb"}))
    assert Chem.MolToSmiles(found) == fragment_smiles(ASPIRIN, range(4, 10)) == "c1ccccc1"
    assert (found.GetProp("_Name"), found.GetProp("ATOMS")) == ("aspirin", "4 5")
    assert found.GetProp("WHERE") == "a $$$$ b"


def test_a_part_of_a_ring_and_separate_pieces_are_written_too():
    found = read(part_sdf(ASPIRIN, [0, 4, 5, 6], "x", {}))
    assert (found.GetNumAtoms(), found.GetNumBonds()) == (4, 2)
    assert sum(bond.GetBondTypeAsDouble() for bond in found.GetBonds()) == 3  # a single and a double one


def test_the_molecule_that_was_given_is_left_alone():
    before = Chem.MolToSmiles(ASPIRIN)
    part_sdf(ASPIRIN, [1], "x", {})
    assert Chem.MolToSmiles(ASPIRIN) == before
    assert ASPIRIN.GetAtomWithIdx(4).GetIsAromatic()
