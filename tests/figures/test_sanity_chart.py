import pytest

from hpme.figures import sanity_chart


def planted(dataset, explainer, shortcut, truth):
    return {
        "check": "shortcut",
        "dataset": dataset,
        "explainer": explainer,
        "auc_shortcut": shortcut,
        "auc_truth": truth,
    }


def drawn(dataset, explainer, depth, correlation):
    return {
        "check": "weights",
        "dataset": dataset,
        "explainer": explainer,
        "depth": depth,
        "correlation": correlation,
    }


ROWS = [
    planted("a", "hpme", 1.0, 0.2),
    planted("b", "hpme", 0.8, 0.4),
    planted("a", "random", 0.5, 0.5),
    *(drawn("a", "hpme", depth, 1 - depth / 2) for depth in range(3)),
    *(drawn("b", "hpme", depth, 1 - depth / 4) for depth in range(5)),
    drawn("a", "random", 0, None),
    {"check": "labels", "dataset": "a", "explainer": "hpme", "edge_auc": 0.5},
]


def named(figure, name):
    return next(trace for trace in figure.data if trace.name == name)


def test_on_the_left_a_line_leads_from_the_old_truth_to_the_shortcut():
    figure = sanity_chart(ROWS, str.upper)
    assert named(figure, "shortcut").y == named(figure, "old truth").y == ("HPME", "RANDOM")
    assert named(figure, "shortcut").x == pytest.approx((0.9, 0.5))
    assert named(figure, "old truth").x == pytest.approx((0.3, 0.5))
    assert figure.data[0].x == pytest.approx((0.3, 0.9))


def test_on_the_right_the_correlation_falls_with_the_stages_that_are_drawn_anew():
    figure = sanity_chart(ROWS, str.upper)
    line = named(figure, "HPME")
    assert line.x == (0, 1, 2, 3, 4)
    assert line.y == pytest.approx((1.0, (0.5 + 0.75) / 2, (0 + 0.5) / 2, 0.25, 0.0))
    assert named(figure, "RANDOM").y == (None,)  # it ranks nothing


def test_what_was_not_measured_is_left_empty():
    figure = sanity_chart(ROWS[:3])
    assert {trace.name for trace in figure.data} == {None, "shortcut", "old truth"}
    assert not sanity_chart([]).data[0].x
