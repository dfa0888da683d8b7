"""What each explainer cannot do, in a sentence, and what it does with models of other kinds."""

from dataclasses import replace

import pytest
import torch
import torch_geometric.nn as g
from bonds import Bonds, tree
from torch import nn
from torch_geometric.data import Batch, Data

from hpme.explainers import EXPLAINERS
from hpme.explainers.node_scores.gradcam import GradCAM
from hpme.forward.question import Question

GRADIENTS = ["saliency", "integrated-gradients"]
EDGE_MASKS = [name for name, spec in EXPLAINERS.items() if "edge_masks" in spec.build.__module__]
FITTED = [name for name in EDGE_MASKS if EXPLAINERS[name].learns]
# ProxyExplainer asks about edges that no graph has, which have no attributes.
WITH_EDGE_ATTR = [name for name in EXPLAINERS if name not in ("hpme", "proxyexplainer")]


def mlp(inputs: int, outputs: int) -> nn.Module:
    return nn.Sequential(nn.Linear(inputs, outputs), nn.Tanh())


class Sum(nn.Module):
    """A layer and a sum over the nodes."""

    def __init__(self, outputs: int = 2) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            self.conv, self.linear = g.GINConv(mlp(4, 8)), nn.Linear(8, outputs)

    def forward(self, x, edge_index, batch):
        return self.linear(g.global_add_pool(self.conv(x, edge_index), batch))


class Rounded(Sum):
    def forward(self, x, edge_index, batch):
        return super().forward(x, edge_index, batch).round()


class NotANumber(Sum):
    def forward(self, x, edge_index, batch):
        return super().forward(x, edge_index, batch) * torch.nan


class Closed(Sum):
    @torch.no_grad()
    def forward(self, x, edge_index, batch):
        return super().forward(x, edge_index, batch)


class Kinds(Sum):
    """Reads integers."""

    def __init__(self) -> None:
        super().__init__()
        self.kind = nn.Embedding(9, 4)

    def forward(self, x, edge_index, batch):
        return super().forward(self.kind(x[:, 0]), edge_index, batch)


class Pooled(Sum):
    def __init__(self) -> None:
        super().__init__()
        self.pool, self.last = g.SAGPooling(8, 0.5), g.GINConv(mlp(8, 8))

    def forward(self, x, edge_index, batch):
        x = self.conv(x, edge_index)
        x, edge_index, _, batch, *_ = self.pool(x, edge_index, None, batch)
        return self.linear(g.global_add_pool(self.last(x, edge_index), batch))


TREES = [tree(number, smallest=5) for number in range(8)]


def bare(*, x=None) -> list[Data]:
    """The trees without edge attributes, and with `x` of each number of nodes."""
    return [Data(x=x(t) if x else t.x, edge_index=t.edge_index, num_nodes=t.num_nodes) for t in TREES]


def build(name: str, model: nn.Module):
    explainer = EXPLAINERS[name].build(model.eval(), 0)
    if EXPLAINERS[name].learns and name != "hpme":
        short = {"steps": 2, "trial_steps": 0, "grid": ()}
        short |= {"checkpoints": 2, "draws": 2} if EXPLAINERS[name].hard else {}
        vars(explainer)["config"] = type(explainer.config)(**vars(explainer.config) | short)
    elif name == "gnnexplainer":
        explainer.config = replace(explainer.config, epochs=3)
    return explainer


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_want_features_in_floating_point(name):
    whole = bare(x=lambda t: torch.ones(t.num_nodes, 1, dtype=torch.long))
    with pytest.raises(
        ValueError, match=r"^Expected features in floating point .*\(got int64\).*such as HPME$"
    ):
        build(name, Kinds()).explain(whole[0])


@pytest.mark.parametrize("name", ["gradcam", "gnnexplainer", "pgexplainer", "degree", "random"])
def test_the_others_explain_models_of_integers(name):
    whole = bare(x=lambda t: torch.arange(t.num_nodes)[:, None] % 9)
    for out in build(name, Kinds()).fit(whole).explain_batch(whole):
        assert out.node_score.dtype == torch.float
        assert out.node_score.any()
        assert out.notes == []


def test_subgraphx_says_that_absent_nodes_look_like_a_kind():
    whole = bare(x=lambda t: torch.ones(t.num_nodes, 1, dtype=torch.long))
    assert [
        "0, which may be a kind" in note for note in build("subgraphx", Kinds()).explain(whole[0]).notes
    ] == [True]


class Structure(Sum):
    def forward(self, edge_index, batch):
        return super().forward(torch.ones(len(batch), 4), edge_index, batch)


@pytest.mark.parametrize("name", [*GRADIENTS, "subgraphx"])
def test_what_changes_features_wants_some(name):
    with pytest.raises(ValueError, match=r"^Expected features .*\(got (no x|none)\)"):
        build(name, Structure()).explain(Data(edge_index=TREES[0].edge_index, num_nodes=TREES[0].num_nodes))


@pytest.mark.parametrize("name", [*GRADIENTS, "gradcam", *EDGE_MASKS])
def test_a_model_without_any_gradient_is_refused_in_a_sentence(name):
    with pytest.raises(
        ValueError, match=r"^Expected outputs that have a gradient .*\(got none from Closed\)"
    ):
        build(name, Closed()).fit(bare()).explain(bare()[0])


