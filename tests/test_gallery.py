import pytest
import torch

from hpme.gallery import Card, cards, ranked
from tests.figures.scenes import explanation_of


def card(graph, auc):
    return Card(graph, torch.tensor([True]), torch.tensor([0.0, 0.0]), 1.0, 1.0, auc, None)


def test_a_card_holds_the_measures_of_its_own_graph(feature_sum, path, make_graph):
    # By hand: the classifier adds up features, 6 on the path and 1 on the other.
    path.graph_id = 7
    other = make_graph([1.0, 0.0], [(0, 1)])
    other.graph_id = 8
    found = [explanation_of(path, (0, 1)), explanation_of(other, (0, 1))]
    first, second = cards(feature_sum, [path, other], found)
    assert (first.graph, second.graph) == (7, 8)
    assert first.keep.tolist() == [True, True, False, False]
    assert (first.kept_share, second.kept_share) == (0.5, 1.0)
    assert first.node_iou == 1.0
    assert first.edge_auc == 1.0
    assert second.node_iou is None
    assert second.edge_auc is None


def test_a_graph_alone_has_no_donor(feature_sum, path):
    with pytest.raises(ValueError, match="at least two graphs"):
        cards(feature_sum, [path], [explanation_of(path, (0, 1))])


def test_confidence_is_that_of_the_predicted_class_and_numbers_have_none():
    assert card(0, None).confidence == 0.5
    assert Card(0, torch.tensor([True]), torch.tensor([3.0]), 1.0, 1.0, None, None).confidence is None


@pytest.mark.parametrize(("best_first", "order"), [(True, [2, 3, 1, 0]), (False, [1, 2, 3, 0])])
def test_cards_are_ranked_by_a_measure_equal_ones_by_id_and_unknown_ones_last(best_first, order):
    some = [card(0, None), card(3, 0.9), card(1, 0.2), card(2, 0.9)]
    assert [one.graph for one in ranked(some, "edge_auc", best_first=best_first)] == order
