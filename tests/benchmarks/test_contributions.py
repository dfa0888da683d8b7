import pytest
import torch

from benchmarks.contributions import correlations, known, pearson
from hpme.analysis.breakdown import Breakdown, break_down
from hpme.analysis.pieces import Piece
from hpme.datasets import load_built_in
from tests.explainers.node_scores.test_leave_one_out import Weights


def test_contributions_that_equal_the_known_ones_correlate_fully():
    graphs = [graph.clone() for graph in load_built_in("crippen-logp").test[:8]]
    truth = [known(graph) for graph in graphs]
    for graph, values in zip(graphs, truth, strict=True):
        assert float(values.sum()) == pytest.approx(float(graph.y), abs=1e-4)
        graph.x = values.float()[:, None]
    scores = correlations(break_down(Weights().eval(), graphs), truth)
    for name in ("atoms, Pearson", "atoms, Spearman", "pieces, Pearson", "pieces, all at once"):
        assert scores[name] == pytest.approx(1, abs=1e-3), name
    assert scores["together"] == pytest.approx(0, abs=1e-4)


def test_nothing_correlates_with_what_does_not_vary():
    parts = Breakdown(1.0, 0.0, torch.ones(3), [Piece("CCC", (0, 1, 2))], [1.0])
    assert correlations([parts], [torch.arange(3)])["atoms, Pearson"] is None
    assert pearson(torch.arange(2), torch.arange(2)) is None
    assert pearson(torch.arange(3), -torch.arange(3)) == -1
