import math
from dataclasses import replace

import pytest

from hpme.method.capacity import Checkpoint, content_bits, fall, last_rest, named_sizes, plateau, that_hold


def points(*shares: float, kept: float = 0.9) -> list[Checkpoint]:
    return [Checkpoint(price=1.1**i, share=share, bits=0, kept=kept) for i, share in enumerate(shares)]


def test_the_bound_counts_all_small_labelled_graphs():
    assert content_bits(0, 5) == 0  # only the empty graph
    assert content_bits(1, 3) == pytest.approx(math.log2(1 + 3))
    assert content_bits(2, 3) == pytest.approx(math.log2(1 + 3 + 9 * 2))
    assert content_bits(2, 1) == pytest.approx(math.log2(1 + 1 + 2))


def test_the_bound_survives_large_graphs():
    assert content_bits(1000, 14) == pytest.approx(1000 * math.log2(14) + 1000 * 999 / 2)


def swinging(*facts: tuple[float, float], kept: float = 0.9) -> list[Checkpoint]:
    """Checkpoints of these shares and swings."""
    return [
        Checkpoint(1.1**i, share, bits=0, kept=kept, swing=swing) for i, (share, swing) in enumerate(facts)
    ]


# The parts of a planted model: two nodes of ten suffice, two more are read, and one hardly.
PLANTED = swinging((1, 0), (0.7, 0.02), (0.5, 0.02), (0.4, 0.022), (0.41, 0.022), (0.2, 0.1), (0.1, 0.5))
PLANTED[-1] = replace(PLANTED[-1], kept=0.6)


def test_the_default_swings_least_for_its_size():
    assert plateau(PLANTED, 2) == [3, 4]  # .022 * .45 < .02 * .55 < .1 * .25
    assert plateau(swinging((0.5, 0.1), (0.25, 0.15), (0.1, 0.4)), 2) == [1]
    assert plateau(swinging((0.5, 1e-9), (0.1, 1e-6)), 2) == [1]  # neither swings


def test_the_core_is_the_smallest_that_holds_and_all_that_counts_swings_least():
    assert named_sizes(PLANTED, 2) == {"core": [5], "all": [1]}
    assert named_sizes([*PLANTED[:2], PLANTED[2], *PLANTED[4:]], 2)["core"] == [4]


def test_the_core_is_irreducible():
    points = that_hold(PLANTED, 2)
    core = named_sizes(PLANTED, 2)["core"][0]
    assert all(i not in points for i, point in enumerate(PLANTED) if point.share < PLANTED[core].share)


def test_points_hold_that_keep_nine_in_ten_of_what_the_best_keeps():
    path = [*points(0.7, kept=0.95), *points(0.5, kept=0.86), *points(0.3, kept=0.85)]
    assert that_hold(path, 2) == [0, 1]


def test_swings_that_were_not_measured_are_not_guessed():
    with pytest.raises(ValueError, match="swing was measured"):
        plateau(points(0.5, 0.3), 2)


def test_the_last_long_rest_is_found():
    path = points(1, 0.61, 0.6, 0.6, 0.59, 0.31, 0.30, 0.30, 0.30, 0.14, 0.0)
    assert last_rest(path, 2) == [5, 6, 7, 8]  # that at .14 is short


def test_a_short_stop_on_the_way_is_passed():
    path = points(1, 0.6, 0.58, 0.30, 0.30, 0.30, 0.29, 0.29, 0.01)
    assert last_rest(path, 2) == [3, 4, 5, 6, 7]


def test_keeping_everything_or_nothing_is_no_explanation():
    path = points(1, 1, 1, 1, 1, 0.4, 0, 0, 0, 0)
    assert that_hold(path, 2) == last_rest(path, 2) == [5]


def test_points_that_lose_most_predictions_do_not_count():
    path = points(1, 0.5, 0.5) + points(0.2, 0.2, 0.2, 0.2, 0.2, kept=0.7)
    assert that_hold(path, 2) == last_rest(path, 2) == [1, 2]  # .7 is below (1 + 1/2) / 2
    assert last_rest(path, 10) == [3, 4, 5, 6, 7]  # but above (1 + 1/10) / 2
    assert that_hold(path, 10) == [1, 2]  # and below .9 * .9


def test_where_nothing_counts_the_point_that_keeps_most_is_taken():
    path = [Checkpoint(1, 1.0, 0, 0.6), Checkpoint(2, 0.5, 0, 0.7), Checkpoint(3, 0.0, 0, 0.5)]
    assert that_hold(path, 2) == [1]


def test_where_nothing_counts_the_whole_graph_and_nothing_are_no_answers_if_there_is_another():
    path = [*points(1, 0.9), *points(0.6, 0.4, kept=0.55), *points(0.3, 0.0, kept=0.5)]
    assert that_hold(path, 2) == [3]
    assert that_hold(points(1, 0.9, kept=0.9), 2) == [1]


def test_the_fall_lies_between_the_last_whole_graph_and_the_first_nothing():
    assert fall(points(1, 0.9, 1, 0.96, 0.8, 0.3, 0.01, 0.1, 0)) == (4, 6)
    assert fall(points(0.9, 0.5, 0.4)) == (0, 2)  # never whole, never nothing
    assert fall(points(1, 1, 1)) == (0, 2)  # never falls
    assert fall(points(1, 1, 0)) == (2, 2)  # at once
