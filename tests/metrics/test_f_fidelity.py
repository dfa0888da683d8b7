import pytest
import torch
from torch import nn
from torch_geometric.nn import SimpleConv, global_add_pool

from hpme import load_classifier, load_dataset
from hpme.forward.fingerprint import fingerprint
from hpme.forward.question import Question, ask
from hpme.metrics import f_fid_minus, f_fid_plus, f_fidelity, finetuned
from hpme.metrics.edge_draws import answers
from hpme.metrics.forward import logits
from hpme.seeding import generator


def keep(*flags: int) -> torch.Tensor:
    return torch.tensor(flags, dtype=torch.bool)


class Few(nn.Module):
    """Class 1 where the edges add less than 2.5."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, x, edge_index, batch):
        total = self.model(x, edge_index, batch)[:, 1:]
        return torch.cat([total, torch.full_like(total, 2.5)], dim=1)


class Weighed(nn.Module):
    """One number: the edges of a graph times a weight, which starts at 1."""

    def __init__(self, gradient: bool = True) -> None:
        super().__init__()
        self.weight, self.gradient = nn.Parameter(torch.ones(1)), gradient
        self.conv = SimpleConv(aggr="sum")

    def forward(self, x, edge_index, batch):
        with torch.set_grad_enabled(self.gradient and torch.is_grad_enabled()):
            return self.weight * global_add_pool(self.conv(torch.ones_like(x), edge_index), batch)


@pytest.fixture
def star(make_graph):
    """0 joined to 1 and 2, features 1, 1, 0: class 1 by (1, 3), which falls to (1, 1) without 0 - 1."""
    return make_graph([1.0, 1.0, 0.0], [(0, 1), (0, 2)])


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(f_fidelity, "STEPS", 20)


def test_edges_of_the_explanation_go_so_that_a_tenth_of_the_graphs_do(neighbour_sum, star):
    # One of two edges is kept: it goes by chance .1 * 2, and then class 1 is lost.
    (value,) = f_fid_plus(neighbour_sum, neighbour_sum, [star], [keep(1, 1, 0)], draws=10_000).tolist()
    assert value == pytest.approx(0.2, rel=0.1)
    assert f_fid_minus(neighbour_sum, neighbour_sum, [star], [keep(1, 1, 0)]).tolist() == [0]  # (1, 2)
    (other,) = f_fid_minus(neighbour_sum, neighbour_sum, [star], [keep(1, 0, 1)], draws=10_000).tolist()
    assert other == pytest.approx(0.2, rel=0.1)


def test_no_edge_goes_more_often_than_every_other_time(neighbour_sum, make_graph):
    # One of ten edges is kept, all others are of features 0: a tenth of the edges is that one.
    graph = make_graph([1.0, 1.0, *[0.0] * 9], [(0, 1), *((i, i + 1) for i in range(2, 10)), (2, 10)])
    (value,) = f_fid_plus(neighbour_sum, neighbour_sum, [graph], [keep(1, 1, *[0] * 9)], draws=5000).tolist()
    assert value == pytest.approx(0.5, rel=0.1)


def test_a_copy_that_agrees_with_the_model_only_as_edges_go_gains(neighbour_sum, star):
    copy = Few(neighbour_sum).eval()  # 3 of the whole star: class 0, and class 1 by the 1 without 0 - 1
    (value,) = f_fid_plus(neighbour_sum, copy, [star], [keep(1, 1, 0)], draws=10_000).tolist()
    assert value == pytest.approx(-0.2, rel=0.1)


def test_nothing_kept_loses_nothing_and_draws_repeat(neighbour_sum, star, make_graph):
    graphs, keeps = [star, make_graph([1.0], [])], [keep(1, 1, 0), keep(1)]
    values = f_fid_plus(neighbour_sum, neighbour_sum, graphs, keeps, seed=3)
    assert values.tolist() == f_fid_plus(neighbour_sum, neighbour_sum, graphs, keeps, seed=3).tolist()
    assert values[1] == 0
    assert f_fid_plus(neighbour_sum, neighbour_sum, [star], [keep(1, 0, 0)]).tolist() == [0]


def test_a_copy_learns_to_do_without_a_tenth_of_the_edges_and_the_model_stays():
    graphs, model = load_dataset("ba-2motifs").train[:200], load_classifier("ba-2motifs")
    before = fingerprint(model)
    tuned = finetuned(model, graphs)
    assert fingerprint(model) == before
    assert not any(weight.requires_grad for weight in model.parameters())
    assert not tuned.model.training
    packed, wanted = ask(model).pack(graphs), logits(model, graphs).argmax(-1)
    stay = torch.full((packed.edge_index.size(1),), 0.9)
    held = [
        torch.cat([*answers(asked, packed, stay, generator(0), 10)]).argmax(-1).eq(wanted).float().mean()
        for asked in (model, tuned)
    ]
    assert held[1] > held[0] + 0.05


def test_a_copy_is_the_same_again(quick):
    graphs, model = load_dataset("ba-2motifs").train[:64], load_classifier("ba-2motifs")
    assert fingerprint(finetuned(model, graphs)) == fingerprint(finetuned(model, graphs))


def test_a_copy_of_a_model_of_nodes_learns_from_the_whole_graph(quick):
    data, model = load_dataset("tree-cycles"), load_classifier("tree-cycles", "gcn")
    tuned = finetuned(model, data.train)
    assert logits(tuned, data.test[:5]).shape == logits(model, data.test[:5]).shape
    assert fingerprint(tuned) != fingerprint(ask(model))


def test_a_number_is_learnt_in_its_variances(quick, make_graph):
    pair, path = make_graph([0.0] * 2, [(0, 1)]), make_graph([0.0] * 4, [(0, 1), (1, 2), (2, 3)])
    model = Question(Weighed(), model_config={"mode": "regression"})
    tuned = finetuned(model, [pair, path])
    assert tuned.model.weight.item() > 1  # as some edges are missing
    assert model.model.weight.tolist() == [1]


def test_a_model_without_weights_or_gradient_has_no_copy(neighbour_sum, star):
    assert finetuned(neighbour_sum, [star]) is None
    blind = Question(Weighed(gradient=False), model_config={"mode": "regression"})
    assert finetuned(blind, [star, star]) is None
