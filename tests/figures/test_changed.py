import pytest
import torch
from defusedxml import ElementTree

from hpme import figures
from hpme.datasets import load_built_in
from hpme.editing.edits import Add, Change, Cut, Delete, Join
from hpme.editing.kinds import Kinds, edited, kinds_of
from hpme.figures.palette import LIGHT, RED, mix
from tests.conftest import make_graph
from tests.figures.scenes import molecule_graph

KINDS = Kinds(torch.tensor([[1.0], [2.0]]), ("one", "two"))
SVG = "{http://www.w3.org/2000/svg}"
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
    look = figures.Look(dark, structure=True, numbers=True)
    assert drawn(molecule_graph("CC=O"), edits, MOLECULES, labels=MOLECULES.names, look=look)


def test_what_is_gone_is_red_and_what_is_new_purple():
    graph = make_graph([1.0, 1.0, 1.0, 1.0], [(0, 1), (1, 2), (2, 3)])
    cut, joined, changed = (
        drawn(graph, edits, KINDS) for edits in [(Cut(1, 2),), (Join(0, 3),), (Change(0, 1),)]
    )
    assert RED in cut
    assert LIGHT.link not in cut
    assert LIGHT.link in joined
    assert RED not in joined
    assert LIGHT.link in changed


def test_of_a_large_graph_the_surroundings_of_the_change_are_drawn():
    path = make_graph([1.0] * 200, [(u, u + 1) for u in range(199)])
    svg = drawn(path, (Cut(100, 101),), KINDS)
    assert svg.count("<circle") == 50


def test_of_a_molecule_letters_halos_and_bonds_tell_what_is_changed_and_what_is_gone():
    svg, numbered = (
        drawn(
            molecule_graph("CCC=O"),
            (Delete(3), Change(0, MOLECULES.names.index("N"))),
            MOLECULES,
            labels=MOLECULES.names,
            look=figures.Look(structure=True, numbers=numbers),
        )
        for numbers in (False, True)
    )
    documents = map(ElementTree.fromstring, (svg, numbered))
    texts = [[text.text for text in document.iter(SVG + "text")] for document in documents]
    assert texts == [["NH₂", "O"], ["NH₂", "O", "0", "1", "2", "3"]]
    gone = mix(LIGHT.surface, RED, 0.75)
    assert mix(LIGHT.surface, gone, 0.6) in svg
    assert svg.count(f'stroke="{RED}"') == 1
    assert mix(LIGHT.surface, LIGHT.link, 0.6) in svg


def test_a_bond_of_another_order_is_marked_though_its_atoms_are_the_same():
    edits = (Cut(1, 2), Join(1, 2, 1))
    svg = drawn(molecule_graph("CC=O"), edits, MOLECULES, look=figures.Look(structure=True))
    assert mix(LIGHT.surface, LIGHT.link, 0.6) in svg
    assert RED not in svg


def test_of_a_large_molecule_all_is_drawn():
    svg = drawn(molecule_graph("C" * 60), (Delete(0),), MOLECULES, look=figures.Look(structure=True))
    assert svg.count("<title>") == 60