@pytest.mark.parametrize("name", FITTED)
def test_nothing_is_fitted_to_rounded_outputs(name):
    with pytest.raises(
        ValueError, match=r"^Expected outputs that have a gradient .*\(got none from Rounded\)"
    ):
        build(name, Rounded()).fit(bare())


@pytest.mark.parametrize("name", [*GRADIENTS, "gradcam", "gnnexplainer"])
def test_scores_of_rounded_outputs_are_0_and_a_note_says_so(name):
    out = build(name, Rounded()).explain(bare()[0])
    assert not out.node_score.any()
    assert any(
        note.startswith("All scores are 0, so the order of the nodes says nothing") for note in out.notes
    )


@pytest.mark.parametrize("name", EDGE_MASKS)
def test_edge_masks_refuse_models_that_pool_nodes(name):
    with pytest.raises(ValueError, match=r"^Expected the graphs' own edges .*nodes are pooled"):
        build(name, Pooled()).fit(bare()).explain(bare()[0])


def test_gradcam_asks_the_layer_before_the_nodes_are_pooled():
    graphs = bare()
    outs = build("gradcam", Pooled()).explain_batch(graphs)
    assert [len(out.node_score) for out in outs] == [graph.num_nodes for graph in graphs]
    assert any(out.node_score.any() for out in outs)


class OneByOne(Sum):
    def forward(self, x, edge_index):
        return super().forward(x, edge_index, None)


def test_gradcam_of_a_model_that_takes_one_graph_at_a_time():
    together, alone = Question(Sum().eval()), Question(OneByOne().eval())
    packed, target = together.pack(bare()), torch.arange(8) % 2
    expected = GradCAM()(together, packed, target)
    assert torch.allclose(GradCAM()(alone, packed, target), expected, atol=1e-6)


@pytest.mark.parametrize("name", sorted(EXPLAINERS.keys() - {"hpme"}))
@pytest.mark.parametrize("target", [2, -1, 99])
def test_a_target_that_is_no_class_is_refused(name, target):
    explainer = build(name, Sum()).fit(bare())
    with pytest.raises(ValueError, match=rf"^Expected .*target.* \(got {target}\)"):
        explainer.explain(bare()[0], target=target)


@pytest.mark.parametrize("name", sorted(EXPLAINERS.keys() - {"hpme", "proxyexplainer"}))
def test_a_batch_is_no_graph(name):
    explainer = build(name, Sum()).fit(bare())
    with pytest.raises(ValueError, match=r"^Expected one graph \(got a Batch of 3\)"):
        explainer.explain(Batch.from_data_list(bare()[:3]))


@pytest.mark.parametrize("name", FITTED)
def test_what_is_fitted_to_predictions_says_why_it_explains_no_other_class(name):
    explainer = build(name, Sum()).fit(bare())
    other = 1 - int(explainer.explain(bare()[0]).target)
    with pytest.raises(
        ValueError, match=r"^Expected the predicted class .*was fitted to what the model predicts"
    ):
        explainer.explain(bare()[0], target=other)


@pytest.mark.parametrize("name", WITH_EDGE_ATTR)
def test_edge_attributes_reach_the_model(name):
    """The class is the model's own, which it is on half of the graphs only if they arrive."""
    model = Bonds().eval()
    expected = [
        int(model(t.x, t.edge_index, torch.zeros(t.num_nodes, dtype=torch.long), t.edge_attr).argmax())
        for t in TREES
    ]
    assert set(expected) == {0, 1}
    explainer = build(name, model).fit(TREES)
    assert [int(out.target) for out in explainer.explain_batch(TREES)] == expected


def test_what_the_model_leaves_out_is_noted_by_all():
    for name in EXPLAINERS.keys() - {"hpme"}:
        out = build(name, Sum()).fit(TREES).explain(TREES[0])
        assert out.notes[0].startswith("The graphs have edge_attr, which Sum does not take"), name


@pytest.mark.parametrize("name", sorted(EXPLAINERS.keys() - {"hpme"}))
@pytest.mark.parametrize("mode", ["regression", "binary_classification"])
def test_one_output_is_a_number_or_a_logit(name, mode):
    question = Question(Sum(outputs=1).eval(), model_config={"mode": mode})
    targets = {int(out.target) for out in build(name, question).fit(bare()).explain_batch(bare())}
    assert targets <= ({0} if mode == "regression" else {0, 1})


@pytest.mark.parametrize("name", sorted(EXPLAINERS.keys() - {"hpme"}))
@pytest.mark.parametrize("kind", [torch.half, torch.bfloat16, torch.double])
def test_every_precision_is_explained(name, kind):
    graphs = bare(x=lambda t: t.x.to(kind))
    out = build(name, Sum().to(kind)).fit(graphs).explain(graphs[0])
    assert out.node_score.isfinite().all()
    assert out.edge_score.isfinite().all()


def test_proxyexplainer_cannot_invent_edges_with_attributes():
    with pytest.raises(
        ValueError, match=r"^Expected a model that takes no edge attributes \(got edge_attr\)"
    ):
        build("proxyexplainer", Bonds()).fit(TREES)


@pytest.mark.parametrize("name", EXPLAINERS)
def test_what_is_no_number_is_explained_as_no_class(name):
    explainer = EXPLAINERS[name].build(NotANumber().eval(), 0)
    with pytest.raises(ValueError, match=r"^Expected numbers from NotANumber \(got nan for"):
        explainer.fit(TREES).explain(TREES[0])
