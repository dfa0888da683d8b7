import torch

from benchmarks.ceiling import both_ends, ceiling, chance, probe
from hpme import load_classifier
from hpme.forward.packed import pack


def test_a_probe_learns_what_the_features_tell():
    features = torch.randn(400, 3, generator=torch.Generator().manual_seed(0))
    taught = probe(features, features[:, 1] > 0)
    asked = torch.tensor([[0.0, 2.0, 0.0], [0.0, -2.0, 0.0]])
    assert (chance(taught, asked) > 0.5).tolist() == [True, False]


def test_an_edge_has_the_same_features_both_ways(make_graph):
    graph = pack([make_graph([3.0, 5.0], [(0, 1)])])
    # Sum, distance and product of 3 and 5.
    assert both_ends(graph, graph.x).tolist() == [[8.0, 2.0, 15.0]] * 2


def test_the_motif_can_be_read_off_what_the_classifier_of_ba_2motifs_knows():
    scores = ceiling("ba-2motifs", load_classifier("ba-2motifs", "gin"))
    assert scores["graphs"] == 100
    assert scores["edge AUC, probe of nodes"] > 0.99
    assert scores["edge AUC, probe of edges"] > 0.99
    assert scores["node IoU, probe of nodes"] > 0.9
