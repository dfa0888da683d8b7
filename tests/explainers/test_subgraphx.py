import pytest
import torch

from hpme.explainers import SubgraphX, SubgraphXConfig
from hpme.explainers.subgraphx import (
    SearchState,
    class_value,
    contrast,
    largest_component,
    most_promising,
    neighbour_lists,
    search,
    shapley,
)


def test_what_is_left_of_a_path_is_its_longer_part(path):
    near = neighbour_lists(path)
    assert near == [{1}, {0, 2}, {1, 3}, {2}]
    assert largest_component(frozenset({0, 2, 3}), near) == {2, 3}
    assert largest_component(frozenset({0, 3}), near) == {0}


def test_the_shapley_value_of_one_player_in_an_additive_game_is_its_own_gain(path, feature_sum):
    config, draws = SubgraphXConfig(samples=5), torch.Generator().manual_seed(0)
    feature_sum.forward = lambda x, _edges, batch: torch.zeros(int(batch.max()) + 1, 1).index_add(
        0, batch, -x
    )
    feature_sum.model_config = {"mode": "regression"}
    # One output, the negative sum: the value of a set is minus what it lacks of the sum 6.
    values = shapley(
        feature_sum, path, 0, [frozenset({0, 1}), frozenset({3})], neighbour_lists(path), config, draws
    )
    assert values == pytest.approx([5, 1])


def test_absent_features_are_zero(path, feature_sum):
    present = torch.tensor([[True, True, True, True], [False, False, True, True]])
    # Sums 6 and 1 against 2.5.
    expected = torch.tensor([6 - 2.5, 1 - 2.5]).sigmoid()
    assert torch.allclose(class_value(feature_sum, path, 1, present), expected)


def test_the_search_values_each_set_once_and_keeps_to_connected_ones(path):
    asked = []

    def value(sets):
        asked.extend(sets)
        return [float(len(nodes & {0, 1})) for nodes in sets]

    near = neighbour_lists(path)
    visited = search(near, value, SubgraphXConfig(rollouts=20, min_nodes=2))
    assert sorted(map(sorted, visited)) == [[0], [0, 1], [0, 1, 2], [1], [1, 2], [1, 2, 3], [2, 3]]
    assert len(asked) == len(set(asked)) == 7


def test_the_search_explores_children_of_large_value_first():
    a, b = frozenset({0}), frozenset({1})
    states = {a: SearchState(0.1, visits=1, total=0.5), b: SearchState(0.9, visits=1, total=0.4)}
    # Q + 10 P √2 / 2: .5 + .71 against .4 + 6.36; by the means alone it would be a.
    assert most_promising([a, b], states, exploration=10) == b
    assert most_promising([a, b], states, exploration=0) == a


def test_the_search_explores_children_that_were_seldom_visited_first():
    a, b = frozenset({0}), frozenset({1})
    states = {a: SearchState(1, visits=8, total=4), b: SearchState(1, visits=1, total=0.4)}
    # Q + P √9 / (1 + N): .5 + 3/9 against .4 + 3/2.
    assert most_promising([a, b], states, exploration=1) == b


def test_a_node_ranks_by_the_sets_with_it_against_those_without_it():
    ranking = contrast({frozenset({0, 1}): 3.0, frozenset({1, 2}): 1.0}, 4)
    # Gaps 3 - 1, 2 - 0, 1 - 3, 0 - 2: so 0 and 1 are first, 2 and 3 last.
    assert ranking.tolist() == pytest.approx([0.999, 0.999, 0, 0])


def test_the_hard_subgraph_comes_first_in_the_ranking(path, feature_sum):
    out = SubgraphX(feature_sum, SubgraphXConfig(min_nodes=2)).explain(path)
    assert out.node_mask.squeeze(1).tolist() == [1, 1, 0, 0]
    assert out.edge_mask.tolist() == path.edge_gt.float().tolist()
    assert out.node_score[:2].min() >= 0.5 > out.node_score[2:].max()
    assert SubgraphX(feature_sum).explain(path).node_mask.sum() == 4  # no more than a leaf's nodes: all kept


def test_seeds_repeat(path, feature_sum):
    config = SubgraphXConfig(samples=1, min_nodes=2)
    scores = [SubgraphX(feature_sum, config).explain(path).node_score.tolist() for _ in range(2)]
    assert scores[0] == scores[1]


@pytest.mark.parametrize("setting", [{"rollouts": 0}, {"samples": 0}, {"min_nodes": 0}, {"hops": -1}])
def test_settings_out_of_range_are_refused(setting):
    with pytest.raises(ValueError, match=next(iter(setting))):
        SubgraphXConfig(**setting)
