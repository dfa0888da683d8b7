import pytest
import torch
from torch_geometric.data import Data

from hpme.io import describe_graph, paired, read_graphs


def test_a_molecule_is_described_by_its_atoms():
    (graph,) = read_graphs(b"CCO", "a.smi")
    assert describe_graph(graph) == {
        "Nodes": "3",
        "Edges": "2",
        "Features": "none",
        "Edge features": "4, single, double, triple, aromatic",
        "Ground truth": "not given",
        "Elements": "C 2, O 1",
    }


@pytest.mark.parametrize(
    ("smiles", "formulas"), [("CCN.Cl", "C2H7N, HCl"), ("[Na+].CC(=O)[O-].O", "C2H3O2-, Na+, H2O")]
)
def test_a_molecule_in_pieces_is_told_with_their_formulas_and_how_to_get_the_largest(smiles, formulas):
    (graph,) = read_graphs(smiles.encode(), "a.smi")
    count = formulas.count(",") + 1
    way = "hpme.chemistry.pieces.largest_piece(smiles) leaves the largest"
    assert describe_graph(graph)["Molecule"] == f"{count} pieces that are not joined: {formulas}; {way}"


def test_what_is_called_smiles_and_is_none_is_no_molecule_in_pieces():
    graph = Data(num_nodes=1, edge_index=torch.zeros(2, 0, dtype=torch.long), smiles="see p. 12")
    assert "Molecule" not in describe_graph(graph)


def test_all_that_a_file_tells_is_counted():
    graph = Data(
        x=torch.ones(2, 8),
        edge_index=torch.tensor([[0, 0, 1], [0, 1, 0]]),
        feature_names=["a" * 30, *"bcdefgh"],
        node_gt=torch.tensor([True, False]),
        node_mask=torch.tensor([[1.0], [0.0]]),
        y=torch.tensor([1]),
    )
    assert describe_graph(graph) == {
        "Nodes": "2",
        "Edges": "2, 1 of them loops",
        "Features": f"8, {'a' * 20}…, b, c, d, e, f, …",
        "Ground truth": "1 nodes",
        "Label": "1",
        "Explanation": "in the file, 1 of 2 nodes kept",
    }


def test_edges_alone_may_be_the_ground_truth():
    graph = Data(num_nodes=2, edge_index=torch.tensor([[0, 1], [1, 0]]), edge_gt=torch.tensor([True, True]))
    assert describe_graph(graph)["Ground truth"] == "1 edges"


def test_edges_are_read_with_their_nodes_and_all_else_alone():
    names = ["nodes.csv", "a.smi", "edges.csv", "b_nodes.csv", "EDGES.csv"]
    assert paired(dict.fromkeys(names, b"-")) == [
        ("a.smi",),
        ("edges.csv", "nodes.csv"),
        ("b_nodes.csv",),
        ("EDGES.csv", "nodes.csv"),
    ]
