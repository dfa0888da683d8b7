import pytest
import torch
from torch_geometric.data import Data

from hpme import load_dataset
from hpme.datasets.spec import Dataset, DatasetSpec
from hpme.io import read_graphs
from hpme.own_data.fit_input import fit_to_input, molecular

SPEC = DatasetSpec(
    name="set",
    title="Set",
    task="graph-classification",
    description="",
    load=list,
    num_graphs=2,
    num_features=3,
    classes=("no", "yes"),
    ground_truth=False,
    source="",
    licence="",
)


def dataset(rows: list[list[float]], *labels: str) -> Dataset:
    """One graph with these rows, thrice; its columns are elements if there are labels."""
    graph = Data(x=torch.tensor(rows), edge_index=torch.zeros(2, 0, dtype=torch.long))
    return Dataset(DatasetSpec(**vars(SPEC) | {"node_labels": labels}), [graph], [graph], [graph])


MOLECULES = dataset([[1.0, 0, 0], [0, 1, 0]], "C", "O", "*")
ALIKE = dataset([[0.1, 0.1, 0.1]] * 2)
UNLIKE = dataset([[0.1, 0.1, 0.1], [0.2, 0.1, 0.1]])


def read(text: str) -> Data:
    return read_graphs(text.encode(), "pasted.txt")[0]


def named(**values: float) -> Data:
    return Data(
        x=torch.tensor([[*values.values()]]), feature_names=[*values], edge_index=torch.zeros(2, 0).long()
    )


def test_atoms_get_the_column_of_their_element_and_unknown_ones_that_of_any_other():
    fitted = fit_to_input(read("COCl"), MOLECULES)
    assert fitted.graph.x.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert fitted.graph.smiles == "COCl"
    assert "The model does not know Cl: encoded as" in fitted.how


def test_an_element_without_a_column_is_refused_where_there_is_none_for_others():
    with pytest.raises(ValueError, match=r"^Expected the elements C, O, N \(got Cl\)"):
        fit_to_input(read("CCl"), dataset([[1.0, 0, 0]], "C", "O", "N"))


def test_columns_named_by_elements_are_put_in_the_models_order():
    assert fit_to_input(named(O=1.0, C=2.0), MOLECULES).graph.x.tolist() == [[2, 1, 0]]


def test_as_many_features_without_names_are_taken_as_they_are():
    graph = read('{"nodes": [{"id": 0, "x": [1, 2, 3]}], "edges": []}')
    for data in (MOLECULES, ALIKE, UNLIKE):
        assert fit_to_input(graph, data).graph.x.tolist() == [[1, 2, 3]]


def test_a_model_of_structure_gives_every_node_its_one_row():
    for graph in (read("1,2"), read("CO"), named(q=1.0)):
        fitted = fit_to_input(graph, ALIKE)
        assert fitted.graph.x.tolist() == [pytest.approx([0.1] * 3)] * graph.num_nodes
        assert "that all nodes of the dataset have" in fitted.how


@pytest.mark.parametrize(
    ("graph", "data", "reason"),
    [
        (
            read("1,2"),
            MOLECULES,
            r"^Expected molecules for Set \(got no features and no elements\); give SMILES",
        ),
        (named(q=1.0), MOLECULES, r"got 1 features: q and no elements"),
        (read("1,2"), UNLIKE, r"^Expected 3 features at each node for Set \(got no features\); .* x0 to x2"),
        (named(q=1.0), UNLIKE, r"got 1 features: q"),
    ],
)
def test_what_is_missing_is_said(graph, data, reason):
    with pytest.raises(ValueError, match=reason):
        fit_to_input(graph, data)


def test_smiles_labels_and_ids_that_are_not_the_graphs_are_left_out():
    head = '{"nodes": [{"id": 0}, {"id": 1}], "edges": [{"source": 0, "target": 1}], "graph": '
    good = fit_to_input(read(head + '{"smiles": "CO", "y": 1, "graph_id": 3}}'), ALIKE).graph
    assert (good.smiles, good.y.tolist(), good.graph_id) == ("CO", [1], 3)
    for smiles in ("C.O", "CCO", "no"):
        bad = fit_to_input(read(head + '{"smiles": "' + smiles + '", "y": 2, "graph_id": -1}}'), ALIKE).graph
        assert {*bad.keys()} == {"x", "edge_index"}


def marked(**truth: torch.Tensor) -> Data:
    """A path of three nodes."""
    return Data(num_nodes=3, edge_index=torch.tensor([[0, 1, 1, 2], [1, 0, 2, 1]]), **truth)


def test_a_ground_truth_of_nodes_marks_the_edges_between_them_and_one_of_edges_their_ends():
    nodes, edges = torch.tensor([True, True, False]), torch.tensor([True, True, False, False])
    assert fit_to_input(marked(node_gt=nodes), ALIKE).graph.edge_gt.tolist() == edges.tolist()
    assert fit_to_input(marked(edge_gt=edges), ALIKE).graph.node_gt.tolist() == nodes.tolist()
    both = fit_to_input(marked(node_gt=nodes, edge_gt=~edges), ALIKE).graph
    assert both.edge_gt.tolist() == (~edges).tolist()


def test_features_that_the_model_does_not_know_are_said_to_be_left_out():
    assert "features in the file are ignored" in fit_to_input(named(weight=1.0), ALIKE).how
    assert "features in the file are ignored" not in fit_to_input(marked(), ALIKE).how


@pytest.mark.parametrize(
    ("graph", "expected"),
    [(read("CCO"), True), (named(C=1.0, Cl=0.0), True), (named(C=1.0, mass=2.0), False), (marked(), False)],
)
def test_a_molecule_is_known_by_its_elements(graph, expected):
    assert molecular(graph) == expected


def test_a_graph_is_none_of_a_dataset_whose_nodes_are_predicted():
    graph = Data(x=torch.ones(2, 10), edge_index=torch.tensor([[0, 1], [1, 0]]))
    with pytest.raises(
        ValueError, match=r"graphs are predicted \(got Tree-Cycles, whose nodes are\); choose"
    ):
        fit_to_input(graph, load_dataset("tree-cycles"))


def test_a_molecule_gets_label_and_truth_by_the_datasets_rule_unless_it_has_its_own():
    benzene = load_dataset("benzene")
    fitted = fit_to_input(read("Cc1ccccc1"), benzene)
    assert fitted.how.endswith("Label and ground truth are by the dataset's rule.")
    assert fitted.graph.y.equal(torch.tensor([1]))
    assert fitted.graph.node_gt.tolist() == [False] + [True] * 6
    assert int(fitted.graph.edge_gt.sum()) == 12
    assert not fit_to_input(read("CCO"), benzene).graph.node_gt.any()
    labelled = read("Cc1ccccc1")
    labelled.y = torch.tensor([0])
    kept = fit_to_input(labelled, benzene)
    assert kept.graph.y.equal(torch.tensor([0]))
    assert "node_gt" not in kept.graph
