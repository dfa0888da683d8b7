from dataclasses import replace

import networkx as nx
import pytest
import torch
from torch_geometric.data import Data
from torch_geometric.utils import is_undirected, to_networkx, to_undirected

from hpme import load_dataset
from hpme.forward.packed import pack
from hpme.metrics.neutral import displaced, grown, halved, kept_neutrally
from hpme.seeding import generator


@pytest.fixture(scope="module")
def drawn():
    """Twenty graphs, the first third of the nodes of each, and another graph as the donor of each."""
    graphs = pack(load_dataset("ba-2motifs").train[:20])
    place = torch.arange(len(graphs.x)) - graphs.node_ptr[graphs.batch]
    return graphs, place < graphs.node_ptr.diff()[graphs.batch] // 3, torch.arange(20).roll(3)


def marked(graphs):
    """The graphs with features that name graph and node, and edges that name themselves."""
    number = torch.arange(len(graphs.x))[:, None].float()
    kinds = {"edge_attr": torch.arange(graphs.edge_index.size(1))[:, None]}
    return replace(graphs, x=number, edge_attrs=kinds)


def test_a_grown_piece_is_connected_and_as_large_as_asked(drawn):
    graphs, _, _ = drawn
    sizes = torch.arange(20) % 7
    piece = grown(graphs, sizes, generator(0))
    assert torch.bincount(graphs.batch[piece], minlength=20).tolist() == sizes.tolist()
    for graph, part in zip(graphs.to_data_list(), graphs.split_nodes(piece), strict=True):
        nodes = part.nonzero().view(-1).tolist()
        assert not nodes or nx.is_connected(to_networkx(graph, to_undirected=True).subgraph(nodes))
    assert not torch.equal(piece, grown(graphs, sizes, generator(1)))


def test_a_piece_goes_on_in_another_part_and_ends_with_the_graph(make_graph):
    graphs = pack([make_graph([1.0] * 5, [(0, 1), (2, 3)]), make_graph([1.0] * 2, [])])
    piece = grown(graphs, torch.tensor([4, 9]), generator(0)).tolist()
    assert sum(piece[:5]) == 4
    assert piece[5:] == [True, True]


def test_kept_nodes_stand_in_the_donor_with_all_their_edges_among_them(drawn):
    graphs, keep, donor = drawn
    named = marked(graphs)
    mixed = displaced(named, keep, donor, generator(0))
    kept = torch.bincount(graphs.batch[keep], minlength=20)
    assert mixed.node_ptr.diff().tolist() == graphs.node_ptr.diff()[donor].tolist()  # n of the donor
    for i, graph in enumerate(mixed.to_data_list()):
        number = graph.x.view(-1).long()
        own, count = graphs.batch[number] == i, int(kept[i])
        assert own.tolist() == [True] * count + [False] * (graph.num_nodes - count)
        assert torch.equal(number[own], (keep & (graphs.batch == i)).nonzero().view(-1))
        assert (graphs.batch[number[~own]] == donor[i]).all()
        assert is_undirected(graph.edge_index)
        assert len(graph.edge_index.t().unique(dim=0)) == graph.edge_index.size(1)  # no edge twice
        ends, edges = number[graph.edge_index], graph.edge_attr.view(-1)
        same = own[graph.edge_index[0]] == own[graph.edge_index[1]]
        assert torch.equal(ends[:, same], named.edge_index[:, edges[same]])  # what is not a link is as it was
        inside = keep[named.edge_index].all(0) & (graphs.edge_batch == i)
        assert int((own[graph.edge_index].all(0)).sum()) == int(inside.sum())
        link = ~same  # and a link is an edge that the kept nodes lost, with its attributes
        lost = named.edge_index[:, edges[link]]
        assert torch.equal(ends[:, link][:, own[graph.edge_index[0, link]]][0], lost[:, keep[lost[0]]][0])


def test_new_ends_are_nodes_that_lost_an_edge_whatever_their_type(make_graph):
    star = make_graph([9.0, 1.0, 2.0], [(0, 1), (0, 2)])
    path = make_graph([1.0, 2.0, 3.0, 4.0], [(0, 1), (1, 2), (2, 3)])
    keep = torch.tensor([True, False, False, True, False, False, False])
    found = set()
    for seed in range(40):
        first = displaced(pack([star, path]), keep, torch.tensor([1, 0]), generator(seed)).to_data_list()[0]
        rest = first.x.view(-1).tolist()
        assert rest[0] == 9
        gone = ({1.0, 2.0, 3.0, 4.0} - set(rest)).pop()
        ends = {rest[v] for u, v in first.edge_index.t().tolist() if u == 0}
        assert ends <= {gone - 1, gone + 1}  # neighbours, on the path, of the node that made room
        found |= {(gone, end) for end in ends}
    assert found == {(1, 2), (2, 1), (2, 3), (3, 2), (3, 4), (4, 3)}


def test_a_piece_without_neighbours_leaves_the_links_to_any_node_and_a_small_donor_none(make_graph):
    star = make_graph([9.0, 1.0, 2.0], [(0, 1), (0, 2)])
    apart, lone = make_graph([5.0, 6.0], []), make_graph([7.0], [])
    keep = torch.tensor([True, False, False, True, False, True])
    mixed = displaced(pack([star, apart, lone]), keep, torch.tensor([1, 2, 0]), generator(0)).to_data_list()
    assert mixed[0].num_nodes == 2  # the one kept, and what is left of the two apart
    assert mixed[0].edge_index.size(1) == 2  # two edges met, of which one counts
    assert mixed[1].x.view(-1).tolist() == [5]
    assert mixed[1].edge_index.size(1) == 0


def test_one_way_edges_stay_so(make_graph):
    arrow = Data(x=torch.tensor([[1.0], [2.0]]), edge_index=torch.tensor([[0], [1]]))
    keep = torch.tensor([True, False, True, False])
    mixed = displaced(pack([arrow, arrow]), keep, torch.tensor([1, 0]), generator(0))
    assert mixed.edge_index.tolist() == [[0, 2], [1, 3]]


def test_what_is_thinned_keeps_the_kept_nodes_and_about_half_of_the_others(drawn):
    graphs, keep, _ = drawn
    left = halved(marked(graphs), keep, generator(0)).x.view(-1).long()
    assert set(keep.nonzero().view(-1).tolist()) <= set(left.tolist())
    others = len(left) - int(keep.sum())
    assert others == pytest.approx(int((~keep).sum()) / 2, rel=0.15)


def test_explanations_that_decide_are_kept_and_others_are_not(feature_sum):
    edges = to_undirected(torch.tensor([[0, 1, 2, 3], [1, 2, 3, 4]]))
    value = [[3.0, 0, 0, 0, 0], [0.0, 0, 0, 0, 0]] * 4  # class 1 where the sum is above 2.5
    graphs = [Data(x=torch.tensor(row)[:, None], edge_index=edges) for row in value]
    first, last = (torch.tensor([i == place for i in range(5)]) for place in (0, 4))
    decisive = kept_neutrally(feature_sum, graphs, [first] * 8, seed=0, draws=20)
    assert decisive[::2].tolist() == [1] * 4
    assert decisive.mean() > kept_neutrally(feature_sum, graphs, [last] * 8, seed=0, draws=20).mean()
    assert torch.equal(decisive, kept_neutrally(feature_sum, graphs, [first] * 8, seed=0, draws=20))
    with pytest.raises(ValueError, match=r"^Expected at least two graphs \(got 1\)"):
        kept_neutrally(feature_sum, graphs[:1], [first], seed=0)
