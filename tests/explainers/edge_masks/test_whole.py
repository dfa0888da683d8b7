import copy

import torch

from hpme import load_classifier, load_dataset
from hpme.explainers.edge_masks.whole import Whole, seen_embedding
from hpme.forward.ask import node_embedding
from hpme.forward.question import ask

DATASET, MODEL = load_dataset("tree-cycles"), load_classifier("tree-cycles", "gcn")


def test_a_graph_that_is_cut_from_the_whole_is_seen_in_it_and_any_other_alone():
    question, whole = ask(MODEL), Whole.of(MODEL, DATASET.train)
    cut = DATASET.test[0]
    other = copy.copy(cut)
    other.edge_index = cut.edge_index.flip(1).roll(1, 0)  # edges that the whole does not have
    other.edge_index[1] = 0
    packed = question.pack([cut, other])
    z = seen_embedding(question, whole, [cut, other], packed)
    assert z[: cut.num_nodes].equal(MODEL.embed(DATASET.graph.x, DATASET.graph.edge_index)[cut.node_number])
    assert z[cut.num_nodes :].equal(node_embedding(question, packed)[cut.num_nodes :])


def test_a_list_of_graphs_does_not_know_the_whole():
    graphs = [*DATASET.test[:3]]
    assert Whole.of(MODEL, graphs) is None
    packed = ask(MODEL).pack(graphs)
    assert seen_embedding(MODEL, None, graphs, packed).equal(node_embedding(MODEL, packed))


def test_an_edited_graph_is_seen_alone():
    edited = copy.copy(DATASET.test[0])
    edited.node_name = torch.arange(edited.num_nodes)  # as edits leave it
    packed = ask(MODEL).pack([edited])
    z = seen_embedding(MODEL, Whole.of(MODEL, DATASET.train), [edited], packed)
    assert z.equal(node_embedding(MODEL, packed))
