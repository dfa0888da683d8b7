import pytest
import torch

from benchmarks.what_counts import explained, kinds, measure, parts_of, scored, sizes
from hpme import load_classifier, load_dataset


def mask(size, *nodes):
    keep = torch.zeros(size, dtype=torch.bool)
    keep[[*nodes]] = True
    return keep


@pytest.fixture(scope="module")
def motifs():
    return load_dataset("ba-2motifs")


def test_without_a_truth_as_large_a_share_of_the_nodes_is_asked_for_as_with_one(make_graph):
    true, other, tiny = (make_graph([1.0] * count, [(0, 1)]) for count in (8, 12, 2))
    true.node_gt, other.node_gt, tiny.node_gt = mask(8, 0, 1), mask(12), mask(2)
    assert sizes([true, other, tiny]) == [2, 3, 1]


def test_graphs_with_and_without_a_truth_are_told_apart():
    data = load_dataset("benzene")
    graphs = scored(data, 30)
    found = kinds(data, graphs)
    assert {kind: len(places) for kind, places in found.items()} == {
        ("benzene ring", True): 30,
        ("no benzene ring", False): 30,
    }
    assert sorted(place for places in found.values() for place in places) == [*range(60)]


def test_all_parts_of_a_graph_are_of_one_size(motifs):
    graphs = motifs.test[:4]
    parts = parts_of(graphs, {"saliency": explained("saliency", motifs, "gcn-norm", graphs)})
    assert {name: [int(keep.sum()) for keep in keeps] for name, keeps in parts.items()} == {
        "ground truth": [5] * 4,
        "random piece": [5] * 4,
        "nothing": [0] * 4,
        "saliency": [5] * 4,
    }


def test_the_motif_of_ba_2motifs_carries_the_prediction_and_a_random_piece_does_not(motifs):
    model, graphs = load_classifier("ba-2motifs", "gin"), motifs.test[:40]
    rows = measure(motifs, model, graphs, {"hpme": explained("hpme", motifs, "gin", graphs)})
    assert [(row["class"], row["part"]) for row in rows] == [
        (name, part)
        for name in ("cycle", "house")
        for part in ("ground truth", "random piece", "nothing", "hpme")
    ]
    assert all(row["truth"] and row["right"] == 1 for row in rows)
    true, drawn, _, found = (sum(row["keeps"] for row in rows[i::4]) / 2 for i in range(4))
    assert min(true, found) > drawn + 0.2  # not 1: many of the graphs that they come into keep their motif
    assert all(row["edge AUC"] > 0.9 for row in rows if row["part"] == "hpme")
