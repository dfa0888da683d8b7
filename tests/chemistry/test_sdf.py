import pytest
from rdkit import Chem

from hpme.chemistry.fragments import fragment_smarts
from hpme.chemistry.sdf import MARK, marked_sdf

ASPIRIN = Chem.MolFromSmiles("CC(=O)Oc1ccccc1C(=O)O")


def read(record):
    supplier = Chem.SDMolSupplier()
    supplier.SetData(record)
    (found,) = supplier
    return found


@pytest.mark.parametrize("atoms", [range(4, 10), range(4, 9), [0, 4, 5, 6]])
def test_the_molecule_comes_back_as_it_is_with_its_marked_atoms(atoms):
    found = read(marked_sdf(ASPIRIN, atoms, "aspirin", {}))
    assert Chem.MolToSmiles(found) == Chem.MolToSmiles(ASPIRIN)
    marked = [atom.GetIdx() for atom in found.GetAtoms() if atom.GetIntProp(MARK)]
    assert marked == [*atoms]
    assert fragment_smarts(found, marked) == fragment_smarts(ASPIRIN, atoms)


def test_facts_and_title_come_back_on_one_line_each():
    found = read(marked_sdf(ASPIRIN, [4], "aspirin", {"ATOMS": "4 5", "WHERE": "a\n\n$$$$\nb"}))
    assert (found.GetProp("_Name"), found.GetProp("ATOMS")) == ("aspirin", "4 5")
    assert found.GetProp("WHERE") == "a $$$$ b"


def test_a_molecule_of_hundreds_of_atoms_has_all_its_marks():
    long = Chem.MolFromSmiles("C" * 1200)
    found = read(marked_sdf(long, range(1000, 1200), "long", {}))
    assert sum(atom.GetIntProp(MARK) for atom in found.GetAtoms()) == 200


def test_the_molecule_that_was_given_is_left_alone():
    before = Chem.MolToSmiles(ASPIRIN)
    marked_sdf(ASPIRIN, [1], "x", {})
    assert Chem.MolToSmiles(ASPIRIN) == before
    assert not ASPIRIN.GetNumConformers()
    assert not ASPIRIN.GetAtomWithIdx(1).HasProp(MARK)
