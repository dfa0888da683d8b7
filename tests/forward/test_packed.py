from itertools import count, islice

import pytest
import torch
from torch_geometric.data import Batch, Data

from hpme.forward.inputs import to_batch
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


def bonded(nodes, edges, u):
    """A path whose attributes say which node, edge and graph they are of."""
    return Data(
        x=torch.full((nodes, 2), u),
        edge_index=torch.arange(edges).repeat(2, 1) % nodes,
        edge_attr=u + torch.arange(edges)[:, None] / 10,
        z=100 * int(u) + torch.arange(nodes),
        u=torch.tensor([[u, -u]]),
        charge=torch.tensor(int(u)),
        y=torch.tensor([1]),
        name="a name",
    )


def test_every_tensor_goes_with_its_graph():
    graphs = [bonded(3, 2, 1.0), bonded(1, 4, 2.0), bonded(5, 5, 3.0)]
    packed = pack(graphs)
    assert (set(packed.node_attrs), set(packed.edge_attrs)) == ({"z"}, {"edge_attr"})
    assert set(packed.graph_attrs) == {"u", "charge"}
    back, nodes = packed.take(torch.tensor([2, 0]))
    assert nodes.tolist() == [4, 5, 6, 7, 8, 0, 1, 2]
    for got, wanted in zip(back.to_data_list(), [graphs[2], graphs[0]], strict=True):
        for name in ("x", "edge_index", "edge_attr", "z", "u"):
            assert got[name].equal(wanted[name])
        assert int(got.charge) == int(wanted.charge)
    assert set(pack(graphs, keys={"z"}).node_attrs) == {"z"}
    assert not pack(graphs, keys={"z"}).edge_attrs


def test_edges_that_go_take_their_attributes_with_them():
    packed = pack([bonded(3, 2, 1.0), bonded(2, 2, 2.0)])
    left = packed.with_edges(torch.tensor([False, True, True, False]))
    assert left.edge_attrs["edge_attr"].view(-1).tolist() == pytest.approx([1.1, 2.0])


def test_what_only_some_graphs_have_is_left_out():
    with_bonds, without = bonded(3, 2, 1.0), bonded(3, 2, 2.0)
    del without.edge_attr
    assert not pack([with_bonds, without]).edge_attrs
    wider = bonded(3, 2, 2.0)
    wider.edge_attr = torch.ones(2, 4)
    assert not pack([with_bonds, wider]).edge_attrs


def test_what_a_graph_has_of_any_shape_is_of_the_graph_unless_it_numbers_nodes():
    graphs = [bonded(3, 2, 1.0), bonded(1, 4, 2.0), bonded(5, 5, 3.0)]
    for number, graph in enumerate(graphs):
        graph.descriptors, graph.cell = torch.full((4,), number), torch.full((3, 3), number)
        graph.root_index, graph.edge_pairs, graph.ragged = (
            torch.tensor([0]),
            torch.ones(2, 2),
            torch.ones(number),
        )
    packed = pack(graphs)
    assert set(packed.graph_attrs) == {"u", "charge", "descriptors", "cell"}
    back = packed.take(torch.tensor([2, 0]))[0]
    for got, wanted in zip(back.to_data_list(), [graphs[2], graphs[0]], strict=True):
        assert got.descriptors.equal(wanted.descriptors)
        assert got.cell.equal(wanted.cell)
    ours, theirs = to_batch(packed), Batch.from_data_list(graphs)
    for name in ("u", "charge", "descriptors", "cell"):
        assert ours[name].equal(theirs[name])
        assert ours.get_example(1)[name].equal(theirs.get_example(1)[name])


def test_graphs_without_features_are_counted_by_their_nodes():
    graphs = [Data(edge_index=torch.tensor([[0], [1]]), z=torch.tensor([6, 8]), num_nodes=2)] * 2
    packed = pack(graphs)
    assert (packed.node_ptr.tolist(), packed.has_features) == ([0, 2, 4], False)
    back = packed.to_data_list()[1]
    assert (back.num_nodes, back.x, back.z.tolist()) == (2, None, [6, 8])
