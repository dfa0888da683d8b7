import io
from itertools import count, islice

import pytest
import torch

from hpme.explainers import RandomExplainer
from hpme.explainers.stream import explain_stream, write_lines
from hpme.io import read_graphs


@pytest.fixture
def explainer(feature_sum):
    return RandomExplainer(feature_sum, seed=0)


@pytest.fixture
def graphs(make_graph):
    """Three paths of 2, 3 and 4 nodes."""
    return [
        make_graph([1.0] * size, [(i, i + 1) for i in range(size - 1)], graph_id=size) for size in (2, 3, 4)
    ]


def test_batches_give_the_same_lines_as_one_graph_at_a_time(explainer, graphs):
    outs = [io.StringIO(), io.StringIO()]
    for out, size in zip(outs, (1, 2), strict=True):
        write_lines(explainer.explain_batch, graphs, out, batch_size=size)
    assert outs[0].getvalue() == outs[1].getvalue()
    assert outs[0].getvalue().count("\n") == 3


def test_a_line_reads_back_as_the_graph_with_its_explanation(explainer, graphs):
    out = io.StringIO()
    write_lines(explainer.explain_batch, graphs, out)
    line = out.getvalue().splitlines()[1]
    (graph,) = read_graphs(line.encode(), "line.json")
    assert graph.graph_id == 3
    assert graph.edge_index.tolist() == [[0, 1, 1, 2], [1, 0, 2, 1]]
    torch.testing.assert_close(graph.node_score, explainer.explain(graphs[1]).node_score)
    assert int(graph.target) == 1  # three ones sum to 3, above 2.5


def test_an_endless_source_is_read_one_batch_ahead_at_most(explainer, graphs):
    taken = []
    endless = (taken.append(i) or graphs[0] for i in count())
    assert len(list(islice(explain_stream(explainer.explain_batch, endless, batch_size=4), 6))) == 6
    assert len(taken) == 8


def test_progress_counts_every_line(explainer, graphs):
    seen = []
    write_lines(explainer.explain_batch, graphs, io.StringIO(), batch_size=2, progress=seen.append)
    assert seen == [1, 2, 3]


def test_a_batch_of_nothing_is_refused(explainer, graphs):
    with pytest.raises(ValueError, match=r"Expected batch_size in \[1, inf\] \(got 0\)"):
        next(explain_stream(explainer.explain_batch, graphs, batch_size=0))
