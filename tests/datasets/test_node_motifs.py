"""The graphs whose nodes are predicted, against their definitions."""

import networkx as nx
import pytest
import torch
from torch_geometric.utils import contains_self_loops, is_undirected, to_networkx

from hpme.datasets import DATASETS, EMBEDDED, load_built_in
from hpme.datasets.motifs import GRID
from hpme.datasets.node_motifs import COPIES, HOUSE
from hpme.datasets.spec import split
from hpme.datasets.tree_cycles import SIX_CYCLE

NAMES = [name for name in EMBEDDED if DATASETS[name].of_nodes]
SHAPES = {"ba-shapes": HOUSE, "ba-community": HOUSE, "tree-cycles": SIX_CYCLE, "tree-grid": GRID}


@pytest.fixture(scope="module", params=NAMES)
def dataset(request):
    return load_built_in(request.param)


def test_every_stated_fact_is_true(dataset):
    spec, whole = dataset.spec, dataset.graph
    assert whole.x.shape == (spec.num_graphs, spec.num_features)
    assert whole.y.unique().tolist() == list(range(len(spec.classes)))
    assert spec.task == "node-classification"
    assert spec.default_model == "gcn"
    assert spec.ground_truth
    assert spec.num_edge_features == 0
    assert spec.description.endswith(".")


def test_the_graph_is_simple_undirected_and_the_same_each_time(dataset):
    whole, (again,) = dataset.graph, dataset.spec.load()
    assert is_undirected(whole.edge_index, num_nodes=whole.num_nodes)
    assert not contains_self_loops(whole.edge_index)
    assert whole.edge_index.unique(dim=1).size(1) == whole.edge_index.size(1)
    assert whole.edge_index.equal(again.edge_index)
    assert whole.x.equal(again.x)


def test_each_motif_is_the_shape_and_hangs_by_an_edge_or_by_noise(dataset):
    whole = dataset.graph
    shape, copies = nx.Graph(SHAPES[dataset.spec.name]), COPIES * (1 + (dataset.spec.name == "ba-community"))
    assert whole.motif.unique().tolist() == list(range(-1, copies))
    for number in range(copies):
        edges = whole.edge_index[:, whole.edge_motif == number]
        assert nx.is_isomorphic(nx.Graph(edges.t().tolist()), shape)
        assert edges.unique().tolist() == (whole.motif == number).nonzero().view(-1).tolist()
    assert (whole.y[whole.motif < 0] % 4 == 0).all()
    assert (whole.y[whole.motif >= 0] % 4 > 0).all()
    assert nx.is_connected(to_networkx(whole, to_undirected=True))


def test_classes_of_a_house_are_its_roof_its_middle_and_its_bottom():
    whole = load_built_in("ba-shapes").graph
    for number in range(COPIES):
        house = nx.Graph(whole.edge_index[:, whole.edge_motif == number].t().tolist())
        (roof,) = [node for node in house if whole.y[node] == 3]
        assert {int(whole.y[node]) for node in house[roof]} == {1}
        assert sorted(int(whole.y[node]) for node in set(house) - {roof, *house[roof]}) == [2, 2]


def test_the_communities_have_their_own_features_and_few_edges_between_them():
    whole = load_built_in("ba-community").graph
    second = whole.y >= 4
    assert whole.x[~second].mean() == pytest.approx(-1, abs=0.02)
    assert whole.x[second].mean() == pytest.approx(1, abs=0.02)
    assert whole.x.std(0) == pytest.approx([1.12] * 10, abs=0.05)
    between = second[whole.edge_index[0]] != second[whole.edge_index[1]]
    assert 0 < between.sum() <= 2 * 14 * 5


def test_the_masks_are_disjoint_whole_and_alike_in_classes(dataset):
    whole = dataset.graph
    masks = torch.stack([whole.train_mask, whole.val_mask, whole.test_mask]).long()
    assert (masks.sum(0) == 1).all()
    for mask, part, share in zip(
        masks, (dataset.train, dataset.val, dataset.test), (0.8, 0.1, 0.1), strict=True
    ):
        assert sorted(part.nodes.tolist()) == mask.nonzero().view(-1).tolist()
        counts = whole.y[part.nodes].bincount() / whole.y.bincount()
        assert counts.tolist() == pytest.approx([share] * len(counts), abs=0.02)


def test_graphs_are_those_around_the_nodes_with_their_own_motif_as_truth(dataset):
    whole = dataset.graph
    for graph in dataset.graphs[:: dataset.spec.num_graphs // 40]:
        node, numbers = graph.graph_id, graph.node_number
        assert numbers[graph.centre].tolist() == [node]
        assert int(graph.y) == int(whole.y[node])
        own = int(whole.motif[node])
        assert graph.node_gt.equal((whole.motif[numbers] == own) & (own >= 0))
        inside = graph.node_gt[graph.edge_index].all(0)
        assert not (graph.edge_gt & ~inside).any()
        assert graph.edge_gt.any() == (own >= 0)
        assert "motif" not in graph


def test_masks_that_a_graph_brings_are_its_split():
    whole = load_built_in("tree-cycles").graph.clone()
    whole.train_mask, whole.val_mask = whole.val_mask, whole.train_mask
    whole.test_mask[:] = False
    whole.test_mask[7] = True
    parts = split(DATASETS["tree-cycles"], [whole])
    assert parts.val.nodes.sort().values.equal(whole.val_mask.nonzero().view(-1))
    assert [graph.graph_id for graph in parts.test] == [7]
    assert len(parts.graphs) == 991
