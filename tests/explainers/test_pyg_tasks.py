"""The bridges to PyG with edge attributes, other tasks, and models left in training mode."""

import copy

import pytest
import torch
import torch_geometric.nn as g
from bonds import Bonds, tree
from torch import nn
from torch_geometric.data import Data
from torch_geometric.explain import (
    CaptumExplainer,
    Explainer,
    ExplainerAlgorithm,
    Explanation,
    GNNExplainer,
    PGExplainer,
)
from torch_geometric.explain.algorithm.captum import CaptumModel, MaskLevelType

from hpme import HPME, HPMEConfig
from hpme.explainers import AsPyG, FromPyG, RandomExplainer
from hpme.forward.pairs import average_directions
from hpme.forward.question import Question
from hpme.seeding import generator

QUICK = HPMEConfig(rounds=1, min_steps=4, batch_size=8, checkpoints=2, samples=2, draws=1)
BINARY = {"mode": "binary_classification", "task_level": "graph", "return_type": "raw"}
NUMBER = {"mode": "regression", "task_level": "graph", "return_type": "raw"}
CLASSES = {"mode": "multiclass_classification", "task_level": "graph", "return_type": "raw"}


class Named(Bonds):
    """The same, under other names."""

    def forward(self, feats, edges, graph_ids, edge_feats=None):
        return super().forward(feats, edges, graph_ids, edge_feats)


class Numbers(nn.Module):
    """Some numbers of a graph; the first grows with the weights of its bonds."""

    def __init__(self, outputs: int = 1) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            self.conv, self.linear = g.GraphConv(4, 8), nn.Linear(8, outputs)

    def forward(self, x, edge_index, batch):
        return self.linear(g.global_add_pool(self.conv(x, edge_index).tanh(), batch))


class Norm(nn.Module):
    """With statistics of batches, and dropout."""

    def __init__(self) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            self.conv, self.norm, self.linear = g.GraphConv(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 2)

    def forward(self, x, edge_index, batch=None):
        z = nn.functional.dropout(self.norm(self.conv(x, edge_index)), training=self.training)
        return self.linear(g.global_add_pool(z, batch))


TREES = [tree(number, smallest=8) for number in range(40)]


def none(graph: Data) -> torch.Tensor:
    return torch.zeros(graph.num_nodes, dtype=torch.long)


def bare(count: int) -> list[Data]:
    return [Data(x=t.x, edge_index=t.edge_index, graph_id=t.graph_id) for t in TREES[:count]]


def alone(t: Data) -> Data:
    """The graph as PyG hands it on, without an id of its own."""
    return Data(x=t.x, edge_index=t.edge_index)


def classes(model: nn.Module) -> list[int]:
    return [int(model(t.x, t.edge_index, none(t), t.edge_attr).argmax()) for t in TREES]


@pytest.mark.parametrize("kind", ["HPME", "Random"])
def test_edge_attributes_arrive_through_pyg(kind):
    model = Bonds().eval()
    ours = HPME(model, QUICK).fit(TREES) if kind == "HPME" else RandomExplainer(model)
    explainer = Explainer(model, AsPyG(ours), "model", CLASSES, node_mask_type="object")
    outs = [explainer(t.x, t.edge_index, batch=none(t), edge_attr=t.edge_attr) for t in TREES]
    assert [int(out.target) for out in outs] == classes(model)
    assert {0, 1} == {int(out.target) for out in outs}


def test_keywords_have_the_names_of_the_models_own_parameters():
    model = Named().eval()
    explainer = Explainer(model, AsPyG(RandomExplainer(model)), "model", CLASSES, node_mask_type="object")
    outs = [explainer(t.x, t.edge_index, graph_ids=none(t), edge_feats=t.edge_attr) for t in TREES]
    assert [int(out.target) for out in outs] == classes(model)
    with pytest.raises(ValueError, match=r"^Expected one graph per call \(got 8\)"):
        explainer(TREES[0].x, TREES[0].edge_index, graph_ids=torch.arange(8))


