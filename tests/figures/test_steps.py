from hpme.figures import above, cut_edges, score_rows


def test_scores_come_highest_first(path_scene):
    # Scores are 4/4, 3/4, 2/4 and 1/4.
    rows = score_rows(path_scene)
    assert [row["node"] for row in rows] == ["node 0", "node 1", "node 2", "node 3"]
    assert [row["probability of being kept"] for row in rows] == [1.0, 0.75, 0.5, 0.25]


def test_nodes_at_the_threshold_are_out(path_scene):
    assert [above(path_scene, limit) for limit in (0.0, 0.5, 1.0)] == [4, 2, 0]


def test_one_edge_of_the_path_is_cut_between_its_halves(path_scene):
    assert cut_edges(path_scene) == 1
