import pytest
import torch
from rdkit import Chem

from hpme.datasets.molecules import ELEMENTS, KINDS, ONE_HOT
from hpme.editing.chemistry import apply_to_molecule
from hpme.editing.edits import Add, Change, Cut, Delete, Join
from tests.figures.scenes import molecule_graph

C, N, F = (KINDS[symbol] for symbol in "CNF")


def edit(smiles, *edits):
    return apply_to_molecule(molecule_graph(smiles), edits, ONE_HOT, ELEMENTS)


@pytest.mark.parametrize(
    ("before", "edits", "after"),
    [
        ("Cc1ccccc1", (Change(0, F),), "Fc1ccccc1"),
        ("c1ccccc1", (Change(0, N),), "c1ccncc1"),
        ("c1ccccc1", (Delete(0), Add(1, N), Join(5, 6)), "C1=CC=CNC1"),
        ("Cc1ccccc1", (Delete(3),), "C=C(C)C=CC"),
        ("CCO", (Cut(0, 1),), "C.CO"),
        ("CC", (Add(1, N, 3),), "CC#N"),
        ("c1cc[nH]c1", (Add(3, C),), "Cn1cccc1"),
        ("C[N+](=O)[O-]", (Delete(0), Add(1, C)), "C[N+](=O)[O-]"),
    ],
)
def test_hydrogens_follow_and_the_smiles_is_that_of_the_edited_molecule(before, edits, after):
    edited = edit(before, *edits)
    read = Chem.MolFromSmiles(edited.smiles)
    assert Chem.MolToSmiles(read) == Chem.CanonSmiles(after)
    kinds = [KINDS[atom.GetSymbol()] for atom in read.GetAtoms()]
    assert edited.x.argmax(1).tolist() == kinds  # the nodes are in the order of the atoms
    bonds = {tuple(sorted((b.GetBeginAtomIdx(), b.GetEndAtomIdx()))) for b in read.GetBonds()}
    assert {(u, v) for u, v in edited.edge_index.t().tolist() if u < v} == bonds


def test_names_follow_the_atoms_into_the_new_order():
    edited = edit("CCO", Delete(0), Add(1, F))
    names = dict(zip(edited.node_name.tolist(), edited.x.argmax(1).tolist(), strict=True))
    assert names == {1: KINDS["C"], 2: KINDS["O"], 3: F}


@pytest.mark.parametrize(
    ("smiles", "impossible", "words"),
    [
        ("CC(C)(C)C", Add(1, C), r"bonds that C1 can have \(got 5\)"),
        ("Cc1ccccc1", Change(1, F), r"bonds that F1 can have \(got 4\)"),
        ("CO", Add(1, C, 2), r"bonds that O1 can have \(got 3\)"),
        ("CC", Add(0, C, 4), "order 1, 2 or 3"),
    ],
)
def test_an_impossible_valence_is_one_sentence_that_names_the_atom(smiles, impossible, words):
    with pytest.raises(ValueError, match=words):
        edit(smiles, impossible)


@pytest.mark.parametrize("edit_", [Change(0, KINDS["H"]), Add(0, KINDS["H"])])
def test_a_hydrogen_is_refused_as_smiles_imply_it(edit_):
    with pytest.raises(ValueError, match="got a hydrogen, which they imply"):
        edit("CCO", edit_)


def test_the_molecule_that_is_edited_stays_as_it_is():
    graph = molecule_graph("CCO")
    x, smiles = graph.x.clone(), graph.smiles
    apply_to_molecule(graph, (Delete(0),), ONE_HOT, ELEMENTS)
    assert torch.equal(graph.x, x)
    assert graph.smiles == smiles
