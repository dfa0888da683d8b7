import pytest

from hpme import HPME, load_classifier, load_dataset
from hpme.explainers.additive import ADDS_UP, adds_up
from hpme.forward.question import Question
from tests.explainers.node_scores.test_leave_one_out import Weights


class Mean(Weights):
    """Not the sum of two graphs: their mean."""

    def forward(self, x, edge_index, batch, batch_size=None):
        return super().forward(x, edge_index, batch, batch_size) / (1 + batch.bincount()[:1])


def test_two_copies_of_a_graph_tell_whether_numbers_add_up(path, feature_sum):
    assert adds_up(Question(Weights().eval()), path)  # 7 and the sum: the 7 does not count
    assert not adds_up(Question(Mean().eval()), path)
    assert not adds_up(Question(feature_sum), path)  # its logits do, but it is asked for classes


@pytest.mark.parametrize(("dataset", "arch"), [("crippen-logp", "gine"), ("triangles", "gin")])
def test_hpme_says_of_numbers_that_add_up_that_keeping_them_is_the_wrong_question(dataset, arch):
    graphs = load_dataset(dataset).test[:2]
    name = type(load_classifier(dataset, arch)).__name__
    for out in HPME.load(dataset, arch).explain_batch(graphs):
        assert out.notes == [ADDS_UP.format(name=name)]


def test_of_classes_it_says_nothing():
    graph = load_dataset("ba-2motifs").test[0]
    assert HPME.load("ba-2motifs").explain(graph).notes == []


def test_a_model_that_cannot_be_asked_about_nothing_is_not_said_to_add_up(path):
    class Picky(Weights):
        def forward(self, x, edge_index, batch, batch_size=None):
            if len(x) < 4:
                raise RuntimeError("too small")
            return super().forward(x, edge_index, batch, batch_size)

    assert not adds_up(Question(Picky().eval()), path)
