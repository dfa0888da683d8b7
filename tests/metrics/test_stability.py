import torch

from hpme.metrics import trials


def test_an_explanation_is_tried_in_each_donor(feature_sum, path, make_graph):
    donors = [make_graph([5.0, 1.0], [(0, 1)]), make_graph([7.0, -4.0], [(0, 1)])]
    cuts = [torch.tensor([True, False])] * 2
    outcome = trials(feature_sum, path, torch.tensor([True, True, False, False]), donors, cuts)
    # The path, 6 in all, is class 1; it brings 3 + 2 to the 1 and the -4 that the donors keep.
    assert outcome.answers[:, 1].tolist() == [6, 1]
    assert outcome.holds.tolist() == [True, False]
    assert [mixed.num_nodes for mixed in outcome.mixes] == [3, 3]
