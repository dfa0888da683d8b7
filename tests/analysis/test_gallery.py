import pytest
import torch

from hpme.analysis.gallery import MEASURES, QUICK, Card, cards, ranked, with_measure
from hpme.metrics import METRICS
from tests.figures.scenes import explanation_of


def card(graph, auc, output=(0.0, 0.0)):
    return Card(graph, torch.tensor([True]), torch.tensor(output), {"edge_auc": auc})


def test_a_card_holds_the_measures_of_its_own_graph(feature_sum, path, make_graph):
    # By hand: the classifier adds up features, 6 on the path and 1 on the other.
    path.graph_id = 7
    other = make_graph([1.0, 0.0], [(0, 1)])
    other.graph_id = 8
    explanations = [explanation_of(path, (0, 1)), explanation_of(other, (0, 1))]
    measured = cards(feature_sum, [path, other], explanations)
    assert [*measured[0].values] == [*QUICK]
    scores = [explanation.edge_score for explanation in explanations]
    for name in MEASURES:
        measured = with_measure(feature_sum, [path, other], scores, measured, name)
    first, second = measured
    assert (first.graph, second.graph) == (7, 8)
    assert first.keep.tolist() == [True, True, False, False]
    assert {*first.values} == {*MEASURES}
    assert set(MEASURES) <= set(METRICS)
    assert (first.values["kept_share"], second.values["kept_share"]) == (0.5, 1.0)
    assert first.values["node_iou"] == first.values["edge_auc"] == first.values["edge_ap"] == 1.0
    assert second.values["node_iou"] is second.values["edge_auc"] is second.values["capacity_bits"] is None
    # By hand: nodes 0 and 1 of four, in place of the other's both, are the whole mixed graph; and back.
    assert (first.values["size_mix"], second.values["size_mix"]) == (0.5, 2.0)


def test_a_graph_alone_has_no_donor(feature_sum, path):
    with pytest.raises(ValueError, match="at least two graphs"):
        cards(feature_sum, [path], [explanation_of(path, (0, 1))])


def test_confidence_is_that_of_the_predicted_class_and_numbers_have_none():
    assert card(0, None).confidence == 0.5
    assert card(0, None, [3.0]).confidence is None


@pytest.mark.parametrize(("best_first", "order"), [(True, [2, 3, 1, 0]), (False, [1, 2, 3, 0])])
def test_cards_are_ranked_by_a_measure_equal_ones_by_id_and_unknown_ones_last(best_first, order):
    unsorted = [card(0, None), card(3, 0.9), card(1, 0.2), card(2, 0.9)]
    assert [one.graph for one in ranked(unsorted, "edge_auc", best_first=best_first)] == order


def test_cards_are_ranked_by_number_and_by_confidence_as_well():
    unsorted = [card(0, None, [0.0, 0.0]), card(1, None, [0.0, 9.0])]
    assert [one.graph for one in ranked(unsorted, "graph")] == [1, 0]
    assert [one.graph for one in ranked(unsorted, "confidence", best_first=False)] == [0, 1]
