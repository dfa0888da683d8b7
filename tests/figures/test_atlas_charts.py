import numpy as np

from hpme.figures import MapPoints, atlas_map, distance_histograms

PLACES = np.array([[0.0, 0.0], [1.0, 2.0], [3.0, 1.0]])


def test_colour_is_the_class_and_shape_tells_right_from_wrong():
    figure = atlas_map(MapPoints(PLACES, ("a", "b"), [7, 8, 9], [0, 1, 1], [0, 1, 0], ("no", "yes")), {})
    assert [trace.name for trace in figure.data] == ["no, right", "yes, right", "yes, wrong"]
    assert [list(trace.customdata) for trace in figure.data] == [[7], [8], [9]]
    assert figure.data[1].marker.color == figure.data[2].marker.color != figure.data[0].marker.color
    assert figure.data[1].marker.symbol != figure.data[2].marker.symbol


def test_a_number_colours_the_points_on_one_scale_and_shape_still_tells_right_from_wrong():
    points = MapPoints(
        PLACES, ("a", "b"), [7, 8, 9], [0, 1, 1], [0, 1, 0], ("no", "yes"), shade=("gap", [0.5, 2.0, 4.0])
    )
    right, wrong = atlas_map(points, {}).data
    assert (right.name, list(right.marker.color), list(wrong.marker.color)) == ("right", [0.5, 2.0], [4.0])
    assert {(trace.marker.cmin, trace.marker.cmax) for trace in (right, wrong)} == {(0.5, 4.0)}
    assert wrong.text[0] == "graph 9: yes, predicted no<br>gap 4"
    assert right.marker.symbol != wrong.marker.symbol


def test_right_and_wrong_are_colours_without_numbers():
    points = MapPoints(
        PLACES, ("a", "b"), [7, 8, 9], [0, 1, 1], [0, 1, 0], ("no", "yes"), shade=("right or wrong", [])
    )
    right, wrong = atlas_map(points, {}).data
    assert right.marker.color != wrong.marker.color


def test_points_without_labels_are_coloured_by_what_is_predicted_and_called_by_their_names():
    named = {"labels": None, "predicted": [0, 1, 1], "names": ["a", "<b>", "c"]}
    classes = MapPoints(PLACES, ("a", "b"), [7, 8, 9], classes=("no", "yes"), **named)
    no, yes = atlas_map(classes, {}).data
    assert (no.name, yes.name) == ("no", "yes")
    assert list(yes.text) == ["&lt;b&gt;: predicted yes", "c: predicted yes"]
    assert yes.marker.symbol == "circle"
    numbers = MapPoints(PLACES, ("a", "b"), [7, 8, 9], classes=(), shade=("size", [1.0, 2.0, 3.0]), **named)
    (every,) = atlas_map(numbers, {}).data
    assert (every.name, every.text[0]) == ("graphs", "a<br>size 1")


def test_what_is_shown_of_a_graph_is_linked_to_it():
    steps = {"original": PLACES[0], "bare subgraph": PLACES[2]}
    figure = atlas_map(MapPoints(PLACES, ("a", "b"), [7], [0], [0], ("no", "yes")), steps)
    assert (list(figure.data[-1].x), list(figure.data[-1].y)) == ([3, 0], [1, 0])
    assert [trace.marker.symbol[0] for trace in figure.data[-2:]] == ["star", "triangle-up"]  # in the legend


def test_histograms_share_their_bins():
    figure = distance_histograms({"original": [0.0, 1.0], "soft mix": [4.0]})
    assert [list(trace.x) for trace in figure.data] == [[0, 1], [4]]
    assert figure.data[0].xbins.size == figure.data[1].xbins.size == 0.1


def test_graphs_of_ones_own_are_a_trace_with_their_titles_as_they_are():
    own = {9: ("<b>a</b>", np.array([0.5, 0.25]))}
    points = MapPoints(PLACES, ("a", "b"), [7, 8, 9], [0, 1, 1], [0, 1, 0], ("no", "yes"))
    trace = atlas_map(points, {}, own).data[-1]
    assert (trace.name, list(trace.customdata)) == ("your own graphs", [9])
    assert list(trace.text) == ["&lt;b&gt;a&lt;/b&gt;"]
    assert (trace.x[0], trace.y[0]) == (0.5, 0.25)
