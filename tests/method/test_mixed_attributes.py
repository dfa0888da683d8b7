"""Attributes, directions and types of edges in mixed graphs; structure alone is in `test_mixup.py`."""

import torch
from torch_geometric.data import Data

from hpme.forward.packed import pack
from hpme.method.ends import Exchange
from hpme.method.mixup import DONOR, EXPLANATION, LINK, Mixed, mix_graphs, replace
from hpme.method.types import traits_of
from hpme.seeding import generator


def random_graph(seed: int, nodes: int = 14, paired: bool = True, directed: bool = False) -> Data:
    """A random graph whose attributes name its nodes and edges; both directions of an edge side by side."""
    rng = torch.Generator().manual_seed(seed)
    pairs = torch.combinations(torch.arange(nodes))
    pairs = pairs[torch.rand(len(pairs), generator=rng) < 0.3]
    pairs = torch.where(torch.rand(len(pairs), 1, generator=rng) < 0.5, pairs, pairs.flip(1))
    edges = pairs.t() if directed else torch.stack([pairs, pairs.flip(1)], 1).view(-1, 2).t()
    if not paired:
        edges = edges[:, torch.randperm(edges.size(1), generator=rng)]
    count = edges.size(1)
    low, high = edges.amin(0), edges.amax(0)
    return Data(
        x=torch.nn.functional.one_hot(torch.arange(nodes) % 3, 3).float(),
        edge_index=edges,
        edge_attr=torch.nn.functional.one_hot((low + high) % 3, 3).float(),
        name=1000 * seed + torch.arange(count),
        ends=1000 * seed + edges.t().contiguous(),
        place=1000 * seed + torch.arange(nodes),
        u=torch.tensor([[float(seed)]]),
    )


def mixed_batch(graphs: list[Data], share: float = 0.4, seed: int = 0) -> tuple[Mixed, Exchange]:
    packed = pack(graphs)
    keep = torch.rand(len(packed.x), generator=generator(seed)) < share
    donor = torch.arange(len(graphs)).roll(1)
    exchange = Exchange(keep, keep, donor, traits_of(packed))
    return replace(packed, exchange, generator(seed)), exchange


def test_every_attribute_is_that_of_the_node_edge_or_explained_graph_it_comes_from():
    graphs = [random_graph(seed) for seed in range(1, 6)]
    packed, (mixed, _) = pack(graphs), mixed_batch(graphs)
    ours = mixed.graphs
    assert torch.equal(ours.x, packed.x[mixed.node_id])
    assert torch.equal(ours.node_attrs["place"], packed.node_attrs["place"][mixed.node_id])
    for name in ("edge_attr", "name", "ends"):
        assert torch.equal(ours.edge_attrs[name], packed.edge_attrs[name][mixed.edge_id])
    assert ours.graph_attrs["u"].flatten().tolist() == [1, 2, 3, 4, 5]
    within = mixed.edge_origin != LINK
    assert torch.equal(mixed.node_id[ours.edge_index[:, within]], packed.edge_index[:, mixed.edge_id[within]])


def test_nodes_and_edges_lie_graph_by_graph_the_explanation_first():
    mixed, _ = mixed_batch([random_graph(seed) for seed in range(6)])
    batch, ours = mixed.graphs.batch, mixed.graphs
    assert (batch.diff() >= 0).all()
    assert torch.equal(batch[ours.edge_index[0]], ours.edge_batch)
    assert torch.equal(batch[ours.edge_index[1]], ours.edge_batch)
    assert ((2 * batch + mixed.node_origin).diff() >= 0).all()
    assert ((3 * ours.edge_batch + mixed.edge_origin).diff() >= 0).all()


def test_a_new_link_is_the_edge_that_was_cut_in_each_direction():
    for paired in (True, False):
        graphs = [random_graph(seed, paired=paired) for seed in range(6)]
        packed, (mixed, exchange) = pack(graphs), mixed_batch(graphs)
        links = mixed.edge_origin == LINK
        assert links.sum() > 20
        new = mixed.graphs.edge_index[:, links]
        cut = packed.edge_index[:, mixed.edge_id[links]]
        own = mixed.node_origin[new] == EXPLANATION
        assert (own.sum(0) == 1).all()
        assert torch.equal(mixed.node_id[new][own], cut[own])  # the end in the explanation is the same
        assert not exchange.keep[cut[~own]].any()  # the other was left behind


