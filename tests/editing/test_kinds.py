from dataclasses import replace

import torch
from rdkit import Chem
from torch_geometric.data import Data

from hpme.chemistry.bonds import bond_types
from hpme.datasets import DATASETS, Dataset, load_built_in
from hpme.editing.edits import Add, Change, Cut, Delete, Join
from hpme.editing.kinds import MOST, edited, has_bonds, kinds_of, words
from tests.figures.scenes import molecule_graph

MOLECULES = kinds_of(load_built_in("fluoride-carbonyl"))
C, N = MOLECULES.names.index("C"), MOLECULES.names.index("N")


def test_the_types_of_atoms_are_the_elements():
    assert MOLECULES.elements
    assert MOLECULES.names[:3] == ("C", "N", "O")
    assert torch.equal(MOLECULES.rows, torch.eye(14))


def test_where_all_nodes_are_alike_there_is_one_type():
    kinds = kinds_of(load_built_in("ba-2motifs"))
    assert kinds.names == ("0.1 in all columns",)
    assert kinds.rows.shape == (1, 10)


def test_of_continuous_features_there_are_as_many_as_can_be_listed_from_lowest_to_highest():
    kinds = kinds_of(load_built_in("ba-motif-volume"))
    values = kinds.rows[:, 0]
    assert len(kinds.names) == MOST
    assert values.tolist() == sorted(values.tolist())
    assert values[0] < 0.01
    assert values[-1] > 0.99


def test_bonds_count_only_where_the_molecule_is_known():
    molecule = molecule_graph("CCO")
    bare = Data(x=molecule.x, edge_index=molecule.edge_index)
    assert has_bonds(molecule, MOLECULES)
    assert not has_bonds(bare, MOLECULES)
    five = (Add(0, C), Add(0, C), Add(0, C), Add(0, C))
    assert edited(bare, five, MOLECULES).num_nodes == 7  # no valence is known that could be broken


def test_without_edits_the_graph_is_as_it_was():
    molecule = molecule_graph("CCO")
    same = edited(molecule, (), MOLECULES)
    assert torch.equal(same.x, molecule.x)
    assert torch.equal(same.edge_index, molecule.edge_index)
    assert (same.smiles, same.node_name.tolist()) == ("CCO", [0, 1, 2])


def test_bonds_of_an_edited_molecule_are_those_of_the_new_molecule():
    molecule = molecule_graph("c1ccccc1C")
    assert MOLECULES.edge.tolist() == [1, 0, 0, 0]
    assert torch.equal(edited(molecule, (), MOLECULES).edge_attr, molecule.edge_attr)
    for history in ((Add(6, N, 3),), (Delete(0),), (Cut(5, 6), Change(6, N)), (Join(1, 6, 1),)):
        after = edited(molecule, history, MOLECULES)
        expected = bond_types(Chem.MolFromSmiles(after.smiles), after.edge_index)
        assert torch.equal(after.edge_attr, expected)
    bare = Data(x=molecule.x, edge_index=molecule.edge_index, edge_attr=molecule.edge_attr)
    after = edited(bare, (Add(0, N),), MOLECULES)
    assert sorted(after.edge_attr.argmax(1).tolist()) == [0] * 4 + [3] * 12


def test_a_new_edge_of_other_graphs_is_like_most():
    attrs = torch.tensor([[0.5], [0.5], [2.0], [2.0]])
    edge_index = torch.tensor([[0, 1, 1, 2], [1, 0, 2, 1]])
    graphs = [Data(x=torch.ones(3, 2), edge_index=edge_index, edge_attr=a) for a in (attrs, attrs * 0 + 2)]
    spec = replace(DATASETS["ba-2motifs"], num_features=2, num_edge_features=1)
    kinds = kinds_of(Dataset(spec, graphs, [], []))
    assert kinds.edge.tolist() == [2]
    assert kinds_of(load_built_in("ba-2motifs")).edge is None
    assert edited(graphs[0], (Join(0, 2),), kinds).edge_attr.flatten().tolist() == [0.5, 2, 0.5, 2, 2, 2]


def test_each_edit_has_words():
    spoken = [
        words(edit, "C{}".format, MOLECULES)
        for edit in (Delete(3), Add(0, N), Change(2, C), Cut(1, 2), Join(1, 4, 2))
    ]
    assert spoken == ["C3 deleted", "N added to C0", "C2 made C", "bond C1–C2 cut", "C1 and C4 joined"]
