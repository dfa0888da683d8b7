from math import exp

import pytest
import torch

from hpme.metrics import embedding_mmd, nearest

DATA = torch.tensor([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]])


def test_the_nearest_rows_come_first_with_their_distances():
    gaps, rows = nearest(torch.tensor([[3.0, 3.0]]), DATA, 2)
    assert gaps.tolist() == [[1.0, pytest.approx(18**0.5)]]
    assert rows.tolist() == [[1, 0]]


def test_a_point_is_not_its_own_neighbour():
    points = DATA[[1, 1]]
    gaps, rows = nearest(points, DATA, 1, torch.tensor([1, -1]))
    assert gaps.tolist() == [[5.0], [0.0]]
    assert rows[1].tolist() == [1]


def test_more_neighbours_than_rows_are_all_rows():
    assert nearest(DATA[:1], DATA, 9)[0].tolist() == [[0.0, 5.0, 10.0]]


def test_the_discrepancy_of_a_single_point_by_hand():
    # Distances 5, 5 and 10: the median is 5, so k = exp(-d² / 50).
    near, far = exp(-25 / 50), exp(-100 / 50)
    data = (3 + 4 * near + 2 * far) / 9
    expected = 1 + data - 2 * (1 + near + far) / 3
    assert embedding_mmd(DATA[:1], DATA) == pytest.approx(expected, abs=1e-6)


def test_equal_sets_have_no_discrepancy_in_any_order():
    assert embedding_mmd(DATA.flip(0), DATA) == pytest.approx(0, abs=1e-6)
