from dataclasses import replace

import numpy as np
import pytest

from hpme.figures import COLOURINGS, UNLABELLED, WholeGraph, overview


@pytest.fixture
def whole():
    """The path 0 - 1 - 2 - 3, of which node 2 is predicted wrong."""
    places = np.arange(8, dtype=np.float32).reshape(4, 2)
    edges = np.array([[0, 1, 2], [1, 2, 3]])
    return WholeGraph(places, edges, np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1]), ("base", "motif"))


def named(figure):
    return {trace.name: trace for trace in figure.data if trace.name}


def test_every_node_is_a_point_with_its_number_in_the_trace_of_its_class(whole):
    traces = named(overview(whole, 1, np.array([0, 1, 2])))
    assert traces["base"].customdata.tolist() == [0, 1]
    assert traces["motif"].customdata.tolist() == [2, 3]
    assert traces["motif"].text == ("node 2: motif, predicted base", "node 3: motif, predicted motif")


def test_the_picked_node_and_what_lies_around_it_are_marked(whole):
    figure = overview(whole, 1, np.array([0, 1, 2]))
    traces = named(figure)
    assert traces["node 1"].marker.symbol == "star"
    assert (traces["node 1"].x[0], traces["node 1"].y[0]) == (2.0, 3.0)
    assert traces["seen by the model"].x.tolist() == [0.0, 4.0]
    beyond, inside = (trace.x[~np.isnan(trace.x)].tolist() for trace in figure.data[:2])
    assert inside == [0.0, 2.0, 2.0, 4.0]
    assert beyond == [4.0, 6.0]
    assert all(traces[name].hoverinfo == "skip" for name in ("node 1", "seen by the model"))


@pytest.mark.parametrize(
    ("colouring", "groups"),
    [
        (COLOURINGS[0], {"base": [0, 1], "motif": [2, 3]}),
        (COLOURINGS[1], {"base": [0, 1, 2], "motif": [3]}),
        (COLOURINGS[2], {"right": [0, 1, 3], "wrong": [2]}),
    ],
)
def test_colours_mean_the_class_the_prediction_or_right_and_wrong(whole, colouring, groups):
    traces = named(overview(whole, 0, np.array([0]), colouring))
    assert {name: traces[name].customdata.tolist() for name in groups} == groups


def test_a_node_without_a_label_is_of_no_class_and_neither_right_nor_wrong(whole):
    partly = replace(whole, labels=np.array([0, -1, 1, 1]))
    for colouring, groups in (
        (COLOURINGS[0], {"base": [0], "motif": [2, 3], UNLABELLED: [1]}),
        (COLOURINGS[1], {"base": [0, 1, 2], "motif": [3]}),
        (COLOURINGS[2], {"right": [0, 3], "wrong": [2], UNLABELLED: [1]}),
    ):
        traces = named(overview(partly, 0, np.array([0]), colouring))
        assert {name: traces[name].customdata.tolist() for name in groups} == groups
        assert (UNLABELLED in traces) == (UNLABELLED in groups)
    everywhere = named(overview(partly, 0, np.array([0]), COLOURINGS[1]))
    assert everywhere["base"].text[1] == "node 1: no label, predicted base"
