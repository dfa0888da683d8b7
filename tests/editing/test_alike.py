import torch
from torch_geometric.data import Data

from hpme.editing.alike import graph_keys
from hpme.forward.packed import pack
from tests.conftest import make_graph


def shuffled(graph):
    order = torch.randperm(graph.num_nodes, generator=torch.Generator().manual_seed(1))
    return Data(x=graph.x[order], edge_index=order.argsort()[graph.edge_index].flip(1))


def test_the_order_of_nodes_and_edges_makes_no_difference_and_anything_else_does():
    house = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 4), (1, 4)]
    graph = make_graph([1.0, 1.0, 1.0, 1.0, 2.0], house)
    others = [
        make_graph([1.0, 1.0, 1.0, 1.0, 1.0], house),
        make_graph([1.0, 1.0, 1.0, 2.0, 1.0], house),
        make_graph([1.0, 1.0, 1.0, 1.0, 2.0], house[:-1]),
    ]
    own, same, *rest = graph_keys(pack([graph, shuffled(graph), *others]))
    assert own == same
    assert len({own, *rest}) == 4
    assert graph_keys(pack([graph])) == [own]  # whatever it is packed with


def test_features_of_edges_and_marks_of_nodes_count():
    graph = make_graph([1.0, 1.0], [(0, 1)])
    rows = [[1.0, 1.0], [2.0, 2.0]]
    marked = [
        Data(x=graph.x, edge_index=graph.edge_index, edge_attr=torch.tensor(row)[:, None]) for row in rows
    ]
    centred = [
        Data(x=graph.x, edge_index=graph.edge_index, centre=torch.tensor(c))
        for c in ([True, False], [False, True])
    ]
    assert len({*graph_keys(pack(marked))}) == 2
    assert len({*graph_keys(pack(centred))}) == 1
