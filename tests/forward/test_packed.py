from itertools import count, islice

import torch

from hpme.forward.packed import chunks, pack


def test_taking_graphs_gives_them_in_that_order_with_local_edges(make_graph):
    graphs = [make_graph([1.0, 2.0], [(0, 1)]), make_graph([3.0], []), make_graph([4.0, 5.0, 6.0], [(1, 2)])]
    taken, places = pack(graphs).take(torch.tensor([2, 0, 2]))
    assert taken.x.flatten().tolist() == [4, 5, 6, 1, 2, 4, 5, 6]
    assert places.tolist() == [3, 4, 5, 0, 1, 3, 4, 5]
    assert taken.edge_index.tolist() == [[1, 2, 3, 4, 6, 7], [2, 1, 4, 3, 7, 6]]
    assert taken.batch.tolist() == [0, 0, 0, 1, 1, 2, 2, 2]


def test_repeating_puts_copies_one_after_the_other(make_graph):
    twice = pack([make_graph([1.0, 2.0], [(0, 1)])]).repeat(2)
    assert twice.edge_index.tolist() == [[0, 1, 2, 3], [1, 0, 3, 2]]
    assert twice.size == 2


def test_chunks_keep_the_order_and_take_nothing_ahead():
    assert list(chunks("abcde", 2)) == [["a", "b"], ["c", "d"], ["e"]]
    assert list(chunks([], 2)) == []
    endless = count()
    assert list(islice(chunks(endless, 3), 2)) == [[0, 1, 2], [3, 4, 5]]
    assert next(endless) == 6


def test_unpacking_gives_back_the_graphs_and_dropping_edges_drops_no_node(make_graph):
    graphs = [make_graph([1.0, 2.0], [(0, 1)]), make_graph([3.0], []), make_graph([4.0, 5.0, 6.0], [(1, 2)])]
    packed = pack(graphs)
    for graph, back in zip(graphs, packed.to_data_list(), strict=True):
        assert torch.equal(back.x, graph.x)
        assert torch.equal(back.edge_index, graph.edge_index)
    fewer = packed.with_edges(torch.tensor([False, True, True, False]))  # of 0 - 1, 1 - 0, 4 - 5, 5 - 4
    assert [graph.edge_index.tolist() for graph in fewer.to_data_list()] == [[[1], [0]], [[], []], [[1], [2]]]
    assert torch.equal(fewer.x, packed.x)
