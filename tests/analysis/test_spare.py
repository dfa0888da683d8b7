import pytest

from hpme.analysis.spare import spare_pieces

TWO_RINGS = [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 5), (5, 6), (6, 4)]


@pytest.mark.parametrize(
    ("features", "named"),
    [
        # The sum of the features has to be more than 2.5: rings 0-2 and 4-6, and node 3 between them.
        ([1, 1, 1, 0, 1, 1, 1], [(0, 1, 2), (4, 5, 6)]),
        ([1, 1, 1, 0, 1, 1, 0], []),  # one ring alone has it
        ([1, 1, 1, 3, 1, 1, 1], [(0, 1, 2), (3,), (4, 5, 6)]),
        ([0, 0, 0, 0, 0, 0, 1], []),  # the other class, which is kept without all of them, too
    ],
)
def test_pieces_that_are_enough_alone_are_named_where_the_class_is_lost_without_them(
    make_graph, feature_sum, features, named
):
    found = spare_pieces(feature_sum, make_graph([float(value) for value in features], TWO_RINGS))
    assert [piece.nodes for piece in found] == named
