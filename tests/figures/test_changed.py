import pytest
import torch
from defusedxml import ElementTree

from hpme import figures
from hpme.datasets import load_built_in
from hpme.editing.edits import Add, Change, Cut, Delete, Join
from hpme.editing.kinds import Kinds, edited, kinds_of
from hpme.figures.palette import LIGHT, VERMILLION
from tests.conftest import make_graph
from tests.figures.scenes import molecule_graph

KINDS = Kinds(torch.tensor([[1.0], [2.0]]), ("one", "two"))
MOLECULES = kinds_of(load_built_in("benzene"))


def drawn(graph, edits, kinds, **options):
    graphs = edited(graph, (), kinds), edited(graph, edits, kinds)
    places = figures.edit_layout(graphs, figures.layout(graph), edits, graph.num_nodes)
    svg = figures.changed_picture(graphs, places, edits, **options)
    ElementTree.fromstring(svg)
    return svg


@pytest.mark.parametrize(
    "edits",
    [
        (Delete(1),),
        (Change(0, 1),),
        (Cut(1, 2),),
        (Cut(1, 2), Join(1, 2, 1)),
        (Add(0, 2, 1),),
        (Delete(0), Delete(2)),
    ],
)
@pytest.mark.parametrize("dark", [False, True])
def test_a_molecule_is_drawn_after_every_kind_of_edit(edits, dark):
    assert drawn(molecule_graph("CC=O"), edits, MOLECULES, labels=MOLECULES.names, dark=dark)


def test_what_is_gone_is_red_and_what_is_new_purple():
    graph = make_graph([1.0, 1.0, 1.0, 1.0], [(0, 1), (1, 2), (2, 3)])
    cut, joined, changed = (
        drawn(graph, edits, KINDS) for edits in [(Cut(1, 2),), (Join(0, 3),), (Change(0, 1),)]
    )
    assert VERMILLION in cut
    assert LIGHT.link not in cut
    assert LIGHT.link in joined
    assert VERMILLION not in joined
    assert LIGHT.link in changed


def test_of_a_large_graph_the_surroundings_of_the_change_are_drawn():
    path = make_graph([1.0] * 200, [(u, u + 1) for u in range(199)])
    svg = drawn(path, (Cut(100, 101),), KINDS)
    assert svg.count("<circle") == 50
