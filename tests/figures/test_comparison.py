import pandas as pd
import pytest

from hpme.benchmark.oracle import GROUND_TRUTH
from hpme.explainers import EXPLAINERS
from hpme.figures import comparison

NAMES = [*EXPLAINERS, GROUND_TRUTH.name]


@pytest.fixture
def table():
    cells = {"hpme": (0.9, 0.1, 0.0), "random": (0.5, None, 5.0), "degree": (None, None, 1.0)}
    columns = pd.MultiIndex.from_tuples([("auc", "mean"), ("auc", "std"), ("time", "mean"), ("time", "std")])
    return pd.DataFrame(
        [(auc, std, time, None) for auc, std, time in cells.values()],
        index=list(cells),
        columns=columns,
        dtype=float,
    )


def test_no_two_explainers_look_alike():
    looks = comparison.looks(NAMES)
    assert len({look["symbol"] for look in looks.values()}) == len(NAMES)  # also without any colour


def test_an_explainer_looks_the_same_in_every_chart_whoever_else_is_there():
    looks = comparison.looks(NAMES)
    assert comparison.looks(NAMES[:4:-1]) == {name: looks[name] for name in NAMES[:4:-1]}
    assert [*comparison.looks(["one of my own", "gsat"])] == ["one of my own", "gsat"]


def test_an_explainer_without_a_value_has_no_mark_and_zero_seconds_stay_on_a_logarithmic_axis(table):
    marks = comparison.looks(NAMES)
    figure = comparison.trade_off(table, ("time", "seconds"), ("auc", "AUC"), marks, log=True)
    assert [(trace.name, trace.x, trace.y) for trace in figure.data] == [
        ("hpme", (0.01,), (0.9,)),
        ("random", (5.0,), (0.5,)),
    ]
    assert [trace.error_y.array for trace in figure.data] == [(0.1,), (0,)]


def test_a_ladder_has_the_highest_on_top(table):
    figure = comparison.ladder(table, ("time", "seconds"))
    assert [trace.y for trace in figure.data] == [("hpme",), ("degree",), ("random",)]  # drawn upwards


def test_ranks_have_the_best_on_top_and_a_band_of_what_is_not_told_apart():
    ranks, marks = {"a": 1.5, "hpme": 2.0, "b": 5.0}, comparison.looks(["a", "hpme", "b"])
    figure = comparison.rank_chart(ranks, "hpme", 1.0, marks)
    assert [trace.y for trace in figure.data] == [("b",), ("hpme",), ("a",)]  # drawn upwards
    (band,) = figure.layout.shapes
    assert (band.x0, band.x1) == (1.0, 3.0)
    assert not comparison.rank_chart(ranks, "hpme", float("nan"), marks).layout.shapes


def test_the_shift_runs_from_the_bare_subgraph_to_the_mixed_graph(table):
    figure = comparison.shift(table, ("auc", "bare"), ("time", "mixed"), comparison.looks(NAMES))
    assert [trace.x for trace in figure.data][:2] == [(0.9, 0.0), (0.5, 5.0)]
    assert [trace.name for trace in figure.data][2:] == ["bare", "mixed"]
