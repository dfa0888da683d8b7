import torch

from benchmarks.published_nodes import any_motif, scored
from hpme import load_dataset

TREES = load_dataset("tree-cycles")


def test_one_node_of_each_motif_is_scored_or_every_one():
    motif = TREES.graph.motif
    assert motif[scored(TREES.train, every=False).nodes].tolist() == list(range(80))
    assert len(scored(TREES.train, every=True)) == int((motif >= 0).sum())


def test_on_their_ground_the_edges_of_other_motifs_are_true_as_well():
    more = 0
    for graph in scored(TREES.train, every=False):
        marked = any_motif(graph, TREES.graph)
        ends = TREES.graph.motif[graph.node_number[graph.edge_index]]
        assert torch.equal(marked.edge_gt | graph.edge_gt, marked.edge_gt)
        assert not bool((marked.edge_gt & (ends.amin(0) < 0)).any())  # the tree's own edges are not
        more += int(marked.edge_gt.sum()) > int(graph.edge_gt.sum())
    assert more > 0
