from dataclasses import replace

import pytest
import torch
from torch_geometric.data import Data
from torch_geometric.utils import degree, to_undirected

from hpme.forward.packed import pack
from hpme.method import mixup
from hpme.method.ends import Exchange
from hpme.method.mixup import DONOR, EXPLANATION, LINK, mix_graphs
from hpme.method.types import traits_of
from hpme.seeding import generator


def typed(types: list[int], edges: list[tuple[int, int]], width: int = 3) -> Data:
    x = torch.nn.functional.one_hot(torch.tensor(types), width).float()
    edge_index = to_undirected(torch.tensor(edges).t(), num_nodes=len(types))
    return Data(x=x, edge_index=edge_index)


def mask(size: int, *nodes: int) -> torch.Tensor:
    keep = torch.zeros(size, dtype=torch.bool)
    keep[list(nodes)] = True
    return keep


@pytest.fixture
def pair():
    """A triangle 0-1-2 with a tail 3 (type 1) on node 2; a path 0-1-2-3 whose node 3 alone has type 1."""
    graph = typed([0, 0, 0, 1], [(0, 1), (1, 2), (0, 2), (2, 3)])
    donor = typed([2, 2, 0, 1], [(0, 1), (1, 2), (2, 3)])
    return graph, donor


def test_the_explanation_takes_the_place_of_the_donors(pair):
    graph, donor = pair
    mixed = mix_graphs([graph], [donor], [mask(4, 0, 1, 2)], [mask(4, 0, 1)])[0]
    # Three nodes of the triangle, then nodes 2 and 3 of the donor.
    assert mixed.node_origin.tolist() == [EXPLANATION] * 3 + [DONOR] * 2
    assert mixed.node_id.tolist() == [0, 1, 2, 2, 3]
    assert torch.equal(mixed.x, torch.cat([graph.x[:3], donor.x[2:]]))


def test_a_cut_edge_finds_a_new_end_of_the_type_it_lost(pair):
    graph, donor = pair
    for seed in range(5):
        mixed = mix_graphs([graph], [donor], [mask(4, 0, 1, 2)], [mask(4, 0, 1)], seed)[0]
        links = mixed.edge_index[:, mixed.edge_origin == LINK].t().tolist()
        assert sorted(links) == [[2, 4], [4, 2]]  # 2 had lost its neighbour of type 1; 4 is the donor's


def test_every_edge_says_where_it_comes_from(pair):
    graph, donor = pair
    mixed = mix_graphs([graph], [donor], [mask(4, 0, 1, 2)], [mask(4, 0, 1)])[0]
    origin = {
        tuple(edge): int(o) for edge, o in zip(mixed.edge_index.t().tolist(), mixed.edge_origin, strict=True)
    }
    assert [origin[edge] for edge in ((0, 1), (1, 2), (0, 2))] == [EXPLANATION] * 3
    assert origin[3, 4] == DONOR
    assert origin[2, 4] == LINK
    assert len(origin) == 2 * 5


def test_a_node_short_of_a_neighbour_is_preferred_among_equals():
    graph = typed([0, 1], [(0, 1)])  # keeps node 0, which loses node 1
    donor = typed([0, 1, 1, 1], [(0, 2), (1, 3), (1, 2)])  # cutting node 0 leaves node 2 one short
    for seed in range(5):
        mixed = mix_graphs([graph], [donor], [mask(2, 0)], [mask(4, 0)], seed)[0]
        ends = mixed.edge_index[:, mixed.edge_origin == LINK].flatten().unique().tolist()
        assert mixed.node_id[ends].tolist() == [0, 2]


def test_a_new_end_has_the_degree_of_the_lost_one_where_no_node_is_short():
    graph = typed([0, 1, 0, 0, 0], [(0, 1), (1, 2), (1, 3), (1, 4)])  # 0 loses 1, of degree 4
    donor = typed([1, 1, 1, 1], [(0, 1), (0, 2), (0, 3)])  # one more neighbour gives node 0 four, others two
    for seed in range(5):
        mixed = mix_graphs([graph], [donor], [mask(5, 0)], [mask(4)], seed)[0]
        ends = mixed.edge_index[:, mixed.edge_origin == LINK].unique().tolist()
        assert mixed.node_id[ends].tolist() == [0, 0]


