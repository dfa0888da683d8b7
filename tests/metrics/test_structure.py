import math

import pytest
import torch

from hpme.metrics import mmd, size_ratio
from hpme.metrics.structure import clustering, degrees, spectrum


@pytest.fixture
def triangle(make_graph):
    return make_graph([0.0] * 3, [(0, 1), (1, 2), (0, 2)])


@pytest.fixture
def empty(make_graph):
    return make_graph([0.0] * 3, [])


TAILED = torch.tensor(
    [[0, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 1], [0, 0, 1, 0]]
).double()  # triangle with a tail


def test_histograms_of_a_triangle_with_a_tail():
    assert degrees(TAILED).tolist() == [0, 1, 2, 1]
    # Two corners close their one pair; the third one of three pairs; the tail has no pair.
    assert {i: n for i, n in enumerate(clustering(TAILED).tolist()) if n} == {0: 1, 6: 1, 19: 2}


def test_the_spectrum_of_a_triangle_is_zero_and_twice_one_and_a_half():
    corners = 1 - torch.eye(3).double()
    assert {i: n for i, n in enumerate(spectrum(corners).tolist()) if n} == {0: 1, 15: 2}
    assert spectrum(torch.zeros(2, 2).double())[0] == 2


def test_equal_sets_have_no_discrepancy(triangle, empty):
    assert mmd([triangle, empty], [empty, triangle]) == pytest.approx(0, abs=1e-12)


def test_the_discrepancy_of_a_triangle_and_three_nodes_alone(triangle, empty):
    # Degrees and clustering share nothing, distance 1; of the eigenvalues a third, 0, is common: 2/3.
    parts = [2 - 2 * math.exp(-1 / 2), 2 - 2 * math.exp(-1 / 2), 2 - 2 * math.exp(-4 / 18)]
    assert mmd([triangle], [empty]) == pytest.approx(sum(parts) / 3)


def test_more_graphs_of_the_same_shapes_change_nothing(triangle, empty):
    assert mmd([triangle] * 2, [empty] * 3) == pytest.approx(mmd([triangle], [empty]))


def test_a_graph_without_nodes_is_far_from_all_others(triangle, make_graph):
    nothing = make_graph([], [])
    # Its histograms are zero: half of the other's mass away.
    assert mmd([triangle], [nothing]) == pytest.approx(2 - 2 * math.exp(-1 / 8))


def test_size_is_nodes_over_nodes(triangle, make_graph):
    assert size_ratio([triangle], [make_graph([0.0] * 6, [])]).tolist() == [2]