def test_both_directions_of_an_edge_stand_side_by_side_where_they_came_so():
    for seed in range(5):
        mixed, _ = mixed_batch([random_graph(s) for s in range(6)], seed=seed)
        edges, ids = mixed.graphs.edge_index, mixed.edge_id
        assert torch.equal(edges[:, ::2], edges[:, 1::2].flip(0))
        assert torch.equal(ids[::2], ids[1::2] ^ 1)
        assert (mixed.graphs.edge_ptr % 2 == 0).all()


def test_an_edge_of_one_direction_becomes_a_link_of_that_direction():
    graphs = [random_graph(seed, directed=True) for seed in range(6)]
    packed, (mixed, exchange) = pack(graphs), mixed_batch(graphs)
    links = mixed.edge_origin == LINK
    new, cut = mixed.graphs.edge_index[:, links], packed.edge_index[:, mixed.edge_id[links]]
    assert torch.equal(mixed.node_origin[new] == EXPLANATION, exchange.keep[cut])  # the same end, same way
    keep = exchange.keep[packed.edge_index]
    leaving, entering = int((keep[0] & ~keep[1]).sum()), int((~keep[0] & keep[1]).sum())
    out = int((mixed.node_origin[new[0]] == EXPLANATION).sum())
    assert leaving > 20
    assert entering > 20
    assert out >= 0.9 * leaving  # one wins where two meet in one pair
    assert len(new[0]) - out >= 0.9 * entering
    pairs = new[0] * len(mixed.node_id) + new[1]
    assert len(pairs.unique()) == len(pairs)


def test_a_tree_whose_edges_point_away_from_its_root_stays_one():
    chain = Data(x=torch.ones(4, 1), edge_index=torch.tensor([[0, 1, 2], [1, 2, 3]]))
    keep, cut = torch.tensor([False, True, True, False]), torch.tensor([False, True, True, False])
    for seed in range(5):
        mixed = mix_graphs([chain], [chain], [keep], [cut], seed)[0]
        # 1 -> 2 in the middle; what came in from 0 comes from an end of the donor's, and 2 points to another.
        edges = mixed.edge_index.t().tolist()
        assert edges[0] == [0, 1]
        assert sorted(map(sorted, edges[1:])) in ([[0, 2], [1, 3]], [[0, 3], [1, 2]])
        assert [edge[1] for edge in edges[1:]].count(0) == 1
        assert [edge[0] for edge in edges[1:]].count(1) == 1


def test_self_loops_and_duplicates_survive_inside_and_are_no_links():
    edges = torch.tensor([[0, 1, 0, 1, 0, 2, 2, 3], [1, 0, 1, 0, 0, 2, 3, 2]])
    graph = Data(x=torch.ones(4, 1), edge_index=edges, name=torch.arange(8))
    keep = torch.tensor([True, True, False, False])
    mixed = mix_graphs([graph], [graph], [keep], [keep])[0]
    assert mixed.name.tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    assert mixed.edge_origin.tolist() == [EXPLANATION] * 5 + [DONOR] * 3
    assert (mixed.edge_index[0] == mixed.edge_index[1]).sum() == 2


def test_an_end_that_has_lost_an_edge_of_the_same_type_is_preferred_among_equals():
    # Node 0 keeps; its double bond to 1 is cut. In the donor 0 goes, to which 1 had a single and 2 a double.
    graph = Data(
        x=torch.ones(2, 1), edge_index=torch.tensor([[0, 1], [1, 0]]), edge_type=torch.tensor([2, 2])
    )
    edges = torch.tensor([[0, 1, 0, 2, 0, 3], [1, 0, 2, 0, 3, 0]])
    donor = Data(x=torch.ones(4, 1), edge_index=edges, edge_type=torch.tensor([1, 1, 2, 2, 1, 1]))
    keep, cut = torch.tensor([True, False]), torch.tensor([True, False, False, False])
    for seed in range(10):
        mixed = mix_graphs([graph], [donor], [keep], [cut], seed)[0]
        assert mixed.node_id[mixed.edge_index[:, mixed.edge_origin == LINK][1, 0]] == 2
        assert mixed.edge_type.tolist() == [2, 2]


