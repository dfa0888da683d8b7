import pytest
import torch

from hpme.explainers import GStarX, GStarXConfig
from hpme.explainers.gstarx import neighbourhoods
from hpme.forward.node_graphs import node_graphs
from tests.explainers.test_eig_search import row
from tests.explainers.test_every_explainer import Bond
from tests.explainers.test_explainers_of_nodes import HasMarkedNeighbour


@pytest.mark.parametrize("kinds", ["CCABACCC", "CABC", "CCCABABCCC", "CCCCCCCABABCCCCCCC"])
def test_exactly_the_nodes_that_carry_the_prediction_are_found(kinds):
    out = GStarX(Bond().eval()).explain(row(kinds))
    reason = torch.tensor([kind != "C" for kind in kinds])
    assert out.node_mask.view(-1).equal(reason.float())
    assert out.node_score[reason].min() > out.node_score[~reason].max()


def test_no_more_than_half_of_the_nodes_are_kept(path, feature_sum):
    feature_sum.forward = lambda x, _edges, batch: torch.tensor([[0.0, 9.0]]).repeat(int(batch.max()) + 1, 1)
    assert GStarX(feature_sum).explain(path).node_mask.sum() == 2  # each of the four is worth something


def test_of_a_number_a_coalition_earns_what_brings_it_nearer(path, feature_sum):
    feature_sum.model_config = {"mode": "regression"}
    feature_sum.forward = lambda x, _edges, batch: torch.zeros(int(batch.max()) + 1, 1).index_add(0, batch, x)
    scores = GStarX(feature_sum).explain(path).node_score
    assert scores.tolist() == pytest.approx([1, 2 / 3, 0, 1 / 3])  # worth 3, 2, 0 and 1 of the sum 6


def test_neighbourhoods_are_of_the_nearest_nodes(path):
    near = neighbourhoods(path.edge_index, 4, 3, 2, torch.Generator())
    assert near.sum(1).tolist() == [3, 3, 3, 3]
    assert near.diagonal().all()
    assert near[0].tolist() == [True, True, True, False]
    assert near[3].tolist() == [False, True, True, True]
    one_hop = neighbourhoods(path.edge_index, 4, 4, 1, torch.Generator())
    assert one_hop.int().tolist() == [[1, 1, 0, 0], [1, 1, 1, 0], [0, 1, 1, 1], [0, 0, 1, 1]]


def test_equally_near_nodes_are_drawn_by_lot(path):
    draws = torch.Generator().manual_seed(0)
    seconds = {neighbourhoods(path.edge_index, 4, 2, 1, draws)[1].nonzero().sum().item() for _ in range(20)}
    assert seconds == {0 + 1, 1 + 2}


def test_seeds_and_graphs_repeat_and_the_batch_does_not_matter():
    model, graphs = Bond().eval(), [row("CCCCCCCABABCCCCCCC"), row("CABACCCCCCCCCC")]
    together = GStarX(model).explain_batch(graphs)
    for graph, out in zip(graphs, together, strict=True):
        assert GStarX(model).explain(graph).node_score.equal(out.node_score)


def test_a_model_of_nodes_is_refused_in_a_sentence():
    ring = torch.stack([torch.arange(10), (torch.arange(10) + 1) % 10])
    whole = row("CCABACCCCC")
    whole.x, whole.edge_index = torch.eye(5).repeat(2, 1), torch.cat([ring, ring.flip(0)], dim=1)
    graph = node_graphs(HasMarkedNeighbour(), whole, [1], hops=2)[0]
    for ask in (lambda explainer: explainer.explain(graph), lambda explainer: explainer.fit([graph])):
        with pytest.raises(ValueError, match=r"^Expected a model that predicts graphs \(got HasMarked"):
            ask(GStarX(HasMarkedNeighbour()))


@pytest.mark.parametrize(
    "setting", [{"players": 0}, {"hops": 0}, {"tau": 0.3}, {"power": 0}, {"sparsity": 2}]
)
def test_settings_out_of_range_are_refused(setting):
    with pytest.raises(ValueError, match=next(iter(setting))):
        GStarXConfig(**setting)
