"""HPME of a model that predicts nodes: the node itself stays, and is what the model is asked about."""

import pytest
import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.nn import SimpleConv
from torch_geometric.utils import barabasi_albert_graph, coalesce

from hpme.explainers import EXPLAINERS, HPME, HPMEConfig
from hpme.forward.node_graphs import node_graphs
from hpme.metrics.evaluate import evaluate
from hpme.metrics.forward import subgraphs

QUICK = HPMEConfig(min_steps=300, rounds=1, checkpoints=15, draws=2)


class HasMarkedNeighbour(nn.Module):
    """Class 1 where a neighbour is marked."""

    def __init__(self) -> None:
        super().__init__()
        self.model_config = {"mode": "multiclass_classification", "task_level": "node"}
        self.conv = SimpleConv(aggr="sum")

    def embed(self, x: Tensor, edge_index: Tensor) -> Tensor:
        return torch.cat([x, self.conv(x, edge_index)], dim=1)

    def forward(self, x: Tensor, edge_index: Tensor) -> Tensor:
        marked = self.conv(x, edge_index)[:, :1]
        return torch.cat([2 - 4 * marked, 4 * marked - 2], dim=1)


@pytest.fixture(scope="module")
def whole() -> Data:
    torch.manual_seed(0)
    marked = (torch.rand(200, 1) < 0.15).float()
    return Data(x=torch.cat([marked, 1 - marked], 1), edge_index=coalesce(barabasi_albert_graph(200, 2)))


@pytest.fixture(scope="module")
def explainer(whole) -> HPME:
    return HPME(HasMarkedNeighbour(), QUICK).fit(whole, index=range(160))


def test_the_node_is_kept_and_what_its_class_comes_from(whole, explainer):
    outs = explainer.explain_batch(whole, index=range(160, 200))
    for node, out in zip(range(160, 200), outs, strict=True):
        kept = out.node_mask.view(-1) > 0.5
        assert out.node_number[out.centre].tolist() == [node]
        assert kept[out.centre].all()
        assert out.x.equal(whole.x[out.node_number])
    positive = [out for out in outs if int(out.target) == 1]
    assert len(positive) > 5
    found = [bool((out.x[:, 0] * out.node_mask.view(-1)).any()) for out in positive]
    assert sum(found) / len(found) > 0.9
    assert explainer.check.same_as_model == 1
    assert explainer.explain(whole, index=170).node_mask.equal(outs[10].node_mask)


def test_a_mixed_graph_has_the_explained_node_for_its_centre(whole, explainer):
    graphs = node_graphs(explainer.question, whole, range(160, 180))
    mixed = explainer.mix_batch(graphs, graphs[1:] + graphs[:1])
    question = explainer.question
    answers = question(question.pack(mixed)).argmax(1)
    for graph, own in zip(mixed, graphs, strict=True):
        centre = graph.centre.nonzero().view(-1)
        assert len(centre) == 1
        assert int(graph.node_origin[centre]) == 0
        assert bool(own.centre[graph.node_id[centre]].all())
    assert float((answers == question(question.pack(graphs)).argmax(1)).float().mean()) > 0.8


def test_what_is_left_without_the_explanation_still_has_the_node(whole, explainer):
    graphs = node_graphs(explainer.question, whole, range(160, 180))
    rest = subgraphs(graphs, [out.node_mask.view(-1) < 0.5 for out in explainer.explain_batch(graphs)])
    assert [int(graph.centre.sum()) for graph in rest] == [1] * 20


@pytest.mark.parametrize(
    "name", ["random", "degree", "saliency", "integrated-gradients", "gradcam", "subgraphx"]
)
def test_other_explainers_and_the_metrics_take_the_graphs_around_nodes(whole, explainer, name):
    graphs = node_graphs(explainer.question, whole, range(160, 166))
    other = EXPLAINERS[name].build(explainer.question, 0)
    outs = other.explain_batch(graphs)
    assert all(out.centre.equal(graph.centre) for out, graph in zip(outs, graphs, strict=True))
    keeps = [out.node_score >= out.node_score.median() for out in outs]
    figures = evaluate(explainer.question, graphs, outs, keeps)
    assert 0 <= figures["kept_on_mix"] <= 1