def test_the_type_of_an_edge_counts_less_than_that_of_a_node():
    graph = Data(
        x=torch.eye(3)[[0, 1]], edge_index=torch.tensor([[0, 1], [1, 0]]), edge_type=torch.tensor([2, 2])
    )
    edges = torch.tensor([[0, 1, 0, 2], [1, 0, 2, 0]])
    donor = Data(x=torch.eye(3)[[0, 1, 2]], edge_index=edges, edge_type=torch.tensor([1, 1, 2, 2]))
    for seed in range(10):
        masks = torch.tensor([True, False]), torch.tensor([True, False, False])
        mixed = mix_graphs([graph], [donor], [masks[0]], [masks[1]], seed)[0]
        assert mixed.node_id[mixed.edge_index[:, mixed.edge_origin == LINK][1, 0]] == 1


def test_an_edge_type_that_an_end_has_got_back_no_longer_speaks_for_it():
    # Two double bonds are cut. The donor's 1 has lost a single and a double, 2 a double and a single: each is
    # given one, though both are still short of another.
    graph = Data(
        x=torch.ones(3, 1),
        edge_index=torch.tensor([[0, 1, 0, 2], [1, 0, 2, 0]]),
        edge_type=torch.tensor([2, 2, 2, 2]),
    )
    edges = torch.tensor([[0, 1, 0, 2, 3, 1, 3, 2], [1, 0, 2, 0, 1, 3, 2, 3]])
    donor = Data(x=torch.ones(4, 1), edge_index=edges, edge_type=torch.tensor([2, 2, 2, 2, 1, 1, 1, 1]))
    keep, cut = torch.tensor([True, False, False]), torch.tensor([True, False, False, True])
    for seed in range(10):
        mixed = mix_graphs([graph], [donor], [keep], [cut], seed)[0]
        ends = mixed.node_id[mixed.edge_index[:, mixed.edge_origin == LINK][1, ::2]]
        assert sorted(ends.tolist()) == [1, 2]


def test_fixed_nodes_stay_in_their_graph_and_never_move_with_a_rest():
    graph, donor = random_graph(1), random_graph(2)
    graph.fixed, donor.fixed = torch.arange(14) == 3, torch.arange(14) == 5
    nothing = torch.zeros(14, dtype=torch.bool)
    mixed = mix_graphs([graph], [donor], [nothing], [nothing])[0]
    assert mixed.place[mixed.node_origin == EXPLANATION].tolist() == [1003]
    assert 2005 not in mixed.place.tolist()
    assert mixed.fixed.sum() == 1


def test_types_of_ones_own_say_which_ends_match():
    graph = Data(x=torch.ones(2, 1), edge_index=torch.tensor([[0, 1], [1, 0]]))
    donor = Data(x=torch.ones(3, 1), edge_index=torch.tensor([[0, 1, 0, 2], [1, 0, 2, 0]]))
    masks = torch.tensor([True, False]), torch.tensor([True, False, False])
    for wanted in (1, 2):
        types = torch.tensor([0, 7, 0, 5, 5])
        types[2 + wanted] = 7
        for seed in range(5):
            mixed = mix_graphs([graph], [donor], [masks[0]], [masks[1]], seed, types)[0]
            assert mixed.node_id[mixed.edge_index[:, mixed.edge_origin == LINK][1, 0]] == wanted


def test_features_of_any_shape_are_mixed():
    for x in (torch.arange(14), torch.rand(14, 2, 3), None):
        graph = random_graph(1)
        graph.x, graph.num_nodes = x, 14
        keep = torch.arange(14) < 5
        mixed = mix_graphs([graph], [graph], [keep], [keep])[0]
        assert mixed.num_nodes == 14
        assert x is None or torch.equal(mixed.x, x)
