"""Models as people bring them: targets, training mode, random numbers, several graphs at once."""

import copy

import pytest
import torch
from torch import nn
from torch_geometric import nn as g
from torch_geometric.data import Batch
from torch_geometric.explain import GNNExplainer

from hpme import HPME, HPMEConfig
from hpme.explainers import EXPLAINERS, FromPyG
from tests.forward.models.case import Case, graphs, mlp
from tests.forward.models.nets import WIDTH, Plain
from tests.forward.models.table import CASES

QUICK = HPMEConfig(rounds=1, min_steps=20, batch_size=8, checkpoints=2, samples=2, draws=1)
BY_ID = {case.id: case for case in CASES}
DRAWN = graphs()()
MODEL = Plain().eval()


class Normed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer, self.norm = g.GINConv(mlp(4, WIDTH)), nn.BatchNorm1d(WIDTH)
        self.drop, self.head = nn.Dropout(0.5), nn.Linear(WIDTH, 2)

    def forward(self, x, edge_index, batch=None):
        x = self.drop(self.norm(self.layer(x, edge_index)).relu())
        return self.head(g.global_add_pool(x, batch))


class Drawing(Plain):
    def forward(self, x, edge_index, batch=None):
        return nn.functional.dropout(super().forward(x, edge_index, batch))


class Broken(Plain):
    """Its gradient ends before the head, as that of quantised layers does."""

    def forward(self, x, edge_index, batch=None):
        return self.head(g.global_add_pool(self.layer(x, edge_index).relu(), batch).detach())


NORMED = Case("M5", "models", "in training mode", Normed, graphs(), training=True)


@pytest.mark.parametrize("name", ["hpme", "random", "saliency", "gnnexplainer", "FromPyG"])
def test_a_model_in_training_mode_is_asked_in_evaluation_mode_and_left_as_it_was(name):  # M4, M5
    model = NORMED.build()
    wanted, before = NORMED.ask(model, DRAWN[0]).argmax(), copy.deepcopy(model.state_dict())
    if name == "hpme":
        explainer = HPME(model, QUICK).fit(DRAWN)
    elif name == "FromPyG":
        explainer = FromPyG(GNNExplainer(epochs=2), model)
    else:
        explainer = EXPLAINERS[name].build(model, 0)
    assert explainer.explain(DRAWN[0]).target == wanted
    assert model.training
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())


@pytest.mark.parametrize("name", ["saliency", "FromPyG"])
def test_a_gradient_that_ends_on_its_way_is_told(name):
    model = Broken().eval()
    explainer = (
        FromPyG(GNNExplainer(epochs=2), model) if name == "FromPyG" else EXPLAINERS[name].build(model, 0)
    )
    with pytest.raises(ValueError, match=r"^Expected outputs that have a gradient for"):
        explainer.explain(DRAWN[0])


def test_a_model_that_draws_random_numbers_is_explained_with_a_note():  # M6
    explainer = HPME(Drawing(), QUICK).fit(DRAWN)
    assert any("draws random numbers" in note for note in explainer.explain(DRAWN[0]).notes)


@pytest.mark.parametrize("target", [2, 99, -1])
@pytest.mark.parametrize("name", ["random", "saliency", "gnnexplainer", "subgraphx", "degree"])
def test_a_class_that_is_not_there_is_refused(name, target):  # T6
    explainer = EXPLAINERS[name].build(Plain().eval(), 0)
    with pytest.raises(ValueError, match=rf"^Expected target in \[0, 1\] \(got {target}\)"):
        explainer.explain(DRAWN[0], target=target)


def test_another_class_is_explained_by_what_was_fitted_for_it_and_refused_by_what_was_not():  # T5
    case = BY_ID["N9"]
    model = case.build()
    explainer = HPME(model, QUICK).fit(DRAWN, target=1)
    assert [int(out.target) for out in explainer.explain_batch(DRAWN)] == [1] * len(DRAWN)
    explainer, said = HPME(model, QUICK).fit(DRAWN), case.ask(model, DRAWN[0]).argmax()
    with pytest.raises(ValueError, match=r"^Expected the predicted class .* fit\(graphs, target="):
        explainer.explain(DRAWN[0], target=1 - int(said))