def test_another_model_than_the_explainers_is_refused_and_a_copy_of_it_is_not():
    model, t = Numbers(2).eval(), bare(1)[0]
    copied, other = copy.deepcopy(model), copy.deepcopy(model)
    other.linear.bias.data += 1
    explainers = [
        Explainer(given, AsPyG(RandomExplainer(model)), "model", CLASSES, node_mask_type="object")
        for given in (copied, other)
    ]
    assert explainers[0](t.x, t.edge_index, batch=none(t)).node_mask.any()
    with pytest.raises(ValueError, match=r"^Expected the model that the explainer was made for, Numbers"):
        explainers[1](t.x, t.edge_index, batch=none(t))


def test_a_binary_logit_through_pyg():
    model = Numbers().eval()
    ours = HPME(model, QUICK, model_config=BINARY).fit(bare(40))
    explainer = Explainer(model, AsPyG(ours), "model", BINARY, node_mask_type="object")
    for t in bare(10):
        out = explainer(t.x, t.edge_index, batch=none(t))
        assert int(out.target) == int(model(t.x, t.edge_index, none(t)) > 0)


def test_one_of_several_binary_tasks_through_pyg():
    model = Numbers(5).eval()
    question = Question(model, model_config=BINARY, output=3)
    explainer = Explainer(model, AsPyG(RandomExplainer(question)), "model", BINARY, node_mask_type="object")
    for t in bare(10):
        out = explainer(t.x, t.edge_index, batch=none(t))
        assert out.target.tolist() == (model(t.x, t.edge_index, none(t))[0] > 0).tolist()  # PyG's, of all
        assert torch.equal(out.node_score, RandomExplainer(question).explain(alone(t)).node_score)
    asked = Explainer(model, AsPyG(RandomExplainer(model)), "model", BINARY, node_mask_type="object")
    with pytest.raises(ValueError, match=r"^Expected one class as target \(got 5 of the mode binary"):
        asked(t.x, t.edge_index, batch=none(t))


def test_a_regression_through_pyg():
    model = Numbers().eval()
    ours = HPME(model, QUICK, model_config=NUMBER).fit(bare(40))
    explainer = Explainer(model, AsPyG(ours), "model", NUMBER, node_mask_type="object")
    t = bare(1)[0]
    out = explainer(t.x, t.edge_index, batch=none(t))
    assert torch.equal(out.target, model(t.x, t.edge_index, none(t)))  # PyG's
    assert ours.explain(t).target.tolist() == [0]
    assert torch.equal(out.node_score, ours.explain(t).node_score)


@pytest.mark.parametrize("mode", [BINARY, NUMBER], ids=["binary", "regression"])
@pytest.mark.parametrize("algorithm", [GNNExplainer(epochs=20), PGExplainer(epochs=2)], ids=["GNN", "PG"])
def test_pygs_masks_of_one_output_are_not_constant(mode, algorithm):
    explainer = FromPyG(algorithm, Question(Numbers().eval(), model_config=mode)).fit(bare(4))
    score = explainer.explain(bare(1)[0]).edge_score
    assert score.std() > 0.001
    assert score.min() > 0


@pytest.mark.parametrize("make", [lambda m: FromPyG(GNNExplainer(epochs=2), m), RandomExplainer])
def test_a_model_in_training_mode_is_asked_in_evaluation_mode_and_left_as_it_was(make):
    model = Norm().train()
    statistics = copy.deepcopy(model.norm.state_dict())
    outs = make(model).explain_batch(bare(10))
    assert model.training
    assert model.norm.training
    assert all(torch.equal(model.norm.state_dict()[key], value) for key, value in statistics.items())
    model.eval()
    assert [int(out.target) for out in outs] == [int(model(t.x, t.edge_index).argmax()) for t in bare(10)]


