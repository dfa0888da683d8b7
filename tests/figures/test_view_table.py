from hpme.figures import node_table


def test_the_table_has_a_row_for_each_own_node_and_each_node_of_the_donors_rest(path_scene):
    rows = node_table(path_scene)
    assert [row["id"] for row in rows] == [0, 1, 2, 3, 5, 6]  # the donor's nodes begin at 4; its 0 is cut out
    assert [row["kept"] for row in rows] == [True, True, False, False, None, None]
    assert [row["ground truth"] for row in rows] == [True, True, False, False, None, None]
    assert [row["neighbours"] for row in rows] == ["1", "0, 2", "1, 3", "2", "0, 2", "1"]
    assert {frozenset(row) for row in rows} == {frozenset(rows[0])}


def test_new_links_are_counted_at_both_ends(path_scene):
    links = [row["new links"] or 0 for row in node_table(path_scene)]
    assert sum(links[:4]) == sum(links[4:]) > 0
    assert links[2:4] == [0, 0]


def test_ranks_count_the_nodes_with_a_higher_score(path_scene):
    scores = path_scene.explanation.node_score.tolist()
    ranks = [row["rank"] for row in node_table(path_scene)][:4]
    assert ranks == [1 + sum(other > score for other in scores) for score in scores]


def test_nodes_and_neighbours_around_a_node_have_the_numbers_of_the_whole_graph(node_scene):
    rows = node_table(node_scene)
    assert [row["node"] for row in rows][:4] == ["node 40", "node 41", "node 42", "node 43"]
    assert [row["node"] for row in rows][4:] == ["node 71 (donor)", "node 72 (donor)"]
    assert [row["neighbours"] for row in rows] == ["41", "40, 42", "41, 43", "42", "70, 72", "71"]
