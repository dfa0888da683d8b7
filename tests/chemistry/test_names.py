import pytest
from rdkit import Chem
from torch_geometric.data import Data

from hpme.chemistry.fragments import fragment_smarts
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
        ("Cc1ccccc1", "benzene ring, methyl"),
        ("Clc1ccc(Cl)cc1", "benzene ring, 2 × Cl"),
        ("CC(=O)Oc1ccccc1C(=O)O", "benzene ring, carboxylic acid, ester, methyl"),
        ("O=C1CCCCN1", "piperidine, amide"),  # a group shares atoms with a ring, not with another group
        ("FC(F)(F)c1ccc([N+](=O)[O-])cc1", "benzene ring, nitro, trifluoromethyl"),
        ("NS(=O)(=O)c1ccccc1", "benzene ring, sulfonamide"),
        ("c1ccc2c(c1)CCCC2", "benzene ring, ring of 6 atoms"),
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
    ("atoms", "names", "smarts"),
    [
        ([], NOTHING, ""),
        ([1, 2], "carbonyl", "C=O"),  # of an ester, whose other oxygen is not in the set
        ([4, 5, 6], "part of a benzene ring (3 of 6 atoms)", "ccc"),
        ([0, 4, 5], "methyl, part of a benzene ring (2 of 6 atoms)", "C.cc"),
        ([3], "O", "O"),  # between a ring and C=O it is no ether
    ],
)
def test_a_part_has_a_name_only_where_all_of_it_is_in_the_set(atoms, names, smarts):
    mol = Chem.MolFromSmiles("CC(=O)Oc1ccccc1")
    assert name_atoms(mol, atoms) == names
    assert fragment_smarts(mol, atoms) == smarts


@pytest.mark.parametrize(
    ("smiles", "atoms", "names"),
    [
        ("c1ccc2ccccc2c1", [0, 1, 2, 3, 8, 9, 4], "benzene ring, part of a naphthalene (7 of 10 atoms)"),
        (
            "c1ccc(-c2ccccn2)cc1",
            [2, 3, 4],
            "part of a benzene ring (2 of 6 atoms), part of a pyridine (1 of 6 atoms)",
        ),
        ("c1ccc2[nH]ccc2c1", [4, 5], "part of an indole (2 of 9 atoms)"),
        ("CN1CCNCC1", [0, 1, 2], "tertiary amine, methyl, part of a piperazine (2 of 6 atoms)"),
        ("CCCO", [1, 2], "2 × C"),
        ("C1CC[Si]C1", range(5), "ring of 5 atoms"),
    ],
)
def test_of_a_ring_that_is_not_whole_it_is_told_how_much_there_is(smiles, atoms, names):
    assert name_atoms(Chem.MolFromSmiles(smiles), atoms) == names


def test_a_carbonyl_has_one_name_whatever_it_is_joined_to():
    for smiles in ("CC(=O)C", "CC=O", "CC(=O)N", "CC(=O)OC", "O=C1CCCCC1"):
        mol = Chem.MolFromSmiles(smiles)
        (pair,) = mol.GetSubstructMatches(Chem.MolFromSmarts("C=O"))
        assert name_atoms(mol, pair) == "carbonyl"


def test_each_atom_is_in_a_part():
    mol = Chem.MolFromSmiles(IMATINIB)
    parts = name_parts(mol, range(mol.GetNumAtoms()))
    assert {atom for part in parts for atom in part.atoms} == {*range(mol.GetNumAtoms())}


def test_a_graph_is_the_molecule_of_its_smiles_only_while_they_fit():
    graph = molecule_graph("CCO")
    assert formula(molecule_of(graph)) == "C2H6O"
    assert molecule_of(graph.subgraph(graph.x[:, 0] > 0)) is None
    graph.edge_index[1, 1] = 1
    assert molecule_of(graph) is None
    assert molecule_of(Data(smiles="C1CC", num_nodes=3)) is None
    assert molecule_of(Data(num_nodes=3)) is None
