import pytest
import torch
from torch import nn
from torch_geometric.nn import GCNConv, global_mean_pool

from hpme import load_classifier, load_dataset
from hpme.forward.both import embed_and_answer
from hpme.forward.question import Question


class Counting(nn.Module):
    """Two convolutions and a readout, which count how often they are asked."""

    def __init__(self, width):
        super().__init__()
        torch.manual_seed(0)
        self.conv, self.last, self.linear = GCNConv(width, 8), GCNConv(8, 8), nn.Linear(8, 2)
        self.calls = 0

    def forward(self, x, edge_index, batch):
        self.calls += 1
        return self.linear(global_mean_pool(self.last(self.conv(x, edge_index).relu(), edge_index), batch))


class Misnamed(Counting):
    """Has methods of these names, of which one does something else."""

    def embed(self, x, edge_index):
        return self.conv(x, edge_index)

    def read_out(self, z, batch):
        return self.linear(global_mean_pool(z, batch))


class Narrow(Misnamed):
    """The same, and its method fails."""

    def read_out(self, z, batch):
        return self.last(z[:, :1], batch)


@pytest.fixture(scope="module")
def graphs():
    return load_dataset("ba-2motifs").test[:6]


def both_equal(question, packed):
    z, rows = embed_and_answer(question, packed)
    with torch.no_grad():
        assert z.equal(question.embed(packed))
        assert rows.equal(question(packed))


@pytest.mark.parametrize(
    ("dataset", "arch"),
    [("ba-2motifs", "gin"), ("ba-2motifs", "gcn"), ("ba-2motifs", "gcn-norm"), ("ba-shapes", "gcn")],
)
def test_models_here_say_both_in_one_pass(dataset, arch):
    question = Question(load_classifier(dataset, arch))
    packed = question.pack(load_dataset(dataset).test[:6])
    both_equal(question, packed)
    asked = []
    question.model.register_forward_hook(lambda *_: asked.append(1))
    both_equal(question, packed)
    assert asked == [1]  # by the test itself


def test_a_model_with_layers_is_asked_once(graphs):
    question = Question(Counting(graphs[0].x.size(1)))
    packed = question.pack(graphs)
    both_equal(question, packed)
    question.model.calls = 0
    embed_and_answer(question, packed)
    assert question.model.calls == 1


@pytest.mark.parametrize("kind", [Misnamed, Narrow])
def test_a_readout_that_gives_other_answers_is_not_believed(graphs, kind):
    question = Question(kind(graphs[0].x.size(1)))
    for _ in range(2):
        both_equal(question, question.pack(graphs))


def test_graphs_without_nodes_get_both(graphs):
    question = Question(Counting(graphs[0].x.size(1)))
    empty = graphs[0].subgraph(torch.zeros(graphs[0].num_nodes, dtype=torch.bool))
    both_equal(question, question.pack([*graphs, empty]))
