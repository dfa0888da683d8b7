import pytest
import torch
from torch_geometric.data import Data

from hpme.chemistry.bonds import BONDS
from hpme.datasets.spec import Dataset, DatasetSpec
from hpme.io import read_graphs
from hpme.own_data.fit_edges import fit_edges
from hpme.own_data.fit_input import fit_to_input

PLAIN = {"name": "set", "title": "Set", "task": "graph-classification", "description": "", "load": list}
PLAIN |= {"num_graphs": 3, "classes": ("no", "yes"), "ground_truth": False, "source": "", "licence": ""}


def dataset(
    *labels: str, width: int | None = None, elements: tuple[str, ...] = (), whole: bool = False
) -> Dataset:
    """One graph thrice, whose edges have as many features as there are labels, or `width`."""
    x = torch.eye(2, len(elements) or 1)
    graph = Data(x=x.long() if whole else x, edge_index=torch.zeros(2, 0).long())
    count = len(labels) if width is None else width
    facts = {"num_features": x.size(1), "node_labels": elements, "num_edge_features": count}
    return Dataset(DatasetSpec(**PLAIN | facts, edge_labels=labels), [graph], [graph], [graph])


def pair(**fields: object) -> Data:
    """Two nodes and an edge, as a file has them."""
    smiles = fields.pop("smiles", None)
    graph = {
        "graph": {"smiles": smiles} if smiles else {},
        "nodes": [{"id": 0, "x": [1]}, {"id": 1, "x": [0]}],
    }
    graph["edges"] = [{"source": 0, "target": 1} | fields]
    return read_graphs(str(graph).replace("'", '"').encode(), "a.json")[0]


def smiles(text: str) -> Data:
    return read_graphs(text.encode(), "a.smi")[0]


def test_bonds_of_molecules_are_put_in_the_datasets_order():
    for labels in (BONDS, BONDS[::-1], ("aromatic", "single", "double", "triple")):
        rows, words = fit_edges(smiles("CC#N"), dataset(*labels))
        assert [labels[i] for i in rows.argmax(1).tolist()] == ["single", "single", "triple", "triple"]
        assert words == ("" if labels == BONDS else " Features of edges are matched by name.")


def test_aromatic_bonds_take_turns_where_the_dataset_has_none():
    rows, words = fit_edges(smiles("c1ccccc1"), dataset("single", "double", "triple"))
    assert rows.sum(0).tolist() == [6, 6, 0]
    assert words == " The types of bonds are read from its SMILES."


@pytest.mark.parametrize(
    ("fields", "labels", "row"),
    [
        ({"bond": "double"}, BONDS, [0, 1, 0, 0]),
        ({"type": "DOUBLE"}, BONDS, [0, 1, 0, 0]),
        ({"double": 1, "aromatic": 0}, BONDS, [0, 1, 0, 0]),
        ({"bond": "double"}, ("bond=double", "bond=single"), [1, 0]),
        ({"w": 0.5, "v": 2}, ("v", "w", "u"), [2, 0.5, 0]),
    ],
)
def test_features_with_names_are_matched(fields, labels, row):
    rows, words = fit_edges(pair(**fields), dataset(*labels))
    assert rows.tolist() == [row, row]
    assert words == " Features of edges are matched by name."


def test_as_many_features_are_taken_as_they_are_where_one_side_has_no_names():
    for graph, data in (
        (pair(edge_attr=[2, 3]), dataset("single", "double")),
        (pair(edge_attr=[2, 3]), dataset(width=2)),
        (pair(a=2, b=3), dataset(width=2)),
    ):
        rows, words = fit_edges(graph, data)
        assert (rows.tolist(), rows.dtype) == ([[2, 3], [2, 3]], torch.float32)
        assert words == " The 2 features of each edge are taken as they are."


def test_types_of_bonds_are_read_from_smiles_where_the_file_has_none_that_fit():
    for fields in ({}, {"w": 0.5}, {"edge_attr": [1, 2, 3]}):
        rows, words = fit_edges(pair(smiles="C=O", **fields), dataset(*BONDS))
        assert rows.tolist() == [[0, 1, 0, 0]] * 2
        assert words == " The types of bonds are read from its SMILES."
    assert fit_edges(pair(smiles="CCO"), dataset(*BONDS))[0] is None  # not these atoms


@pytest.mark.parametrize(
    ("graph", "data", "words"),
    [
        (pair(), dataset(), ""),
        (pair(w=1), dataset(), " The 1 features of each edge are left out: edges of Set have none."),
        (
            pair(w=1),
            dataset("a", "b"),
            " The 1 features of each edge are left out: edges of Set have 2 (a, b).",
        ),
        (
            pair(a=1, c=1),
            dataset("a", "b"),
            " The 2 features of each edge are left out: edges of Set have 2 (a, b).",
        ),
        (
            pair(),
            dataset(width=2),
            " The edges have no features; those of Set have 2, and some models need them.",
        ),
    ],
)
def test_what_does_not_fit_is_left_out_with_a_word(graph, data, words):
    assert fit_edges(graph, data) == (None, words)


def test_a_graph_without_edges_fits_any_width():
    assert fit_edges(smiles("C"), dataset(*BONDS))[0].shape == (0, 4)
    assert fit_edges(smiles("C"), dataset(width=7))[0].shape == (0, 7)


def test_a_fitted_graph_has_its_edges_features_beside_its_atoms_and_the_words():
    data = dataset(*BONDS, elements=("C", "N"))
    fitted = fit_to_input(smiles("C#N"), data)
    assert fitted.graph.edge_attr.tolist() == [[0, 0, 1, 0]] * 2
    assert fitted.how == "Each atom is encoded by its element."
    fitted = fit_to_input(pair(w=2), dataset(width=1))
    assert fitted.how.endswith("as they are. The 1 features of each edge are taken as they are.")


def test_whole_numbers_become_what_the_datasets_features_are():
    assert fit_to_input(pair(), dataset()).graph.x.dtype == torch.float32
    assert fit_to_input(pair(), dataset(whole=True)).graph.x.dtype == torch.int64
    half = pair()
    half.x = torch.tensor([[1.0], [0.5]])
    with pytest.raises(
        ValueError, match=r"^Expected whole numbers as features for Set \(got \[0.5\] at node 1\)"
    ):
        fit_to_input(half, dataset(whole=True))
