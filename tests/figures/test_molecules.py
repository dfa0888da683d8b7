import xml.etree.ElementTree as ET
from math import dist

from hpme.datasets.molecules import ELEMENTS
from hpme.figures.molecules import structures
from hpme.figures.palette import DARK, LIGHT, mix
from tests.figures.scenes import molecule_graph, scene_of

HIGHLIGHT = mix(LIGHT.surface, LIGHT.explanation, 0.6).upper()


def circles(svg, colour):
    """Centres of the highlights of one colour, in pixels."""
    root = ET.fromstring(svg)
    ellipses = [e for e in root.iter() if e.tag.endswith("ellipse") and f"fill:{colour}" in e.get("style")]
    return [(float(e.get("cx")), float(e.get("cy"))) for e in ellipses]


def test_kept_atoms_are_highlighted_where_the_layout_puts_them(anisole_scene):
    image = structures(anisole_scene, [0.0] * 7, LIGHT, True)[1]
    scale = image.width / float(ET.fromstring(image.svg).get("width").removesuffix("px"))
    drawn = [(image.x + x * scale, image.y + y * scale) for x, y in circles(image.svg, HIGHLIGHT)]
    assert len(drawn) == 6
    for place in anisole_scene.positions[1:7].tolist():
        assert min(dist(place, spot) for spot in drawn) < 1


def test_the_original_is_highlighted_by_importance(anisole_scene):
    shares = [1.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0]
    svg = structures(anisole_scene, shares, LIGHT, True)[0].svg
    full, half = (mix(LIGHT.surface, LIGHT.explanation, 0.8 * share).upper() for share in (1.0, 0.5))
    assert len(circles(svg, full)) == len(circles(svg, half)) == 1


def test_dropped_atoms_are_faint_or_absent(anisole_scene):
    faint = structures(anisole_scene, [0.0] * 7, LIGHT, True)[1].svg
    hidden = structures(anisole_scene, [0.0] * 7, LIGHT, False)[1].svg
    assert LIGHT.faint.upper() in faint
    assert LIGHT.faint.upper() not in hidden


def test_the_mixed_graph_is_drawn_although_no_such_molecule_exists():
    # The carbon of neopentane keeps its four cut bonds: all go to the few atoms of the donor.
    graph, donor = molecule_graph("CC(C)(C)C"), molecule_graph("FC(F)(F)C#N")
    view = scene_of(graph, [1], donor, [1], ELEMENTS)
    svg = structures(view, [0.0] * 5, DARK, True)[2].svg
    assert len(circles(svg, mix(DARK.surface, DARK.explanation, 0.6).upper())) == 1
    assert mix(DARK.surface, DARK.link, 0.6).upper() in svg  # new links


def test_nothing_kept_is_a_picture_without_highlights():
    view = scene_of(molecule_graph("CCO"), [], molecule_graph("CCN"), [0], ELEMENTS)
    assert circles(structures(view, [0.0] * 3, LIGHT, True)[1].svg, HIGHLIGHT) == []
