import re

import pytest

import hpme
from hpme.method.mixup import mix_graphs
from tests.figures.scenes import explanation_of, molecule_graph


def test_an_explanation_shows_itself_as_two_panels_that_load_nothing(path):
    page = hpme.show(path, explanation_of(path, [0, 1]))._repr_html_()
    assert "Original graph" in page
    assert "Hard-pooled subgraph" in page
    assert "Mixed graph" not in page
    assert "<script" not in page
    assert page.count("<circle") == 4 + 4


def test_outside_a_notebook_a_picture_says_in_one_line_what_it_is(path):
    words = repr(hpme.show(path, explanation_of(path, [0, 1])))
    assert re.fullmatch("<picture of [0-9,]+ characters of SVG, for a notebook; .svg holds them>", words)


def test_with_a_mixed_graph_all_three_panels_are_shown(path, make_graph):
    donor, ours = make_graph([9.0, 0.0, 0.0], [(0, 1), (1, 2)]), explanation_of(path, [0, 1])
    keeps = [result.node_mask.view(-1) > 0.5 for result in (ours, explanation_of(donor, [0]))]
    mixed = mix_graphs([path], [donor], keeps[:1], keeps[1:])[0]
    svg = hpme.show(path, ours, donor, mixed).svg
    assert "Mixed graph" in svg
    assert svg.count("<circle") == 4 + 4 + 2


def test_a_mixed_graph_without_its_donor_is_refused(path):
    with pytest.raises(ValueError, match="Expected a donor and a mixed graph"):
        hpme.show(path, explanation_of(path, [0]), mixed=path)


def test_a_molecule_is_drawn_as_one_unless_told_otherwise():
    toluene = molecule_graph("Cc1ccccc1", range(1, 7))
    explanation = explanation_of(toluene, [0, 1])
    drawn, plain = hpme.show(toluene, explanation).svg, hpme.show(toluene, explanation, structure=False).svg
    assert plain.count("<line") == 2 * 7
    assert drawn.count("<line") > plain.count("<line")  # double bonds have two
