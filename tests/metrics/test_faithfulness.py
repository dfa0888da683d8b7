import pytest
import torch

from hpme.metrics import fid_minus, fid_plus, kept_on_mix, kept_on_subgraph, kept_share, necessity
from hpme.metrics.forward import logits, random_mixes, subgraphs


def keep(*flags: int) -> torch.Tensor:
    return torch.tensor(flags, dtype=torch.bool)


def test_kept_share_is_kept_nodes_over_nodes():
    assert kept_share([keep(1, 0, 0, 0), keep(0, 0), keep(1)]).tolist() == [0.25, 0.0, 1.0]


def test_the_prediction_survives_on_a_subgraph_that_still_sums_above_the_threshold(feature_sum, path):
    # The path sums to 6: class 1. Alone, node 0 sums to 3 (> 2.5), node 1 to 2, nodes 1 and 3 to 3.
    keeps = [keep(1, 0, 0, 0), keep(0, 1, 0, 0), keep(0, 1, 0, 1)]
    assert kept_on_subgraph(feature_sum, [path] * 3, keeps).tolist() == [1, 0, 1]
    assert fid_minus(feature_sum, [path] * 3, keeps).tolist() == [0, 1, 0]


def test_fid_plus_is_one_where_the_rest_alone_loses_the_prediction(feature_sum, path):
    # Without node 0 the sum is 3: still class 1. Without nodes 0 and 1 it is 1.
    assert fid_plus(feature_sum, [path] * 2, [keep(1, 0, 0, 0), keep(1, 1, 0, 0)]).tolist() == [0, 1]


def test_nothing_kept_shows_the_classifier_an_empty_graph_wherever_it_stands(feature_sum, path):
    nothing = keep(0, 0, 0, 0)
    parts = subgraphs([path] * 3, [nothing, keep(1, 0, 0, 0), nothing])
    assert logits(feature_sum, parts).tolist() == [[2.5, 0], [2.5, 3], [2.5, 0]]
    assert kept_on_subgraph(feature_sum, [path], [nothing]).tolist() == [0]
    assert fid_plus(feature_sum, [path], [~nothing]).tolist() == [1]


def test_subgraphs_hold_the_edges_between_kept_nodes_in_their_own_numbers(path):
    first, second = subgraphs([path, path], [keep(0, 1, 1, 0), keep(1, 0, 1, 1)])
    assert first.x.flatten().tolist() == [2, 0]
    assert first.edge_index.tolist() == [[0, 1], [1, 0]]
    assert second.x.flatten().tolist() == [3, 0, 1]
    assert second.edge_index.tolist() == [[1, 2], [2, 1]]


def test_the_prediction_on_a_mix_is_that_of_explanation_plus_the_other_graphs_rest(
    feature_sum, path, make_graph
):
    small = make_graph([0.0, 0.0, 1.0], [(0, 1), (1, 2)])
    # path keeps 3 and sees small's whole 1: sum 4, class 1 as before. small keeps nothing and sees path's
    # rest, 2 + 0 + 1 = 3: class 1, was 0.
    kept = kept_on_mix(feature_sum, [path, small], [keep(1, 0, 0, 0), keep(0, 0, 0)], seed=0, draws=3)
    assert kept.tolist() == [1, 0]


def test_the_explanation_is_necessary_where_the_rest_loses_the_prediction_in_the_others_rest(
    feature_sum, path, make_graph
):
    small = make_graph([0.0, 0.0, 1.0], [(0, 1), (1, 2)])
    # The rest of path, 0 + 1, and all of small, 1, sum to 2: class 0, was 1. Of small all is left: 1 + 1.
    lost = necessity(feature_sum, [path, small], [keep(1, 1, 0, 0), keep(0, 0, 0)], seed=0, draws=3)
    assert lost.tolist() == [1, 0]
    # Without node 2 alone the path still sums to 6.
    assert necessity(feature_sum, [path, small], [keep(0, 0, 1, 0), keep(0, 0, 0)], seed=0)[0] == 0


def test_no_graph_is_its_own_donor(make_graph):
    graphs = [make_graph([float(i), 100.0], [(0, 1)]) for i in range(3)]
    for draw in range(10):
        mixes = random_mixes(graphs, [keep(0, 1)] * 3, seed=3, draw=draw)
        assert all(int(mix.x[mix.node_origin == 1]) != i for i, mix in enumerate(mixes))


def test_donors_can_come_from_other_graphs(make_graph):
    graphs = [make_graph([5.0, 100.0], [(0, 1)])]
    pool = [make_graph([7.0, 8.0], [(0, 1)])]
    (mixed,) = random_mixes(graphs, [keep(0, 1)], seed=0, donors=(pool, [keep(1, 0)]))
    assert mixed.x.flatten().tolist() == [100, 8]


def test_seeds_repeat_and_draws_differ(make_graph):
    graphs = [make_graph([float(i), 100.0], [(0, 1)]) for i in range(20)]

    def donors(seed: int, draw: int) -> list[float]:
        return [float(mix.x.min()) for mix in random_mixes(graphs, [keep(0, 1)] * 20, seed, draw)]

    assert donors(0, 0) == donors(0, 0)
    assert donors(0, 0) != donors(0, 1)
    assert donors(0, 0) != donors(1, 0)


def test_a_graph_alone_has_no_donor(feature_sum, path):
    with pytest.raises(ValueError, match=r"^Expected at least two graphs \(got 1\); "):
        kept_on_mix(feature_sum, [path], [keep(1, 0, 0, 0)], seed=0)


def test_a_classifier_is_asked_in_evaluation_mode_and_left_in_its_own(feature_sum, path):
    modes = []
    feature_sum.train().register_forward_hook(lambda module, *_: modes.append(module.training))
    kept_on_subgraph(feature_sum, [path], [keep(1, 0, 0, 0)])
    assert modes
    assert not any(modes)
    assert feature_sum.training
