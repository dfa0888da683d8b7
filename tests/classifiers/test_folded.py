import pytest
import torch
from torch import nn

from hpme import load_classifier, load_dataset
from hpme.classifiers import GAT, GIN, GCNNorm
from hpme.classifiers.folded import folded
from hpme.classifiers.registry import create
from hpme.explainers.hpme.asking import quickly_asked
from hpme.forward.ask import answer
from hpme.forward.packed import Packed
from hpme.forward.question import Question
from hpme.method.pooling import induced_subgraph
from hpme.seeding import generator


def some_of(name: str, question: Question) -> Packed:
    """Subgraphs of graphs, some of single nodes; the third has none, or only its centre."""
    graphs = question.pack([*load_dataset(name).train[:20]])
    keep = torch.rand(len(graphs.x), generator=generator(0)) < 0.6
    return induced_subgraph(graphs, keep & (graphs.batch != 2))


@pytest.mark.parametrize(
    ("name", "arch"),
    [
        ("ba-2motifs", "gin"),
        ("triangles", "gin"),
        ("benzene", "gine"),
        ("crippen-logp", "gine"),
        ("ba-3motifs", "gcn"),
        ("ba-shapes", "gin"),
        ("tree-grid", "gcn"),
    ],
)
def test_a_folded_model_answers_as_the_model_does(name, arch):
    question = Question(load_classifier(name, arch))
    graphs = some_of(name, question)
    logits = answer(question, graphs)
    quick = quickly_asked(question, graphs, logits)
    assert quick.model.model is question.model
    assert torch.allclose(answer(quick, graphs), logits, rtol=1e-4, atol=1e-4)


def test_only_our_very_classes_are_folded():
    class Own(GIN):
        def read_out(self, z, batch, batch_size):
            return -super().read_out(z, batch, batch_size)

    others = GCNNorm(3, 2), GAT(3, 2), create("gat", 3, 2, of_nodes=True), Own(3, 2), nn.Linear(2, 2)
    assert [folded(model) for model in others] == [None] * len(others)
    assert folded(GIN(3, 2)) is not None


@pytest.fixture
def place():
    """A model of our own class, and graphs."""
    model = load_classifier("ba-2motifs", "gin")
    return model, Question(model).pack(load_dataset("ba-2motifs").train[:10])


def tanh(model: GIN) -> None:
    model.layers[1].conv.nn[1] = nn.Tanh()


def no_norm(model: GIN) -> None:
    model.layers[1].norm = nn.Identity()


@pytest.mark.parametrize("change", [tanh, no_norm])
def test_a_model_of_ours_that_was_changed_is_asked_as_it_is(place, change):
    model, graphs = place
    change(model)
    assert quickly_asked(model, graphs, answer(model, graphs)).model is model


def test_a_hook_that_changes_a_layer_is_not_left_out(place):
    model, graphs = place
    model.layers[0].register_forward_hook(lambda _layer, _given, out: 2 * out)
    assert quickly_asked(model, graphs, answer(model, graphs)).model is model


def test_a_question_with_settings_is_asked_as_it_is(place):
    model, graphs = place
    question = Question(model, transform=lambda graph: graph)
    assert quickly_asked(question, graphs, answer(question, graphs)) is question
