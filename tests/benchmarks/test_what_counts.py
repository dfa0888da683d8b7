import pytest
import torch

from benchmarks.what_counts import asked, kinds, measure, piece, sizes, swapped
from hpme import load_classifier, load_dataset
from hpme.seeding import generator


def mask(size, *nodes):
    keep = torch.zeros(size, dtype=torch.bool)
    keep[[*nodes]] = True
    return keep


def test_a_piece_is_connected_where_the_graph_is_and_of_the_size_asked_for(make_graph):
    path = make_graph([1.0] * 6, [(i, i + 1) for i in range(5)])
    for seed in range(10):
        nodes = piece(path, 3, generator(seed)).nonzero().view(-1).tolist()
        assert nodes == [*range(nodes[0], nodes[0] + 3)]
    two_parts = make_graph([1.0] * 4, [(0, 1), (2, 3)])
    assert piece(two_parts, 3, generator(0)).sum() == 3
    assert piece(two_parts, 9, generator(0)).sum() == 4


def test_kept_nodes_take_the_place_of_the_cut_ones_and_their_lost_edges_end_in_the_rest(make_graph):
    graph, donor = make_graph([1.0, 2.0, 3.0], [(0, 1), (1, 2)]), make_graph([7.0, 8.0], [(0, 1)])
    made = swapped(graph, mask(3, 0, 1), donor, mask(2, 0), generator(0))
    assert made.x.view(-1).tolist() == [1.0, 2.0, 8.0]
    assert sorted(made.edge_index.t().tolist()) == [[0, 1], [1, 0], [1, 2], [2, 1]]
    made.validate()


@pytest.mark.parametrize("keep", [(), (0, 1, 2)])
def test_nothing_and_everything_can_be_swapped(make_graph, keep):
    graph = make_graph([1.0, 2.0, 3.0], [(0, 1), (1, 2)])
    made = swapped(graph, mask(3, *keep), graph, mask(3, *keep), generator(0))
    assert (made.num_nodes, made.num_edges) == (3, 4)


def test_a_new_link_has_the_features_of_the_edge_that_was_lost(make_graph):
    graph, donor = make_graph([1.0, 2.0], [(0, 1)]), make_graph([7.0], [])
    graph.edge_attr, donor.edge_attr = torch.tensor([[1.0], [1.0]]), torch.zeros(0, 1)
    made = swapped(graph, mask(2, 0), donor, mask(1), generator(0))
    assert made.edge_attr.tolist() == [[1.0], [1.0]]


def test_the_motif_of_ba_2motifs_carries_the_prediction_and_a_random_piece_does_not():
    data, model = load_dataset("ba-2motifs"), load_classifier("ba-2motifs", "gin")
    graphs = data.test[:20]
    true, _ = asked(model, graphs, [graph.node_gt for graph in graphs], data.test)
    drawn, _ = asked(model, graphs, [piece(graph, 5, generator(1)) for graph in graphs], data.test)
    # Not 1: many of the graphs that it comes into keep their own motif.
    assert true.mean() > drawn.mean() + 0.2


def test_without_a_truth_as_large_a_share_of_the_nodes_is_asked_for_as_with_one(make_graph):
    true, other, tiny = (make_graph([1.0] * count, [(0, 1)]) for count in (8, 12, 2))
    true.node_gt, other.node_gt, tiny.node_gt = mask(8, 0, 1), mask(12), mask(2)
    assert sizes([true, other, tiny]) == [2, 3, 1]


def test_graphs_with_and_without_a_truth_are_told_apart(make_graph):
    data = load_dataset("benzene")
    found = kinds(data, data.test)
    assert [*found] == [("benzene ring", True), ("no benzene ring", False)]
    assert sorted(place for places in found.values() for place in places) == [*range(len(data.test))]


def test_there_is_a_row_for_each_class_and_part():
    rows = measure(load_dataset("ba-2motifs"), load_classifier("ba-2motifs", "gcn-norm"), ["saliency"], 20)
    assert [(row["class"], row["part"]) for row in rows] == [
        (name, part)
        for name in ("cycle", "house")
        for part in ("ground truth", "random piece", "nothing", "saliency")
    ]
    assert all(row["truth"] and row["right"] == 1 for row in rows)
    assert all(row["edge AUC"] > 0.8 for row in rows if row["part"] == "saliency")
