import pytest

from benchmarks import fit_speed


def test_the_sum_counts_each_dataset_by_the_steps_of_its_fit():
    rows = [
        {"dataset": "a", "steps of a fit": 100, "before, ms a step": 30.0, "now, ms a step": 10.0},
        {"dataset": "b", "steps of a fit": 300, "before, ms a step": 10.0, "now, ms a step": 10.0},
    ]
    total = fit_speed.in_sum(rows)
    assert total["steps of a fit"] == 400
    assert total["faster"] == pytest.approx(6 / 4)  # 3 and 3 seconds against 1 and 3


def test_a_checkout_is_compared_with_itself():
    row = fit_speed.compare(fit_speed.HERE, "ba-2motifs", steps=3, turns=1)
    assert row["steps of a fit"] == 510
    assert row["faster"] == pytest.approx(row["before, ms a step"] / row["now, ms a step"])
