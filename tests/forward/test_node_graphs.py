"""The graphs around nodes, by definition and against PyG's own."""

import pytest
import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.nn import APPNP, GCN, GIN, GCNConv, SGConv
from torch_geometric.utils import barabasi_albert_graph, coalesce, k_hop_subgraph

from hpme.forward.hops import around, distances
from hpme.forward.node_graphs import node_graphs
from hpme.forward.packed import pack
from hpme.forward.question import Question

NODES = {"mode": "multiclass_classification", "task_level": "node"}


@pytest.fixture
def whole() -> Data:
    torch.manual_seed(0)
    edges = coalesce(barabasi_albert_graph(60, 2))
    weight = torch.arange(edges.size(1)).float()
    return Data(
        x=torch.randn(60, 3),
        edge_index=edges,
        edge_attr=weight[:, None],
        u=torch.tensor([[1.0, 2]]),
        y=torch.arange(60),
    )


class Levelled(nn.Module):
    """A number of each node that depends on all nodes."""

    model_config = NODES

    def forward(self, x: Tensor, edge_index: Tensor) -> Tensor:
        return torch.stack([x[:, 0], x.mean().expand(len(x))], dim=1)


def saying(model: nn.Module) -> nn.Module:
    model.model_config = NODES
    return model.eval()


@pytest.mark.parametrize("hops", [0, 1, 2, 3])
def test_it_is_what_pyg_cuts_with_all_attributes(whole, hops):
    nodes = torch.tensor([5, 59, 0, 17, 5])
    cut, number = around(pack([whole]), nodes, hops)
    for graph, own, node in zip(cut.to_data_list(), cut.split_nodes(number), nodes.tolist(), strict=True):
        subset, edges, _, mask = k_hop_subgraph(
            node, hops, whole.edge_index, relabel_nodes=True, num_nodes=60
        )
        assert own.equal(subset)
        assert graph.edge_index.equal(edges)
        assert graph.x.equal(whole.x[subset])
        assert graph.edge_attr.equal(whole.edge_attr[mask])
        assert graph.u.tolist() == [[1.0, 2.0]]
        assert own[graph.centre].tolist() == [node]


def test_a_graph_that_is_too_large_takes_the_nearest_and_best_connected(whole):
    star = torch.tensor([[0] * 9, range(1, 10)])
    among = torch.tensor([[1, 2, 10], [10, 10, 3]])  # 10 is two steps away
    edges = torch.cat([star, among], 1)
    graph = Data(x=torch.ones(11, 1), edge_index=coalesce(torch.cat([edges, edges.flip(0)], 1)))
    cut, number = around(pack([graph]), torch.tensor([10, 0]), 2, most=5)
    first, second = cut.split_nodes(number)
    assert first.tolist() == [0, 1, 2, 3, 10]  # the hub has three edges to what is in, the others one
    assert second.tolist() == [0, 1, 2, 3, 4]


def test_distances_count_steps_from_the_centre(whole):
    cut, _ = around(pack([whole]), torch.tensor([5, 59]), 2)
    steps = distances(cut, 3)
    for nodes, own in zip(cut.split_nodes(steps), cut.to_data_list(), strict=True):
        assert nodes[own.centre].tolist() == [0]
        for hops in (1, 2):
            node = int(own.centre.nonzero())
            within = k_hop_subgraph(node, hops, own.edge_index, num_nodes=own.num_nodes)[0]
            assert (nodes <= hops).nonzero().view(-1).equal(within)


@pytest.mark.parametrize(("kind", "hops"), [(GIN, 2), (GCN, 3)])  # degrees need one step more
def test_the_model_answers_as_in_the_whole_graph(whole, kind, hops):
    torch.manual_seed(0)
    model = saying(kind(3, 8, num_layers=2, out_channels=4))
    graphs = node_graphs(model, whole, range(60))
    question = Question(model)
    expected = model(whole.x, whole.edge_index)
    assert torch.allclose(question(question.pack(graphs)), expected, atol=1e-5)
    assert torch.equal(torch.cat([graph.y for graph in graphs]), whole.y)
    _, number = around(pack([whole]), torch.tensor([40]), hops)
    assert node_graphs(model, whole, 40)[0].node_number.equal(number)


@pytest.mark.parametrize(
    "layer", [GCNConv(3, 4, cached=True), SGConv(3, 4, K=2, cached=True), APPNP(2, 0.1, cached=True)]
)
def test_layers_that_keep_the_whole_graph_are_asked_about_parts_of_it(whole, layer):
    model = saying(layer)
    expected = model(whole.x, whole.edge_index).detach()
    kept = {name: value for name, value in vars(layer).items() if name.startswith("_cached_")}
    graphs, question = node_graphs(model, whole, range(60)), Question(model)
    assert torch.allclose(question(question.pack(graphs)), expected, atol=1e-5)
    assert layer.cached
    assert all(vars(layer)[name] is value for name, value in kept.items())


def test_what_cannot_be_asked_about_nodes_is_refused(whole):
    steps = torch.arange(59)
    both = torch.stack([torch.cat([steps, steps + 1]), torch.cat([steps + 1, steps])])
    path = Data(x=whole.x, edge_index=coalesce(both))
    model = saying(GIN(3, 8, num_layers=2, out_channels=4))
    with pytest.raises(ValueError, match=r"^Expected nodes from 0 to 59 \(got 60\)"):
        node_graphs(model, whole, [3, 60])
    with pytest.raises(ValueError, match=r"^Expected task_level 'node' .* \(got 'graph'\)"):
        node_graphs(GIN(3, 8, num_layers=2, out_channels=4), whole, 3)
    with pytest.raises(ValueError, match=r"^Expected graphs around one node each, which 'centre' marks"):
        Question(model).pack([whole])
    with pytest.raises(ValueError, match=r"^Expected Levelled to answer about a node as in the whole graph"):
        node_graphs(Levelled(), path, 3)
    assert node_graphs(Levelled(), path, 3, hops=1)[0].node_number.tolist() == [2, 3, 4]


def test_a_mask_says_which_nodes_and_what_is_neither_is_refused(whole):
    model, mask = saying(GIN(3, 8, num_layers=2, out_channels=4)), torch.zeros(60, dtype=torch.bool)
    mask[[7, 30]] = True
    assert [int(graph.y) for graph in node_graphs(model, whole, mask)] == [7, 30]
    with pytest.raises(ValueError, match=r"^Expected a mask of 60 nodes \(got \[59\]\)"):
        node_graphs(model, whole, mask[1:])
    with pytest.raises(ValueError, match=r"^Expected numbers of nodes \(got torch.float32\)"):
        node_graphs(model, whole, [1.5])
