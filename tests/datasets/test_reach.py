from pathlib import Path

import own_models
import pytest
import torch

from hpme import load_classifier, load_dataset
from hpme.datasets.reach import reaching
from hpme.forward.ask import graph_logits, whole_logits
from hpme.forward.question import ask

SAMPLE = Path(__file__).parents[2] / "assets/samples/datasets/cycles.graphml"


@pytest.fixture(scope="module")
def nodes():
    return load_dataset(SAMPLE)


def test_graphs_around_nodes_reach_as_far_as_a_model_sees_so_that_it_answers_as_in_the_whole(nodes):
    model = own_models.NodeGCN().eval()
    question, further = ask(model), reaching(nodes, model)
    assert (nodes.train.hops, further.train.hops) == (3, 4)
    for data, same in ((nodes, False), (further, True)):
        around = graph_logits(question, question.pack([*data.test]))
        assert torch.allclose(around, whole_logits(model, data.test), atol=1e-5) == same
    for part in ("train", "val", "test"):
        assert getattr(further, part).nodes.equal(getattr(nodes, part).nodes)
    assert further.graph is nodes.graph


def test_models_that_see_no_further_change_nothing(nodes):
    data = load_dataset("tree-cycles")
    assert reaching(data, load_classifier("tree-cycles")) is data
    graphs = load_dataset("ba-2motifs")
    assert reaching(graphs, own_models.GAT()) is graphs
    with pytest.raises(ValueError, match="a model of nodes for cycles"):
        reaching(nodes, own_models.Untold())
    with pytest.raises(ValueError, match="to answer about a node as in the whole graph"):
        reaching(nodes, own_models.Whole().eval())
