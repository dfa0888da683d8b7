import math

import pytest
import torch

from hpme.forward.question import Question
from hpme.metrics import robust_fid_minus, robust_fid_plus
from hpme.metrics.edge_draws import CHUNK


def keep(*flags: int) -> torch.Tensor:
    return torch.tensor(flags, dtype=torch.bool)


def sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))


@pytest.fixture
def star(make_graph):
    """0 joined to 1 and 2, features 1, 1, 0: with `neighbour_sum` the edge 0 - 1 adds 2, 0 - 2 adds 1."""
    return make_graph([1.0, 1.0, 0.0], [(0, 1), (0, 2)])


def test_fid_plus_takes_a_tenth_of_the_explanations_edges_away(neighbour_sum, star):
    # Logits (1, 3); without the kept edge (1, 1): the chance is a tenth, both directions together.
    (value,) = robust_fid_plus(neighbour_sum, [star], [keep(1, 1, 0)], draws=20_000).tolist()
    assert value == pytest.approx(0.1 * (sigmoid(2) - sigmoid(0)), rel=0.1)


def test_fid_minus_takes_a_tenth_of_all_other_edges_away(neighbour_sum, star):
    # Without the edge to 2 the logits are (1, 2).
    (value,) = robust_fid_minus(neighbour_sum, [star], [keep(1, 1, 0)], draws=20_000).tolist()
    assert value == pytest.approx(0.1 * (sigmoid(2) - sigmoid(1)), rel=0.1)


def test_an_explanation_without_edges_loses_nothing_and_the_whole_graph_has_no_rest(neighbour_sum, star):
    assert robust_fid_plus(neighbour_sum, [star], [keep(1, 0, 0)]).tolist() == [0]
    assert robust_fid_minus(neighbour_sum, [star], [keep(1, 1, 1)]).tolist() == [0]


def test_a_gain_of_probability_is_negative(neighbour_sum, make_graph):
    graph = make_graph([2.0, -1.0, 0.0], [(0, 2), (1, 2)])
    # Logits (1, 1), so class 0; without the edge 0 - 2 they are (1, -1), without 1 - 2 (1, 2).
    assert robust_fid_plus(neighbour_sum, [graph], [keep(1, 0, 1)], draws=500).item() < 0
    assert robust_fid_plus(neighbour_sum, [graph], [keep(0, 1, 1)], draws=500).item() > 0


def test_graphs_of_a_batch_are_asked_apart_and_draws_repeat(neighbour_sum, star, make_graph):
    lone = make_graph([1.0], [])
    both = robust_fid_plus(neighbour_sum, [star, lone], [keep(1, 1, 0), keep(1)], draws=CHUNK + 3)
    again = robust_fid_plus(neighbour_sum, [star, lone], [keep(1, 1, 0), keep(1)], draws=CHUNK + 3)
    assert both.tolist() == again.tolist()
    assert both[1] == 0


def test_of_a_number_it_is_the_share_of_draws_that_change_it(make_graph):
    class Edges(torch.nn.Module):
        def forward(self, x, edge_index, batch):
            return batch[edge_index[0]].bincount(minlength=int(batch.max()) + 1).float()[:, None]

    pair, path = make_graph([0.0] * 2, [(0, 1)]), make_graph([0.0] * 4, [(0, 1), (1, 2), (2, 3)])
    # 2 and 6 are said: half their standard deviation is the root of 2, and an edge less is 2 less.
    model = Question(Edges(), model_config={"mode": "regression"})
    lost = robust_fid_plus(model, [pair, path], [keep(1, 1), keep(1, 1, 0, 0)], draws=5000)
    assert lost.tolist() == pytest.approx([0.1, 0.1], abs=0.02)
