from math import isnan, nan

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from hpme.benchmark.statistics import critical_difference, holm, mean_ranks, signed_ranks


def test_six_differences_on_one_side_are_seen_twice_in_sixty_four_draws_of_equals():
    test = signed_ranks(np.array([1.0, 2, 3, 4, 5, 6]))
    assert (test.gap, test.side, test.graphs) == (3.5, 1, 6)
    assert test.p_value == pytest.approx(2 / 2**6)
    assert signed_ranks(-np.array([1.0, 2, 3, 4, 5, 6])).side == -1


def test_a_graph_without_a_value_is_left_out_and_one_without_a_difference_is_not():
    test = signed_ranks(np.array([0.5, 0.25, 0.125, 0.75, -1.0, 0.0, 0.0, nan]))
    assert test.graphs == 7
    # Ranks of the five are 3 to 7; of their 32 signs 7 have a sum of at most 7 on the lesser side: none, each
    # of the five alone, and the least two together. Were the zeros left out before, there would be 10.
    assert test.p_value == pytest.approx(2 * 7 / 2**5)


def test_equal_differences_are_tied_whatever_their_last_digits_say():
    rounded = signed_ranks(np.array([0.2, 0.2, -0.2, 0.4, 0.6, 0.0]))
    assert signed_ranks(np.array([0.6 - 0.4, 0.2, 0.4 - 0.6, 0.4, 0.6, 0.1 + 0.2 - 0.3])) == rounded


@pytest.mark.parametrize("differences", [[], [nan], [0.0, 0.0, nan]])
def test_without_any_difference_nothing_is_told_apart(differences):
    test = signed_ranks(np.array(differences))
    assert (test.side, test.p_value) == (0, 1.0)


def test_the_side_is_that_of_the_ranks_where_one_graph_turns_the_mean():
    test = signed_ranks(np.array([0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, -0.9]))
    assert test.gap < 0 < test.side


def test_holm_multiplies_the_least_by_all_tests_the_next_by_one_fewer_and_never_falls():
    # .01 · 3 = .03; .03 · 2 = .06; .04 · 1 = .04, but not less than the one before it.
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.6]) == [1.0, 1.0]
    assert holm([]) == []


@pytest.mark.parametrize(("count", "published"), [(2, 1.960), (3, 2.343), (4, 2.569), (10, 3.164)])
def test_the_critical_difference_has_the_published_factors(count, published):
    """Demšar (2006), table 5; over as many places as make the root 1."""
    places = count * (count + 1) / 6
    assert critical_difference(count, places) == pytest.approx(published, abs=1e-3)
    assert isnan(critical_difference(1, 5))


def ranks(lines, falling=False, last=None):
    return mean_ranks(pd.DataFrame(lines), falling, None if last is None else pd.DataFrame(last))


def test_equals_share_their_rank_and_less_can_be_better():
    # Ranks 1, 2.5, 2.5 and 1, 2, 3.
    lines = {"a": [0.9, 0.9], "b": [0.5, 0.5], "c": [0.5, 0.1]}
    found = ranks(lines)
    assert found.ranks.to_dict() == {"a": 1.0, "b": 2.25, "c": 2.75}
    assert (found.places, found.left_out) == (2, ())
    assert found.p_value == pytest.approx(stats.friedmanchisquare([1, 1], [2.5, 2], [2.5, 3]).pvalue)
    assert found.difference == pytest.approx(critical_difference(3, 2))
    assert list(ranks(lines, falling=True).ranks.index) == ["c", "b", "a"]


def test_what_was_not_measured_everywhere_has_no_mean_rank_and_what_has_no_order_comes_last():
    lines = {"a": [0.9, 0.9], "b": [nan, 0.5], "c": [nan, 0.95]}
    found = ranks(lines, last={"a": [False] * 2, "b": [False] * 2, "c": [True, False]})
    assert found.ranks.to_dict() == {"a": 1.5, "c": 1.5}
    assert found.left_out == ("b",)
    assert isnan(found.p_value)


def test_one_place_has_ranks_but_no_critical_difference():
    found = ranks({"a": [0.9], "b": [0.5], "c": [0.1]})
    assert found.ranks.to_dict() == {"a": 1.0, "b": 2.0, "c": 3.0}
    assert isnan(found.difference)
