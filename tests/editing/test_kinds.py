import torch
from torch_geometric.data import Data

from hpme.datasets import load_built_in
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


def test_each_edit_has_words():
    spoken = [
        words(edit, "C{}".format, MOLECULES)
        for edit in (Delete(3), Add(0, N), Change(2, C), Cut(1, 2), Join(1, 4, 2))
    ]
    assert spoken == ["C3 deleted", "N added to C0", "C2 made C", "C1 and C2 cut", "C1 and C4 joined"]
