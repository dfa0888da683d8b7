import math

import pytest

from hpme.method.capacity import Checkpoint, content_bits, fall, plateau


def points(*shares: float, kept: float = 0.9) -> list[Checkpoint]:
    return [Checkpoint(price=1.1**i, share=share, bits=0, kept=kept) for i, share in enumerate(shares)]


def test_the_bound_counts_all_small_labelled_graphs():
    assert content_bits(0, 5) == 0  # only the empty graph
    assert content_bits(1, 3) == pytest.approx(math.log2(1 + 3))
    assert content_bits(2, 3) == pytest.approx(math.log2(1 + 3 + 9 * 2))
    assert content_bits(2, 1) == pytest.approx(math.log2(1 + 1 + 2))


def test_the_bound_survives_large_graphs():
    assert content_bits(1000, 14) == pytest.approx(1000 * math.log2(14) + 1000 * 999 / 2)


def test_the_first_long_rest_is_chosen():
    path = points(1, 1, 0.7, 0.5, 0.31, 0.30, 0.30, 0.29, 0.14, 0.14, 0.14, 0.14, 0.14, 0.0)
    assert plateau(path, 2) == [4, 5, 6, 7]


def test_the_last_long_rest_is_found_where_it_is_asked_for():
    path = points(1, 0.61, 0.6, 0.6, 0.59, 0.31, 0.30, 0.30, 0.30, 0.14, 0.0)
    assert plateau(path, 2) == [1, 2, 3, 4]
    assert plateau(path, 2, last=True) == [5, 6, 7, 8]  # that at .14 is short


def test_a_short_stop_on_the_way_is_passed():
    path = points(1, 0.6, 0.58, 0.30, 0.30, 0.30, 0.29, 0.29, 0.01)
    assert plateau(path, 2) == [3, 4, 5, 6, 7]


def test_keeping_everything_or_nothing_is_no_explanation():
    assert plateau(points(1, 1, 1, 1, 1, 0.4, 0, 0, 0, 0), 2) == [5]


def test_points_that_lose_most_predictions_do_not_count():
    path = points(1, 0.5, 0.5) + points(0.2, 0.2, 0.2, 0.2, 0.2, kept=0.7)
    assert plateau(path, 2) == [1, 2]  # .7 is below (1 + 1/2) / 2
    assert plateau(path, 10) == [3, 4, 5, 6, 7]  # but above (1 + 1/10) / 2


def test_where_nothing_counts_the_point_that_keeps_most_is_taken():
    path = [Checkpoint(1, 1.0, 0, 0.6), Checkpoint(2, 0.5, 0, 0.7), Checkpoint(3, 0.0, 0, 0.5)]
    assert plateau(path, 2) == [1]


def test_where_nothing_counts_the_whole_graph_and_nothing_are_no_answers_if_there_is_another():
    path = [*points(1, 0.9), *points(0.6, 0.4, kept=0.55), *points(0.3, 0.0, kept=0.5)]
    assert plateau(path, 2) == [3]
    assert plateau(points(1, 0.9, kept=0.9), 2) == [1]


def test_the_fall_lies_between_the_last_whole_graph_and_the_first_nothing():
    assert fall(points(1, 0.9, 1, 0.96, 0.8, 0.3, 0.01, 0.1, 0)) == (4, 6)
    assert fall(points(0.9, 0.5, 0.4)) == (0, 2)  # never whole, never nothing
    assert fall(points(1, 1, 1)) == (0, 2)  # never falls
    assert fall(points(1, 1, 0)) == (2, 2)  # at once
