from xml.etree import ElementTree

import pytest
import torch

from hpme.datasets.molecules import ELEMENTS
from hpme.figures import Look, mixed_thumbnail, piece_thumbnail, thumbnail
from hpme.figures.palette import DARK, LIGHT
from hpme.method.mixup import mix_graphs
from tests.figures.scenes import molecule_graph

SVG = "{http://www.w3.org/2000/svg}"


def shapes(document, kind):
    return list(ElementTree.fromstring(document).iter(SVG + kind))


def test_a_piece_of_a_molecule_is_its_structure_and_another_its_nodes_alone(make_graph):
    acid = molecule_graph("CC(=O)O")
    drawn = piece_thumbnail(acid, [1, 2, 3])  # the methyl is no part of it
    assert drawn.startswith("<svg xmlns")
    assert drawn.count(">O<") == 2  # as chemists write them: carbon has no letter
    square = make_graph([1.0] * 5, [(0, 1), (1, 2), (2, 3), (3, 0), (3, 4)])
    numbered = piece_thumbnail(acid, [1, 2, 3], numbers=True)
    assert all(f">{number}</text>" in numbered for number in (1, 2, 3))  # as in the whole graph
    assert ">0</text>" not in numbered
    plain = piece_thumbnail(square, [0, 1, 2, 3])
    assert (plain.count("<circle"), plain.count("<line")) == (4, 4)
    assert plain != piece_thumbnail(square, [0, 1, 2, 3], dark=True)


def test_a_thumbnail_has_a_circle_a_node_and_a_line_an_edge(path):
    picture = thumbnail(path)
    assert len(shapes(picture, "circle")) == 4
    assert len(shapes(picture, "line")) == 3


def test_shares_colour_the_nodes_and_the_ground_truth_is_outlined(path):
    circles = shapes(thumbnail(path, shares=[0.0, 1.0, 1.0, 0.0]), "circle")
    fills = [circle.get("fill").lower() for circle in circles]
    assert fills == [
        colour.lower() for colour in (LIGHT.low, LIGHT.explanation, LIGHT.explanation, LIGHT.low)
    ]
    assert [circle.get("stroke") == LIGHT.ink for circle in circles] == [True, True, False, False]
    picture = thumbnail(path, shares=[0.0, 1.0, 1.0, 0.0], look=Look(dark=True))
    assert DARK.explanation.lower() in picture.lower()


def test_atoms_carry_their_element(toluene):
    assert [text.text for text in shapes(thumbnail(toluene, ELEMENTS), "text")] == ["C"] * 7


def test_a_mixed_thumbnail_has_dots_squares_and_dashed_links(path, make_graph):
    donor = make_graph([9.0, 0.0, 0.0], [(0, 1), (1, 2)])
    keep, cut = torch.tensor([True, True, False, False]), torch.tensor([True, False, False])
    (mixed,) = mix_graphs([path], [donor], [keep], [cut])
    picture = mixed_thumbnail(mixed, path, donor)
    assert len(shapes(picture, "circle")) == 2
    assert len(shapes(picture, "rect")) == 2
    assert [line.get("stroke-dasharray") is not None for line in shapes(picture, "line")].count(True) == 1


def test_the_node_that_a_graph_is_around_is_a_star(node_scene):
    assert len(shapes(thumbnail(node_scene.graph), "polygon")) == 1
    assert len(shapes(thumbnail(node_scene.graph), "circle")) == 3
    picture = mixed_thumbnail(node_scene.mixed, node_scene.graph, node_scene.donor)
    assert len(shapes(picture, "polygon")) == len(shapes(picture, "circle")) == 1


def test_a_graph_without_nodes_is_an_empty_picture(make_graph):
    assert shapes(thumbnail(make_graph([], [])), "circle") == []


@pytest.mark.parametrize("edges", [[], [(0, 1)], [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]])
def test_every_thumbnail_has_the_same_shape_and_holds_the_whole_graph(make_graph, edges):
    picture = thumbnail(make_graph([1.0] * (len(edges) + 1), edges))
    left, top, width, height = map(float, ElementTree.fromstring(picture).get("viewBox").split())
    assert width / height == pytest.approx(1.25, rel=0.02)
    for circle in shapes(picture, "circle"):
        assert left < float(circle.get("cx")) < left + width
        assert top < float(circle.get("cy")) < top + height
