import pytest
import torch

from hpme.analysis.nearby import nearest_graphs, surroundings
from hpme.datasets.molecules import ELEMENTS
from hpme.datasets.spec import Dataset
from tests.figures.scenes import molecule_graph


def dataset(train, held_out):
    graphs = [[molecule_graph(smiles) for smiles in part] for part in (train, held_out[:1], held_out[1:])]
    return Dataset(None, *graphs)


def test_the_nearest_come_first_and_the_percentile_counts_held_out_graphs(feature_sum):
    """The model's map is the share and the presence of each element."""
    around = surroundings(feature_sum, dataset(["CCCC", "CCOO", "CCCO"], ["CC", "CCO", "CCN"]))
    assert around.points.size(0) == 3
    assert around.points.size(1) == 2 * len(ELEMENTS)
    near, alone = nearest_graphs(around, [molecule_graph("CCCCO"), molecule_graph("CC")])
    assert [graph.smiles for graph in near.graphs] == ["CCCO", "CCOO", "CCCC"]
    assert near.percentile == pytest.approx(1 / 3)  # of the three, CC is at a training graph
    assert near.words == "Further from its training molecules than 33.3% of the held-out ones."
    assert near.distances[0] < near.distances[1] < near.distances[2]
    assert torch.equal(around.gaps, around.gaps.sort().values)
    assert not near.itself
    assert (alone.percentile, alone.itself) == (0, False)  # as far as CC is, which is not of the training


def test_what_is_further_than_all_held_out_graphs_is_unlike_the_training(feature_sum):
    around = surroundings(feature_sum, dataset(["CC", "CCC"], ["CC", "CCC", "CCCC"]))
    (far,) = nearest_graphs(around, [molecule_graph("FC(F)(F)F")])
    assert far.far
    assert far.percentile == 1
    assert far.words == (
        "Unlike anything that it was trained on: "
        "further from its training molecules than all of the held-out ones."
    )
    (same,) = nearest_graphs(around, [molecule_graph("CCC")])
    assert same.itself
    assert not same.far
    assert same.words == "It was trained on this very molecule."
