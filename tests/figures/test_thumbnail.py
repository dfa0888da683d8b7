from xml.etree import ElementTree

import pytest
import torch

from hpme.datasets.molecules import ELEMENTS
from hpme.figures import mixed_thumbnail, thumbnail
from hpme.figures.palette import DARK, LIGHT
from hpme.mixup import mix_graphs

SVG = "{http://www.w3.org/2000/svg}"


def shapes(document, kind):
    return list(ElementTree.fromstring(document).iter(SVG + kind))


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
    assert DARK.explanation.lower() in thumbnail(path, shares=[0.0, 1.0, 1.0, 0.0], dark=True).lower()


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


def test_a_graph_without_nodes_is_an_empty_picture(make_graph):
    assert shapes(thumbnail(make_graph([], [])), "circle") == []


@pytest.mark.parametrize("aspect", [0.5, 1.0, 4.0])
def test_a_thumbnail_of_a_given_aspect_holds_the_whole_graph_in_its_middle(path, aspect):
    def box(**options):
        return [
            float(number)
            for number in ElementTree.fromstring(thumbnail(path, **options)).get("viewBox").split()
        ]

    left, top, width, height = box()
    wide = box(aspect=aspect)
    assert wide[2] / wide[3] == pytest.approx(aspect, rel=0.01)
    assert wide[2] >= width - 0.1
    assert wide[3] >= height - 0.1
    assert wide[0] + wide[2] / 2 == pytest.approx(left + width / 2, abs=0.2)
    assert wide[1] + wide[3] / 2 == pytest.approx(top + height / 2, abs=0.2)