def test_pygs_algorithms_are_given_edge_attributes_and_find_what_they_find_in_pyg():
    model, algorithm = Bonds().eval(), GNNExplainer(epochs=20)
    ours = FromPyG(algorithm, model).explain_batch(TREES[:10])
    theirs = Explainer(model, algorithm, "phenomenon", CLASSES, edge_mask_type="object")
    for t, out, label in zip(TREES, ours, classes(model), strict=False):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(generator(0, t.graph_id).initial_seed())
            mask = theirs(
                t.x, t.edge_index, target=torch.tensor([label]), batch=none(t), edge_attr=t.edge_attr
            ).edge_mask
        assert int(out.target) == label
        assert torch.allclose(out.edge_score, average_directions(t.edge_index, mask, t.num_nodes), atol=1e-5)
        if label:
            decisive = t.edge_attr[:, 2] > 0
            assert out.edge_score[decisive].min() > out.edge_score[~decisive].max()


class Pooled(Numbers):
    def __init__(self) -> None:
        super().__init__(2)
        self.pool, self.last = g.TopKPooling(8), g.GraphConv(8, 8)

    def forward(self, x, edge_index, batch):
        x, edge_index, _, batch, *_ = self.pool(self.conv(x, edge_index), edge_index, None, batch)
        return self.linear(g.global_add_pool(self.last(x, edge_index), batch))


def test_pygs_masks_refuse_models_that_pool_nodes_in_a_sentence():
    with pytest.raises(ValueError, match=r"^Expected the graphs' own edges .*nodes are pooled"):
        FromPyG(GNNExplainer(epochs=2), Pooled().eval()).explain(bare(1)[0])


class Attribution(ExplainerAlgorithm):
    """What PyG's CaptumExplainer does with Captum's saliency, without the package: signed, and scaled."""

    def __init__(self, scale: float) -> None:
        super().__init__()
        self.scale = scale

    def forward(self, model, x, edge_index, *, target, index=None, **kwargs):
        mask = torch.ones(1, edge_index.size(1), requires_grad=True)
        probe = CaptumModel(model, MaskLevelType.edge, index, self.model_config)
        output = probe(mask, x, edge_index, *kwargs.values())[0, 0 if target.dim() > 1 else int(target)]
        return Explanation(edge_mask=self.scale * torch.autograd.grad(output, mask)[0][0])

    def supports(self):
        return True


def attributed(algorithm: ExplainerAlgorithm) -> None:
    """Class 1 of `Bonds` gains from its decisive edges, by their number of features, and from no other."""
    model = Bonds().eval()
    t = next(t for t, label in zip(TREES, classes(model), strict=True) if label)
    out = FromPyG(algorithm, model).explain(t)
    decisive = t.edge_attr[:, 2] > 0
    assert (out.edge_score > 0).tolist() == decisive.tolist()
    assert out.edge_mask.tolist() == pytest.approx(decisive.float().tolist(), abs=1e-3)
    against = FromPyG(algorithm, Question(model)).explain(t, target=0)
    assert not against.edge_score.any()
    assert any(note.startswith("All scores are 0") for note in against.notes)


def test_attributions_on_captums_way_rank_the_edges_and_fill_masks_within_0_and_1():
    attributed(Attribution(3.0))
    model = Bonds().eval()
    t = next(t for t, label in zip(TREES, classes(model), strict=True) if label)
    against = FromPyG(Attribution(-3.0), model).explain(t)
    assert against.edge_score.min() == -3
    assert not against.edge_mask.any()
    number = FromPyG(Attribution(1.0), Question(Numbers().eval(), model_config=NUMBER)).explain(bare(1)[0])
    assert number.edge_score.any()


@pytest.mark.parametrize(
    "method", ["Saliency", "IntegratedGradients", "InputXGradient", "ShapleyValueSampling"]
)
def test_captums_attributions_where_captum_is_installed(method):
    pytest.importorskip("captum")
    attributed(CaptumExplainer(method))
