import pytest
import torch

from hpme.metrics.agreement import iou, matrix, rank_correlation, votes


def nodes(*kept, count=5):
    mask = torch.zeros(count, dtype=torch.bool)
    mask[list(kept)] = True
    return mask


def test_two_masks_agree_by_common_nodes_over_all_that_one_of_them_keeps():
    assert iou(nodes(0, 1, 2), nodes(1, 2, 3)) == 2 / 4
    assert iou(nodes(0), nodes(1)) == 0


def test_two_empty_masks_agree():
    assert iou(nodes(), nodes()) == 1


def test_rankings_are_compared_whatever_the_scores_are():
    one = torch.tensor([1.0, 2.0, 3.0, 4.0])
    assert rank_correlation(one, one**3) == pytest.approx(1)
    assert rank_correlation(one, -one) == pytest.approx(-1)
    # Ranks 1 2 3 4 against 2 1 3 4: 1 - 6 (1 + 1) / (4 * 15).
    assert rank_correlation(one, torch.tensor([0.5, 0.1, 0.7, 0.9])) == pytest.approx(0.8)


def test_a_score_that_ranks_nothing_correlates_with_nothing():
    assert rank_correlation(torch.ones(3), torch.tensor([1.0, 2.0, 3.0])) is None
    assert rank_correlation(torch.ones(1), torch.ones(1)) is None


def test_the_matrix_is_symmetric_with_ones_on_its_diagonal():
    table = matrix([nodes(0, 1), nodes(1, 2), nodes(3)], iou)
    assert table == [[1, 1 / 3, 0], [1 / 3, 1, 0], [0, 0, 1]]


def test_a_node_has_as_many_votes_as_masks_that_keep_it():
    assert votes([nodes(0, 1), nodes(1), nodes(1, 4)]).tolist() == [1, 3, 0, 0, 1]
