import math

import pytest
import torch

from hpme.metrics import cos_mix, cos_own_mix, cos_subgraph, cosine, l2, l2_mix, l2_subgraph

# With `FeatureSum` a node's embedding is its feature, so a graph's is (maximum, mean): (3, 1.5) for the path.


def keep(*flags: int) -> torch.Tensor:
    return torch.tensor(flags, dtype=torch.bool)


def test_shift_to_the_first_node_alone(feature_sum, path):
    # (3, 1.5) to (3, 3): cosine 13.5 / (sqrt(11.25) sqrt(18)), distance 1.5.
    keeps = [keep(1, 0, 0, 0)]
    assert cos_subgraph(feature_sum, [path], keeps).item() == pytest.approx(13.5 / math.sqrt(11.25 * 18))
    assert l2_subgraph(feature_sum, [path], keeps).item() == pytest.approx(1.5)


def test_an_empty_subgraph_has_cosine_zero_and_the_originals_length_as_distance(feature_sum, path):
    keeps = [keep(1, 1, 1, 1), keep(0, 0, 0, 0)]
    assert cos_subgraph(feature_sum, [path] * 2, keeps).tolist() == pytest.approx([1, 0])
    assert l2_subgraph(feature_sum, [path] * 2, keeps).tolist() == pytest.approx([0, math.sqrt(11.25)])


def test_shift_to_a_mix_counts_the_donors_rest(feature_sum, path, make_graph):
    small = make_graph([0.0, 0.0, 1.0], [(0, 1), (1, 2)])
    keeps = [keep(1, 0, 0, 0), keep(0, 0, 0)]
    # The path's 3 within 0, 0, 1: (3, 1). Nothing of small, which is (1, 1/3), within 2, 0, 1: (2, 1).
    distances = [0.5, math.sqrt(13) / 3]
    assert l2_mix(feature_sum, [path, small], keeps, seed=0).tolist() == pytest.approx(distances)
    cosines = [10.5 / math.sqrt(11.25 * 10), (7 / 3) / math.sqrt(10 / 9 * 5)]
    assert cos_mix(feature_sum, [path, small], keeps, seed=0).tolist() == pytest.approx(cosines)


def test_a_graph_is_at_distance_zero_from_itself(feature_sum, path):
    assert cosine(feature_sum, [path], [path]).item() == pytest.approx(1)
    assert l2(feature_sum, [path], [path]).item() == 0


def test_shift_to_a_methods_own_mix_uses_the_donors_of_the_others(feature_sum, path, make_graph):
    small = make_graph([0.0, 0.0, 1.0], [(0, 1), (1, 2)])
    seen = []

    def embed(graphs, donors, seed):
        seen.append(([donor is small for donor in donors], seed))
        return torch.tensor([[1.5, 3.0], [3.0, 1.0]])

    # (3, 1.5) to (1.5, 3), cosine 9 / 11.25; (1, 1/3) to (3, 1), the same direction.
    values = cos_own_mix(feature_sum, [path, small], [path, small], embed, seed=0, draws=2)
    assert values.tolist() == pytest.approx([0.8, 1.0])
    assert seen == [([True, False], 0), ([True, False], 1)]
