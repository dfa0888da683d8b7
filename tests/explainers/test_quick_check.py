import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812
from torch_geometric.data import Data
from torch_geometric.nn import GINConv, GraphNorm, global_add_pool

from hpme import HPME, HPMEConfig
from hpme.explainers import EXPLAINERS
from hpme.explainers.quick_check import quick_check
from hpme.forward.question import Question

TINY = HPMEConfig(rounds=1, min_steps=4, checkpoints=2, batch_size=8, samples=2, draws=1)


class Sum(nn.Module):
    """Sums of three features over neighbours and nodes."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = GINConv(nn.Identity())

    def forward(self, x, edge_index, batch):
        return global_add_pool(self.conv(x, edge_index), batch)


class Probabilities(Sum):
    def forward(self, x, edge_index, batch):
        return super().forward(x, edge_index, batch).softmax(-1)


class Pair(Probabilities):
    def forward(self, x, edge_index, batch):
        rows = super().forward(x, edge_index, batch)
        return rows, rows.flip(1)


class Crowded(Sum):
    def forward(self, x, edge_index, batch):
        logits = super().forward(x, edge_index, batch)
        return logits + torch.arange(3) * len(logits)


class Standardised(Sum):
    """Normalises what it is given over all nodes, as BatchNorm without running statistics does."""

    def forward(self, x, edge_index, batch):
        return super().forward((x - x.mean(0)) / x.std(0), edge_index, batch)

    def embed(self, x, edge_index):
        return self.conv((x - x.mean(0)) / x.std(0), edge_index)


class Levelled(Sum):
    """Says how a graph differs from the others."""

    def forward(self, x, edge_index, batch):
        logits = super().forward(x, edge_index, batch)
        return logits - 0.9 * logits.mean(0)


class Several(Sum):
    """Wants the company of other graphs."""

    def forward(self, x, edge_index, batch):
        if int(batch.max()) == 0:
            raise ValueError("one graph is too few")
        return super().forward(x, edge_index, batch)

    def embed(self, x, edge_index):
        return self.conv(x, edge_index)


class Drawing(Sum):
    def forward(self, x, edge_index, batch):
        return F.dropout(super().forward(x, edge_index, batch))


class Normed(Sum):
    def __init__(self) -> None:
        super().__init__()
        self.norm, self.last = GraphNorm(3), GINConv(nn.Identity())

    def forward(self, x, edge_index, batch):
        z = self.norm(self.conv(x, edge_index), batch)
        return global_add_pool(self.last(z, edge_index), batch)


class Mingled(Normed):
    """Its embeddings, not its logits, look at all graphs."""

    def embed(self, x, edge_index):
        return self.norm(self.conv(x, edge_index), None)


@pytest.fixture
def graphs():
    draws = torch.Generator().manual_seed(0)

    def ring(n):
        there = torch.stack([torch.arange(n), (torch.arange(n) + 1) % n])
        x = torch.rand(n, 3, generator=draws)
        return Data(x=x, edge_index=torch.cat([there, there.flip(0)], 1), y=torch.tensor([n % 3]))

    return [ring(n) for n in range(4, 12)]


def notes(model, graphs, **settings) -> list[str]:
    return quick_check(Question(model.eval(), **settings), graphs).notes


@pytest.mark.parametrize("model", [Sum(), Normed()])
def test_of_a_sound_model_nothing_is_noted_and_it_answers_as_itself(model, graphs):
    found = quick_check(Question(model.eval()), graphs)
    assert (found.same_as_model, found.notes) == (1.0, [])


def test_probabilities_that_are_called_logits_are_noted(graphs):
    assert any("look like probabilities" in note for note in notes(Probabilities(), graphs))
    told = {"mode": "multiclass_classification", "return_type": "probs"}
    assert notes(Probabilities(), graphs, model_config=told) == []


@pytest.mark.parametrize("model", [Crowded(), Standardised(), Levelled()])
def test_a_model_that_minds_its_company_is_asked_about_one_graph_at_a_time(model, graphs):
    question = Question(model.eval())
    found = quick_check(question, graphs)
    assert found.same_as_model == 1
    assert "depends on what else is in the batch" in found.notes[0]
    assert len(found.notes) == 1
    alone = torch.cat([model(d.x, d.edge_index, torch.zeros(d.num_nodes, dtype=torch.long)) for d in graphs])
    assert torch.allclose(question(question.pack(graphs)), alone, atol=1e-5)
    for name in ("saliency", "gnnexplainer", "gradcam", "leave-one-out"):
        outs = EXPLAINERS[name].build(model, 0).explain_batch(graphs)
        assert [int(out.target) for out in outs] == alone.argmax(1).tolist()


def test_a_single_graph_tells_that_a_model_minds_its_company(graphs):
    question = Question(Levelled().eval())
    question.pack(graphs[:1])
    assert question.apart


def test_random_numbers_are_noted(graphs):
    assert any("draws random numbers" in note for note in notes(Drawing(), graphs))


def test_embeddings_that_depend_on_the_batch_are_noted(graphs):
    assert any("depend on what else is in the batch" in note for note in notes(Mingled(), graphs))


def test_attributes_that_are_not_taken_are_noted_on_every_explanation(graphs):
    for graph in graphs:
        graph.edge_attr = torch.ones(graph.num_edges, 2)
    explainer = HPME(Sum().eval(), TINY).fit(graphs)
    assert [note.split(",")[0] for note in explainer.explain(graphs[0]).notes] == [
        "The graphs have edge_attr"
    ]
    assert explainer.check.same_as_model == 1.0


def test_what_a_fit_has_noticed_is_saved_with_it_for_one_choice_of_outputs(graphs):
    first = Question(Pair().eval(), output=lambda out: out[0])
    fitted = HPME(first, TINY).fit(graphs)
    loaded = HPME.from_bytes(fitted.to_bytes(), Question(first.model, output=lambda out: out[0]))
    assert loaded.check == fitted.check
    assert "look like probabilities" in loaded.explain(graphs[0]).notes[0]
    with pytest.raises(
        ValueError, match=r"^Expected the model .* that the explainer in these bytes was fitted"
    ):
        HPME.from_bytes(fitted.to_bytes(), Question(first.model, output=lambda out: out[1]))


def test_training_mode_is_noted_and_left(graphs):
    model = Sum().train()
    found = quick_check(Question(model), graphs)
    assert found.notes == ["Sum was in training mode; it is asked in evaluation mode."]
    assert model.training


def test_several_outputs_without_a_word_and_without_classes_as_labels_are_noted(graphs):
    for graph in graphs:
        del graph.y
    assert "read as logits of classes" in notes(Sum(), graphs)[0]
    told = {"mode": "multiclass_classification"}
    assert notes(Sum(), graphs, model_config=told) == []


def test_labels_of_several_tasks_ask_for_the_task(graphs):
    for graph in graphs:
        graph.y = torch.ones(1, 3)
    with pytest.raises(ValueError, match=r"^Expected a task for Sum, as the labels have 3 values"):
        notes(Sum(), graphs)
    told = {"mode": "binary_classification"}
    assert notes(Sum(), graphs, model_config=told, output=1) == []


def test_one_sigmoid_that_is_called_a_logit_is_noted(graphs):
    model = Probabilities()
    model.forward = lambda x, edge_index, batch: Probabilities.forward(model, x, edge_index, batch)[:, :1]
    found = notes(model, graphs, model_config={"mode": "binary_classification"})
    assert "say model_config=dict(mode='binary_classification', return_type='probs')" in found[0]


def test_answers_that_are_no_numbers_are_refused(graphs):
    model = Sum()
    model.forward = lambda x, edge_index, batch: Sum.forward(model, x, edge_index, batch) * torch.nan
    with pytest.raises(ValueError, match=r"^Expected numbers from Sum \(got nan for \d+ of \d+ graphs"):
        notes(model, graphs)


def test_a_model_that_cannot_be_compared_with_itself_is_noted(graphs):
    found = quick_check(Question(Several().eval()), graphs)
    assert found.same_as_model is None
    assert [note for note in found.notes if note.startswith("Several could not be called on one graph alone")]
