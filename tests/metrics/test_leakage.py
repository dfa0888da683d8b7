import pytest
import torch

from hpme.metrics.leakage import leaked_mass, outside

KEEP = torch.tensor([True, True, False, False])  # of the path 0 - 1 - 2 - 3: one edge of three lies inside


def weights(path, inside, cut, rest):
    """Weights of the edges 0 - 1, 1 - 2 and 2 - 3, in both directions."""
    by_lower_end = torch.tensor([inside, cut, rest])
    return by_lower_end[path.edge_index.amin(0)]


def test_an_edge_is_inside_only_with_both_ends(path):
    lower = path.edge_index.amin(0)
    assert (outside(path.edge_index, KEEP) == (lower > 0)).all()


def test_the_leak_is_the_share_of_the_masks_mass_that_the_kept_nodes_do_not_hold(path):
    assert leaked_mass(path.edge_index, weights(path, 0.9, 0.4, 0.2), KEEP) == pytest.approx(0.6 / 1.5)


def test_a_mask_that_is_the_same_everywhere_leaks_what_is_left_out(path):
    assert leaked_mass(path.edge_index, weights(path, 0.5, 0.5, 0.5), KEEP) == pytest.approx(2 / 3)


def test_a_hard_mask_and_an_empty_one_leak_nothing(path):
    assert leaked_mass(path.edge_index, weights(path, 1.0, 0.0, 0.0), KEEP) == 0
    assert leaked_mass(path.edge_index, weights(path, 0.0, 0.0, 0.0), KEEP) == 0
