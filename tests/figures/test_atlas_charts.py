import numpy as np

from hpme.figures import MapPoints, atlas_map, distance_histograms

PLACES = np.array([[0.0, 0.0], [1.0, 2.0], [3.0, 1.0]])


def test_colour_is_the_class_and_shape_tells_right_from_wrong():
    figure = atlas_map(MapPoints(PLACES, ("a", "b"), [7, 8, 9], [0, 1, 1], [0, 1, 0], ("no", "yes")), {})
    assert [trace.name for trace in figure.data] == ["no, right", "yes, right", "yes, wrong"]
    assert [list(trace.customdata) for trace in figure.data] == [[7], [8], [9]]
    assert figure.data[1].marker.color == figure.data[2].marker.color != figure.data[0].marker.color
    assert figure.data[1].marker.symbol != figure.data[2].marker.symbol


def test_what_is_shown_of_a_graph_is_linked_to_it():
    steps = {"original": PLACES[0], "bare subgraph": PLACES[2]}
    figure = atlas_map(MapPoints(PLACES, ("a", "b"), [7], [0], [0], ("no", "yes")), steps)
    assert (list(figure.data[-1].x), list(figure.data[-1].y)) == ([0, 3], [0, 1])


def test_histograms_share_their_bins():
    figure = distance_histograms({"original": [0.0, 1.0], "soft mix": [4.0]})
    assert [list(trace.x) for trace in figure.data] == [[0, 1], [4]]
    assert figure.data[0].xbins.size == figure.data[1].xbins.size == 0.1
