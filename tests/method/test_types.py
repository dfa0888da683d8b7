import pytest
import torch
from torch_geometric.data import Data

from hpme.forward.packed import Packed, pack
from hpme.method.types import (
    count_edge_types,
    count_types,
    edge_types,
    node_types,
    reverse_offsets,
    traits_of,
)

RING = torch.tensor([[0, 1, 1, 2, 2, 0], [1, 0, 2, 1, 0, 2]])


def ring(**attributes: torch.Tensor) -> Packed:
    return pack([Data(**({"edge_index": RING, "num_nodes": 3} | attributes))])


def types_and_count(**attributes: torch.Tensor) -> tuple[list[int], int]:
    graphs = ring(**attributes)
    return node_types(graphs).tolist(), count_types(graphs)


def test_one_hot_features_are_types_also_those_that_do_not_occur():
    assert types_and_count(x=torch.eye(5)[[0, 4, 0]]) == ([0, 4, 0], 5)


@pytest.mark.parametrize("dtype", [torch.long, torch.float, torch.uint8])
def test_rows_of_whole_numbers_are_types(dtype):
    assert types_and_count(x=torch.tensor([[6, 1], [7, 0], [6, 1]]).to(dtype)) == ([0, 1, 0], 2)


def test_features_may_have_one_dimension_or_three():
    assert types_and_count(x=torch.tensor([8, 6, 8])) == ([1, 0, 1], 2)
    assert types_and_count(x=torch.tensor([[[8, 1]], [[6, 1]], [[8, 1]]])) == ([1, 0, 1], 2)


def test_encodings_beside_types_do_not_make_every_node_its_own_type():
    encoding = torch.tensor([[0.1], [0.2], [0.3]])
    assert types_and_count(x=torch.cat([torch.eye(3)[[0, 1, 0]], encoding], dim=1)) == ([0, 1, 0], 3)
    assert types_and_count(x=encoding) == ([0, 0, 0], 1)


def test_atomic_numbers_are_types_where_there_are_no_features():
    z = torch.tensor([8, 6, 8])
    assert types_and_count(z=z) == ([1, 0, 1], 2)
    assert types_and_count(z=z, x=torch.full((3, 1), 0.5)) == ([0, 0, 0], 1)
    assert types_and_count() == ([0, 0, 0], 1)


def test_types_of_ones_own_come_before_features():
    own = torch.tensor([-4, 10**12, -4])
    assert types_and_count(types=own, x=torch.eye(3)) == ([0, 1, 0], 2)
    assert traits_of(ring(x=torch.eye(3)), own).node.tolist() == [0, 1, 0]


def test_edges_have_the_types_of_their_attributes_but_not_of_weights():
    bonds = torch.eye(4)[[0, 0, 1, 1, 3, 3]]
    assert edge_types(ring(edge_attr=bonds)).tolist() == [0, 0, 1, 1, 3, 3]
    assert count_edge_types(ring(edge_attr=bonds)) == 4
    relation = torch.tensor([5, 5, 2, 2, 5, 5])
    assert edge_types(ring(edge_type=relation, edge_attr=bonds)).tolist() == [1, 1, 0, 0, 1, 1]
    for alike in ({}, {"edge_weight": torch.ones(6)}, {"edge_attr": torch.rand(6, 2)}):
        assert edge_types(ring(**alike)) is None
        assert count_edge_types(ring(**alike)) == 1


def test_two_nodes_of_a_directed_graph_can_be_joined_in_more_ways():
    assert count_edge_types(ring(edge_index=RING[:, :5])) == 3
    assert count_edge_types(ring(edge_index=RING[:, :5], edge_type=torch.arange(5) % 2)) == 8


def test_every_edge_knows_its_reverse_and_so_do_duplicates_and_self_loops():
    edges = torch.tensor([[0, 1, 2, 0, 1, 1, 2], [1, 0, 2, 1, 0, 2, 0]])
    graphs = pack([Data(edge_index=edges, num_nodes=3)])
    assert reverse_offsets(graphs).tolist() == [1, -1, 0, 1, -1, 0, 0]
    assert traits_of(graphs).one_way.tolist() == [False] * 5 + [True] * 2
    assert traits_of(ring()).one_way is None


def test_traits_are_cut_as_their_graphs_are():
    graphs = pack(
        [
            Data(edge_index=RING, x=torch.eye(3), edge_type=torch.tensor([0, 0, 1, 1, 0, 0])),
            Data(edge_index=RING[:, [0, 2]], x=torch.eye(3), edge_type=torch.tensor([1, 0])),
        ]
    )
    ids = torch.tensor([1, 0, 1])
    some, nodes = graphs.take(ids)
    cut, again = traits_of(graphs).take(nodes, graphs.edges_of(ids)), traits_of(some)
    for name in ("node", "edge", "reverse", "one_way"):
        assert torch.equal(getattr(cut, name), getattr(again, name))
        assert torch.equal(getattr(cut.repeat(2), name), getattr(again, name).repeat(2))


def test_many_columns_of_whole_numbers_are_told_apart_as_whole_rows_are():
    x = torch.randint(3, (400, 5), generator=torch.Generator().manual_seed(0)) * 7 - 3
    graphs = pack([Data(x=x, edge_index=RING)])
    assert torch.equal(node_types(graphs), torch.unique(x, dim=0, return_inverse=True)[1])
    assert count_types(graphs) == len(torch.unique(x, dim=0))