def test_two_cut_edges_find_two_ends_where_there_are_two():
    graph = typed([0, 1, 1], [(0, 1), (0, 2)])
    donor = typed([0, 1, 1], [(0, 1), (1, 2)])
    for seed in range(5):
        mixed = mix_graphs([graph], [donor], [mask(3, 0)], [mask(3, 0)], seed)[0]
        assert degree(mixed.edge_index[0], 3).tolist() == [2, 2, 2]  # a triangle: each end was used once


def test_explanation_nodes_keep_their_degree_among_large_enough_donors():
    rng = torch.Generator().manual_seed(0)
    edges = [(i, j) for i in range(12) for j in range(i) if torch.rand((), generator=rng) < 0.3]
    graph = typed([i % 3 for i in range(12)], edges)
    donor = typed([i % 3 for i in range(12)], edges)
    keep = mask(12, 2, 3, 5)
    mixed = mix_graphs([graph], [donor], [keep], [mask(12, 0)])[0]
    own = degree(mixed.edge_index[0], mixed.num_nodes)[mixed.node_origin == EXPLANATION]
    assert own.tolist() == degree(graph.edge_index[0], 12)[keep].tolist()


def test_an_empty_explanation_gives_the_donors_rest_and_a_whole_one_stands_alone(pair):
    graph, donor = pair
    nothing = mix_graphs([graph], [donor], [mask(4)], [mask(4)])[0]
    assert torch.equal(nothing.x, donor.x)
    assert nothing.edge_origin.unique().tolist() == [DONOR]
    full = mix_graphs([graph], [donor], [mask(4, 0, 1, 2, 3)], [mask(4, 0, 1, 2, 3)])[0]
    assert torch.equal(full.x, graph.x)
    assert full.edge_origin.unique().tolist() == [EXPLANATION]


def test_a_donor_with_nothing_left_drops_the_cut_edges(pair):
    graph, donor = pair
    mixed = mix_graphs([graph], [donor], [mask(4, 2)], [mask(4, 0, 1, 2, 3)])[0]
    assert mixed.num_nodes == 1
    assert mixed.edge_index.size(1) == 0


def test_pairs_do_not_touch_each_other(pair):
    graph, donor = pair
    keeps = [mask(4, 0, 1, 2), mask(4, 0)]
    both = mix_graphs([graph, donor], [donor, graph], keeps, [mask(4, 0, 1), mask(4, 3)])
    assert [mixed.num_nodes for mixed in both] == [5, 4]
    for mixed in both:
        assert int(mixed.edge_index.max()) < mixed.num_nodes


def test_lists_of_different_lengths_are_refused(pair):
    with pytest.raises(ValueError, match="four lists of one length"):
        mix_graphs([pair[0]], [], [mask(4)], [mask(4)])


def test_a_batch_of_mixed_graphs_never_has_more_nodes_than_the_batch_itself(pair):
    graph, donor = pair
    graphs, keep = pack([graph, donor]), mask(8, 0, 1, 6)
    exchange = Exchange(keep, keep, torch.tensor([1, 0]), traits_of(graphs))
    plain = mixup.replace(graphs, exchange, generator(0))
    assert len(plain.graphs.batch) == 8
    assert sorted(plain.node_id.tolist()) == list(range(8))  # each node went to exactly one graph
    grown = mixup.dilate(graphs, keep, torch.tensor([True, False]))
    assert grown.nonzero().flatten().tolist() == [0, 1, 2, 6]  # 2 touches the explanation of graph 0
    dilated = mixup.replace(graphs, replace(exchange, cut=grown), generator(0))
    assert sorted(dilated.node_id.tolist()) == [0, 1, 3, 4, 5, 6, 7]
