from benchmarks.large_mix import mix_seconds, random_graphs


def test_two_graphs_of_ten_thousand_nodes_are_mixed_in_a_moment():
    graphs = random_graphs(10_000)
    assert len(graphs.x) == 20_000
    assert graphs.edge_index.size(1) == 80_000
    mix_seconds(random_graphs(10))
    assert min(mix_seconds(graphs) for _ in range(3)) < 2  # a padded matrix took ten times that