def test_one_task_of_several_is_explained_on_its_own():  # T3: each task has its own class
    case = BY_ID["T3b"]
    model, many = case.build(), case.graphs()
    task = dict(case.settings)
    found = [HPME(model, QUICK, **task | {"output": k}).fit(many).explain_batch(many) for k in (3, 7)]
    with torch.no_grad():
        rows = torch.cat([model(d.x, d.edge_index) for d in many])
    for k, outs in zip((3, 7), found, strict=True):
        assert [int(out.target) for out in outs] == (rows[:, k] > 0).long().tolist()


def test_several_graphs_in_a_batch_are_not_explained_as_one():  # D16
    explainer = HPME(Plain(), QUICK).fit(DRAWN)
    with pytest.raises(ValueError, match=r"^Expected one graph \(got a Batch of 3\)"):
        explainer.explain(Batch.from_data_list(DRAWN[:3]))
    with pytest.raises(ValueError, match=r"^Expected a list of graphs \(got one graph\)"):
        explainer.fit(DRAWN[0])
    assert len(explainer.explain_batch(Batch.from_data_list(DRAWN[:3]))) == 3


def test_the_bits_of_integer_features_count_their_types():  # M10
    case = BY_ID["M8"]
    out = HPME(case.build(), QUICK).fit(case.graphs()).explain(case.graphs()[0])
    kinds = torch.cat([graph.x for graph in case.graphs()]).unique(dim=0)
    assert out.num_types > 1
    assert out.num_types <= len(kinds)


@pytest.mark.parametrize("id_", ["D1", "E2", "D13b", "M8", "D12"])
def test_mixed_graphs_have_all_that_the_graphs_have(id_):
    case = BY_ID[id_]
    many = case.graphs()
    mixed = HPME(case.build(), QUICK).fit(many).mix(many[0], many[1])
    assert set(many[0].keys()) - {"y"} <= set(mixed.keys())
    pairs = set(map(tuple, mixed.edge_index.t().tolist()))
    if id_ == "D1":
        assert not any(pair[::-1] in pairs for pair in pairs if pair[0] != pair[1])
    else:
        assert all(pair[::-1] in pairs for pair in pairs)
        assert torch.equal(mixed.edge_index[:, ::2], mixed.edge_index[:, 1::2].flip(0))
    if id_ == "D13b":
        assert mixed.fixed.sum() == 1
        assert (mixed.x.sum(1) == 0).sum() == 1


@pytest.mark.parametrize("switched_off", [torch.no_grad, torch.inference_mode])
def test_a_fit_needs_no_gradients_of_the_caller(switched_off):
    with switched_off():
        outs = HPME(MODEL, QUICK).fit(graphs()()).explain_batch(DRAWN)
    wanted = HPME(MODEL, QUICK).fit(DRAWN).explain_batch(DRAWN)
    for out, alike in zip(outs, wanted, strict=True):
        assert torch.equal(out.node_score, alike.node_score)


@pytest.mark.parametrize(
    ("output", "words"), [(True, "a number, a key or a function"), (-1, r"output in \[0, 2\]")]
)
def test_an_output_that_is_none_is_refused(output, words):
    with pytest.raises(ValueError, match=f"^Expected .*{words}"):
        HPME(Plain(out=3), QUICK, model_config={"mode": "regression"}, output=output).fit(DRAWN)


def test_classes_instead_of_logits_are_refused():
    class Labels(Plain):
        def forward(self, x, edge_index, batch=None):
            return super().forward(x, edge_index, batch).argmax(-1)

    with pytest.raises(ValueError, match="return logits, not the numbers of classes"):
        HPME(Labels(), QUICK).fit(DRAWN)


def test_a_function_for_inputs_that_fails_is_named():
    with pytest.raises(ValueError, match=r"^Expected an answer from the function 'inputs' when given "):
        HPME(Plain(), QUICK, inputs=lambda batch: batch.charge).fit(DRAWN)
