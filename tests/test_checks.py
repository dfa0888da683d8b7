import pytest
import torch
from torch_geometric.data import Data

from hpme import checks


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(KeyError, match=r"a, b .*'c'"):
        checks.known("c", {"b": 1, "a": 2}, "letter")


@pytest.mark.parametrize(
    ("x", "edge_index", "words"),
    [
        (None, torch.zeros(2, 0), r"num_nodes, 3.*None"),
        (torch.zeros(0, 3), torch.zeros(2, 0), r"at least one node \(got \[0, 3\]\)"),
        (torch.zeros(4, 2), torch.zeros(2, 0), r"\[num_nodes, 3\].*\[4, 2\]"),
        (torch.zeros(4, 3), torch.zeros(3, 1), r"\[2, num_edges\] \(got \[3, 1\]\)"),
        (torch.zeros(4, 3), torch.tensor([[0], [4]]), r"\[0, 3\] \(got 0 to 4\)"),
        (torch.zeros(4, 3), torch.tensor([[-1], [0]]), r"\[0, 3\] \(got -1 to 0\)"),
    ],
)
def test_a_graph_that_does_not_fit_is_refused_in_one_sentence(x, edge_index, words):
    with pytest.raises(ValueError, match=words) as error:
        checks.graph(Data(x=x, edge_index=edge_index), num_features=3)
    assert "\n" not in str(error.value)


def test_a_setting_out_of_range_is_named():
    checks.in_range("rate", 1, 0, 1)
    with pytest.raises(ValueError, match=r"rate in \[0, 1\] \(got 1.5\)"):
        checks.in_range("rate", 1.5, 0, 1)
