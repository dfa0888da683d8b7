import networkx as nx
import pytest
import torch
from rdkit import Chem
from torch_geometric.data import Batch
from torch_geometric.utils import contains_self_loops, is_undirected, to_networkx

from hpme.datasets import DATASETS, load_dataset
from hpme.datasets.ba_2motifs import CYCLE, HOUSE
from hpme.datasets.molecules import ELEMENTS, bundled_smiles, molecule


@pytest.fixture(scope="module", params=list(DATASETS))
def dataset(request):
    return load_dataset(request.param)


def test_every_stated_fact_is_true(dataset):
    spec, graphs = dataset.spec, dataset.graphs
    assert len(graphs) == spec.num_graphs
    assert {graph.x.size(1) for graph in graphs} == {spec.num_features}
    assert {int(graph.y) for graph in graphs} == set(range(len(spec.classes)))
    assert all(("node_gt" in graph and "edge_gt" in graph) == spec.ground_truth for graph in graphs)
    assert spec.molecular == all("smiles" in graph for graph in graphs)
    assert len(spec.node_labels) in (0, spec.num_features)
    assert spec.task == "graph-classification"
    assert spec.source
    assert spec.licence
    assert spec.description.endswith(".")


def test_graphs_are_simple_undirected_and_in_range(dataset):
    union = Batch.from_data_list(dataset.graphs)
    assert is_undirected(union.edge_index, num_nodes=union.num_nodes)
    assert not contains_self_loops(union.edge_index)
    assert union.edge_index.unique(dim=1).size(1) == union.edge_index.size(1)
    assert torch.equal(union.edge_gt, union.node_gt[union.edge_index].all(0))
    assert torch.equal(union.batch[union.edge_index[0]], union.batch[union.edge_index[1]])


def test_splits_are_disjoint_whole_and_alike_in_classes(dataset):
    parts = (dataset.train, dataset.val, dataset.test)
    ids = [graph.graph_id for part in parts for graph in part]
    assert sorted(ids) == list(range(dataset.spec.num_graphs))
    for part, share in zip(parts, (0.8, 0.1, 0.1), strict=True):
        assert len(part) == pytest.approx(share * len(ids), abs=2)
        assert sum(int(graph.y) for graph in part) == pytest.approx(len(part) / 2, abs=1)


def test_loading_twice_gives_the_same_graphs(dataset):
    again = dataset.spec.load()
    for graph, other in zip(dataset.graphs[::97], again[::97], strict=True):
        assert torch.equal(graph.x, other.x)
        assert torch.equal(graph.edge_index, other.edge_index)


def test_a_motif_hangs_on_a_tree_by_one_edge():
    for graph in load_dataset("ba-2motifs").graphs[::50]:
        network = to_networkx(graph, to_undirected=True)
        motif = network.subgraph(range(20, 25))
        assert nx.is_isomorphic(motif, nx.Graph(HOUSE if int(graph.y) else CYCLE))
        assert nx.is_tree(network.subgraph(range(20)))
        assert len(nx.node_boundary(network, range(20), range(20, 25))) == 1
        assert graph.x.unique().tolist() == pytest.approx([0.1])


def test_the_bundled_files_give_the_published_counts():
    molecules = [molecule(smiles) for smiles in bundled_smiles()]
    assert len(molecules) == 9409

    def having(smarts: str) -> int:
        query = Chem.MolFromSmarts(smarts)
        return sum(mol.HasSubstructMatch(query) for mol in molecules)

    assert len(molecules) - having("c1ccccc1") == 3291


def test_the_ground_truth_of_toluene_like_molecules_is_their_ring():
    graphs = {graph.smiles: graph for graph in load_dataset("benzene").graphs}
    toluene_acid = next(graph for smiles, graph in graphs.items() if smiles == "O=C(O)c1ccccc1")
    symbols = [ELEMENTS[i] for i in toluene_acid.x.argmax(1).tolist()]
    assert symbols == ["O", "C", "O", "C", "C", "C", "C", "C", "C"]
    assert toluene_acid.node_gt.tolist() == [False] * 3 + [True] * 6
    assert int(toluene_acid.edge_gt.sum()) == 12  # six bonds, both directions


def test_node_order_is_the_atom_order_of_the_smiles():
    for graph in load_dataset("benzene").graphs[::20]:
        mol = molecule(graph.smiles)
        symbols = [atom.GetSymbol() for atom in mol.GetAtoms()]
        shown = [ELEMENTS[i] for i in graph.x.argmax(1).tolist()]
        assert [symbol if symbol in ELEMENTS else "*" for symbol in symbols] == shown
        bonds = {frozenset((bond.GetBeginAtomIdx(), bond.GetEndAtomIdx())) for bond in mol.GetBonds()}
        assert {frozenset(edge) for edge in graph.edge_index.t().tolist()} == bonds


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(KeyError, match="ba-2motifs, benzene"):
        load_dataset("mutagg")
