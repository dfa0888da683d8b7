import xml.etree.ElementTree as ET
from collections import Counter
from math import dist

import pytest

from hpme.datasets.molecules import ELEMENTS
from hpme.figures import Look, graph_svg, mixed_thumbnail, panels, thumbnail
from hpme.figures.palette import DARK, LIGHT, mix
from hpme.figures.payload import linked_data
from hpme.figures.skeleton import as_molecule, sketch, two
from tests.figures.scenes import molecule_graph, scene_of

KEPT = mix(LIGHT.surface, LIGHT.explanation, 0.6)


def marks_of(panel, kind):
    return [mark[1:] for mark in panel.marks if mark[0] == kind]


def texts(panel):
    return [text for _, _, text, *_ in marks_of(panel, "text")]


def drawn(smiles, kept=(), **options):
    view = scene_of(molecule_graph(smiles), kept, molecule_graph("CCN"), (0,), ELEMENTS)
    return panels(view, structure=True, **options)


@pytest.mark.parametrize(
    ("smiles", "solid", "dashed"),
    [("CC", 1, 0), ("C=C", 2, 0), ("C#C", 3, 0), ("c1ccccc1", 6, 6), ("C=CC=C", 5, 0)],
)
def test_a_bond_has_as_many_lines_as_its_order_and_an_aromatic_one_a_dashed_second(smiles, solid, dashed):
    lines = [mark for mark in marks_of(drawn(smiles)[0], "line") if mark[4] == LIGHT.ink]
    assert Counter(mark[6] for mark in lines) == Counter({0: solid, 1: dashed})


def test_the_second_line_of_a_ring_lies_inside_it():
    ring = drawn("c1ccccc1")[0]
    middle = [sum(node[axis] for node in ring.nodes) / 6 for axis in "xy"]
    lines = [mark for mark in marks_of(ring, "line") if mark[4] == LIGHT.ink]
    far = {
        dashed: [dist(middle, ((x + u) / 2, (y + v) / 2)) for x, y, u, v, *_, kind in lines if kind == dashed]
        for dashed in (0, 1)
    }
    assert max(far[1]) < min(far[0])


def test_letters_name_all_but_carbons_that_are_bound_with_hydrogens_and_charges_of_whole_molecules():
    original, _, mixed = drawn("OCC[N+](C)(C)CN", kept=(0, 1))
    assert texts(original) == ["OH", "N+", "NH₂"]
    assert "OH" not in texts(mixed)  # it may have lost a bond
    assert texts(drawn("C", kept=(0,))[0]) == ["C"]


def test_kept_atoms_and_bonds_have_a_halo_and_dropped_ones_are_faint_or_absent():
    kept = drawn("CCO", kept=(1, 2))[1]
    assert [mark[4] for mark in marks_of(kept, "disc")].count(KEPT) == 3  # two atoms, and under the letter
    assert {mark[4] for mark in marks_of(kept, "line")} == {KEPT, LIGHT.ink, LIGHT.faint}
    alone = drawn("CCO", kept=(1, 2), show_dropped=False)[1]
    assert {mark[4] for mark in marks_of(alone, "line")} == {KEPT, LIGHT.ink}


def test_the_mixed_graph_is_drawn_although_no_such_molecule_exists():
    # The carbon of neopentane keeps its four cut bonds: all go to the few atoms of the donor.
    graph, donor = molecule_graph("CC(C)(C)C"), molecule_graph("FC(F)(F)C#N")
    mixed = panels(scene_of(graph, [1], donor, [1], ELEMENTS), structure=True, dark=True)[2]
    assert sum(mark[4] == DARK.link and mark[6] for mark in marks_of(mixed, "line")) == 4
    assert [key["kind"] for key in mixed.legend] == ["halo", "halo", "dash"]


def test_nodes_and_edges_stay_where_they_are_and_clear(anisole_scene):
    for panel, before in zip(panels(anisole_scene, structure=True), panels(anisole_scene), strict=True):
        assert [(n["id"], n["x"], n["y"]) for n in panel.nodes] == [
            (n["id"], n["x"], n["y"]) for n in before.nodes
        ]
        assert {node["color"]["background"] for node in panel.nodes} == {"rgba(0,0,0,0)"}
        assert [(e["from"], e["to"]) for e in panel.edges] == [(e["from"], e["to"]) for e in before.edges]


def test_graphs_that_are_no_molecules_are_drawn_as_ever(path_scene):
    assert panels(path_scene, structure=True) == panels(path_scene)
    assert two(path_scene.graph, path_scene.donor) is None


def test_the_svg_of_a_molecule_has_its_lines_and_the_words_of_its_atoms(anisole_scene):
    root = ET.fromstring(graph_svg(panels(anisole_scene, structure=True, dark=True)[:1], dark=True))
    tags = Counter(element.tag.rpartition("}")[2] for element in root.iter())
    assert tags["title"] == anisole_scene.size
    assert tags["line"] > tags["title"]
    assert [text.text for text in root.iter() if text.tag.endswith("text")] == ["Original graph"]


def test_small_pictures_are_molecules_too():
    graph, donor = molecule_graph("CCO"), molecule_graph("CC=O")
    assert ">OH</text>" in thumbnail(graph, ELEMENTS, look=Look(structure=True))
    assert ">C</text>" not in thumbnail(graph, ELEMENTS, look=Look(structure=True))
    numbered = thumbnail(graph, ELEMENTS, look=Look(structure=True, numbers=True))
    assert all(f">{atom}</text>" in numbered for atom in range(3))
    mixed = scene_of(graph, (0, 1), donor, (0,), ELEMENTS).mixed
    picture = mixed_thumbnail(mixed, graph, donor, ELEMENTS, look=Look(structure=True))
    assert ">O</text>" in picture
    assert LIGHT.link in picture


def test_each_atom_carries_its_number_where_that_is_asked_for():
    view = scene_of(molecule_graph("CCO"), (), molecule_graph("CCN"), (0,), ELEMENTS)
    original = vars(panels(view)[0])
    data = linked_data(view.graph, lambda _: [original], Look(False, True, True), two(view.graph, view.donor))
    marks = [mark for mark in data["light"][0]["marks"] if mark[0] == "text"]
    assert [mark[3] for mark in marks] == ["OH", "0", "1", "2"]  # numbers above all else
    assert [mark[6:] for mark in marks] == [[], *[[LIGHT.surface]] * 3]  # readable on any halo


def test_a_number_stands_where_there_is_most_room_between_the_bonds():
    graph = molecule_graph("CC(C)(C)C")  # of four bonds, two of which are near each other
    nodes = [
        {"id": i, "x": x, "y": y, "title": f"C{i}", "color": {"background": LIGHT.low}, "borderWidth": 1}
        for i, (x, y) in enumerate([(40, 0), (0, 0), (0, 40), (-40, 0), (-30, -30)])
    ]
    edges = [
        {"from": u, "to": v, "color": {"color": LIGHT.line}, "width": 2, "dashes": False}
        for u, v in [(0, 1), (1, 2), (1, 3), (1, 4)]
    ]
    marks = as_molecule(nodes, edges, sketch(graph), LIGHT, numbers=True)["marks"]
    (spot,) = [mark[1:3] for mark in marks if mark[0] == "text" and mark[3] == "1"]
    assert spot == pytest.approx([23 * 0.3827, -23 * 0.9239], abs=0.1)  # half of 135 degrees from the right
