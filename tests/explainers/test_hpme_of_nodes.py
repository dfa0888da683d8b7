"""HPME of a model that predicts nodes: the node itself stays, and is what the model is asked about."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explainer
from torch_geometric.nn import SimpleConv
from torch_geometric.utils import barabasi_albert_graph, coalesce

from hpme.explainers import EXPLAINERS, HPME, AsPyG, HPMEConfig, RandomExplainer
from hpme.explainers.base import TAKEN_IN_PART
from hpme.explainers.hpme import fitting
from hpme.forward.hops import MOST
from hpme.forward.node_graphs import node_graphs
from hpme.method.objective import log_odds
from hpme.method.types import traits_of
from hpme.metrics.evaluate import evaluate
from hpme.metrics.forward import subgraphs
from hpme.seeding import generator

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


def test_a_subgraph_has_to_keep_the_prediction_in_mixed_graphs_and_alone(whole, explainer):
    question = explainer.question
    packed = question.pack(node_graphs(question, whole, range(160, 180)))
    logits = question(packed)
    batch = fitting.Step(
        packed,
        traits_of(packed),
        logits.argmax(1),
        log_odds(logits, logits.argmax(1)),
        torch.ones(20),
        torch.ones(20),
    )
    keep = torch.zeros(2, len(packed.x), dtype=torch.bool)
    keep[1] = True
    mixed = [logits, -logits]  # of these masks: as it was, and another class
    lost = fitting.losses(question, batch, keep, QUICK, generator(0), lambda *_: torch.stack(mixed))
    positive = logits.argmax(1) == 1
    assert positive.any()
    assert lost[0].equal(0.5 * positive)  # alone, the node has no marked neighbour
    assert lost[1].equal(torch.full((20,), 0.5))


def test_kept_nodes_come_first_and_of_the_others_those_that_stay_longest(whole, explainer):
    graphs = node_graphs(explainer.question, whole, range(160, 200))
    packed = explainer.question.pack(graphs)
    score = explainer.explain_packed(packed).node_score
    end = explainer.plateau[-1] + 1
    each = torch.stack([explainer.explain_packed(packed, point).node_score for point in range(end)])
    kept = each[explainer.plateau].mean(0) > 0.5
    assert 0 < int(kept.sum()) < len(kept)
    others = ~packed.node_attrs["centre"].bool().view(-1)
    assert (score > 0.5).equal(kept)
    assert torch.allclose((2 * score - kept.float())[others], each.mean(0)[others], atol=1e-6)


def test_a_step_has_fewer_graphs_where_they_are_large(whole, explainer):
    packed = explainer.question.pack(node_graphs(explainer.question, whole, range(50), hops=8))
    assert len(packed.x) == 50 * 200  # the whole graph each
    assert fitting.step_size(HPMEConfig(), packed) == 25
    assert fitting.step_size(HPMEConfig(batch_size=10), packed) == 10
    of_graphs = replace(packed, node_attrs={})
    assert fitting.step_size(HPMEConfig(), of_graphs) == HPMEConfig().batch_size


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


def in_pyg(explainer, model) -> Explainer:
    config = {**model.model_config, "return_type": "raw"}
    return Explainer(
        model,
        AsPyG(explainer),
        explanation_type="model",
        node_mask_type="object",
        edge_mask_type="object",
        model_config=config,
    )


def test_inside_pygs_explainer_masks_are_those_of_the_whole_graph(whole, explainer):
    out, ours = (
        in_pyg(explainer, HasMarkedNeighbour())(whole.x, whole.edge_index, index=torch.tensor(170)),
        explainer.explain(whole, index=170),
    )
    assert out.node_mask.shape == (200, 1)
    assert out.node_mask.nonzero()[:, 0].tolist() == ours.node_number[ours.node_mask.view(-1) > 0].tolist()
    assert out.node_score[ours.node_number].equal(ours.node_score)
    assert out.centre.nonzero().view(-1).tolist() == [170]
    kept = out.edge_index[:, out.edge_mask > 0]
    assert kept.tolist() == ours.node_number[ours.edge_index[:, ours.edge_mask > 0]].tolist()
    assert out.edge_score.sum() == pytest.approx(float(ours.edge_score.sum()))
    assert int(out.target[170]) == int(ours.target)


def test_any_explainer_goes_into_pyg_with_one_node_a_call(whole):
    model = HasMarkedNeighbour()
    explainer = in_pyg(RandomExplainer(model), model)
    assert explainer(whole.x, whole.edge_index, index=3).node_score.count_nonzero() > 1
    for index, got in ((None, 0), (torch.tensor([3, 4]), 2)):
        with pytest.raises(ValueError, match=rf"Expected the number of one node as index \(got {got}\)"):
            explainer(whole.x, whole.edge_index, index=index)


def test_a_hub_is_explained_by_a_part_of_what_is_around_it_and_the_explanation_says_so():
    ends = torch.arange(1, 3000)
    star = torch.cat([torch.stack([ends, ends * 0]), torch.stack([ends * 0, ends])], dim=1)
    graph = Data(x=torch.ones(3000, 2), edge_index=star)
    model = HasMarkedNeighbour()
    around_hub = node_graphs(model, graph, 0)[0]
    assert around_hub.num_nodes == MOST
    (note,) = RandomExplainer(model).explain(around_hub).notes
    assert note == TAKEN_IN_PART
    assert RandomExplainer(model).explain(node_graphs(model, graph, 0, hops=0)[0]).notes == []
