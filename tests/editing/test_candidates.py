import pytest
import torch

from hpme.datasets import load_built_in
from hpme.editing.candidates import change_words, named_nodes, single_changes, size
from hpme.editing.edits import Add, Change, Cut, Delete, Join
from hpme.editing.kinds import Kinds, edited, kinds_of
from tests.conftest import make_graph

MOLECULES = kinds_of(load_built_in("benzene"))
CARBON, NITROGEN, OXYGEN, FLUORINE = (MOLECULES.names.index(symbol) for symbol in "CNOF")


@pytest.mark.parametrize(
    ("step", "words", "touched"),
    [
        ((Delete(3),), "X3 deleted", 4),
        ((Change(3, NITROGEN),), "X3 made N", 1),
        ((Cut(3, 4),), "bond X3–X4 cut", 1),
        ((Cut(3, 4), Join(3, 4, 2)), "bond X3–X4 made double", 1),
        ((Add(3, CARBON, 1),), "CH3 added to X3", 2),
        ((Add(3, OXYGEN, 2),), "=O added to X3", 2),
        ((Add(3, FLUORINE, 1),), "F added to X3", 2),
    ],
)
def test_changes_in_words_and_their_size(step, words, touched):
    assert change_words(step, lambda node: f"X{node}", MOLECULES) == words
    assert size(step, {3: 3, 4: 1}) == touched


def test_graphs_without_chemistry_are_cut_and_joined():
    kinds = Kinds(torch.tensor([[1.0]]), ("one",))
    graph = edited(make_graph([1.0, 1.0, 1.0], [(0, 1), (1, 2)]), (), kinds)
    changes, possible = single_changes(graph, kinds, 100, 100)
    assert changes == [(Delete(0),), (Delete(1),), (Delete(2),), (Cut(0, 1),), (Cut(1, 2),), (Join(0, 2),)]
    assert possible == 6
    assert single_changes(graph, kinds, 4, 0)[1] == 6
    assert len(single_changes(graph, kinds, 4, 0)[0]) == 4
    assert (
        change_words((Cut(0, 1),), lambda node: f"node {node}", kinds) == "edge between node 0 and node 1 cut"
    )


def test_the_last_node_and_the_explained_one_stay():
    kinds = Kinds(torch.tensor([[1.0]]), ("one",))
    assert single_changes(edited(make_graph([1.0], []), (), kinds), kinds, 9, 9) == ([], 0)
    pair = make_graph([1.0, 1.0], [(0, 1)], centre=torch.tensor([False, True]))
    changes, _ = single_changes(edited(pair, (), kinds), kinds, 9, 9)
    assert changes == [(Delete(0),), (Cut(0, 1),)]


def test_edits_name_nodes():
    assert named_nodes((Delete(1), Add(2, 0), Change(3, 0), Cut(4, 5), Join(5, 6))) == {1, 2, 3, 4, 5, 6}
