import pytest
from rdkit import Chem
from torch_geometric.data import Data

from hpme.chemistry.fragments import fragment_smiles
from hpme.chemistry.groups import GROUPS, RINGS
from hpme.chemistry.names import NOTHING, formula, molecule_of, name_atoms, name_parts
from tests.figures.scenes import molecule_graph

IMATINIB = "CC1=C(C=C(C=C1)NC(=O)C2=CC=C(C=C2)CN3CCN(CC3)C)NC4=NC=CC(=N4)C5=CN=CC=C5"


@pytest.mark.parametrize(("name", "smarts"), [*RINGS, *GROUPS])
def test_each_pattern_of_the_table_is_one(name, smarts):
    assert name
    assert Chem.MolFromSmarts(smarts) is not None


@pytest.mark.parametrize(
    ("smiles", "names"),
    [
        ("Cc1ccccc1", "phenyl, methyl"),
        ("Clc1ccc(Cl)cc1", "benzene ring, 2 × Cl"),
        ("CC(=O)Oc1ccccc1C(=O)O", "benzene ring, carboxylic acid, ester, methyl"),
        ("O=C1CCCCN1", "piperidine, amide"),  # a group shares atoms with a ring, not with another group
        ("FC(F)(F)c1ccc([N+](=O)[O-])cc1", "benzene ring, nitro, trifluoromethyl"),
        ("NS(=O)(=O)c1ccccc1", "phenyl, sulfonamide"),
        ("c1ccc2c(c1)CCCC2", "benzene ring, CCCC"),
        (
            IMATINIB,
            "2 × benzene ring, pyrimidine, pyridine, piperazine, amide, secondary amine, 2 × methyl, C",
        ),
    ],
)
def test_a_whole_molecule_is_named_by_its_rings_and_groups(smiles, names):
    mol = Chem.MolFromSmiles(smiles)
    assert name_atoms(mol, range(mol.GetNumAtoms())) == names


@pytest.mark.parametrize(
    ("atoms", "names", "smiles"),
    [
        ([], NOTHING, ""),
        ([1, 2], "carbonyl", "C=O"),  # of an ester, whose other oxygen is not in the set
        ([4, 5, 6], "ccc", "ccc"),  # half a ring
        ([0, 4, 5], "methyl, cc", "C.cc"),
        ([3], "O", "O"),  # between a ring and C=O it is no ether
    ],
)
def test_a_part_has_a_name_only_where_all_of_it_is_in_the_set(atoms, names, smiles):
    mol = Chem.MolFromSmiles("CC(=O)Oc1ccccc1")
    assert name_atoms(mol, atoms) == names
    assert fragment_smiles(mol, atoms) == smiles


def test_each_atom_is_in_a_part_and_smiles_of_a_fragment_can_be_marked():
    mol = Chem.MolFromSmiles(IMATINIB)
    parts = name_parts(mol, range(mol.GetNumAtoms()))
    assert {atom for part in parts for atom in part.atoms} == {*range(mol.GetNumAtoms())}
    assert name_atoms(Chem.MolFromSmiles("Clc1ccccc1"), [0, 2, 3], "`") == "Cl, `cc`"


def test_a_graph_is_the_molecule_of_its_smiles_only_while_they_fit():
    graph = molecule_graph("CCO")
    assert formula(molecule_of(graph)) == "C2H6O"
    assert molecule_of(graph.subgraph(graph.x[:, 0] > 0)) is None
    graph.edge_index[1, 1] = 1
    assert molecule_of(graph) is None
    assert molecule_of(Data(smiles="C1CC", num_nodes=3)) is None
    assert molecule_of(Data(num_nodes=3)) is None
