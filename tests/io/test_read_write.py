import json
from dataclasses import replace

import networkx as nx
import pytest
import torch
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import limits
from hpme.io import WRITERS, read_graphs, write_graph


@pytest.fixture
def explanation(path) -> Explanation:
    """Edges 0 - 1, 1 - 2, 2 - 3 in sorted order: (0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2)."""
    return Explanation(
        x=path.x,
        edge_index=path.edge_index,
        node_mask=torch.tensor([[1.0], [1.0], [0.0], [0.0]]),
        node_score=torch.tensor([0.9, 0.1, -1 / 3, 1e-20]),
        edge_mask=torch.tensor([1.0, 1.0, 0.0, 0.0, 0.0, 0.0]),
        edge_score=torch.tensor([0.1, 0.1, -1 / 3, -1 / 3, 0.7, 0.7]),
        target=torch.tensor([1]),
        capacity_bits=14.2,
    )


def same(graph: Data, other: Data) -> bool:
    """Equal fields, values and dtypes."""
    left, right = graph.to_dict(), other.to_dict()
    return left.keys() == right.keys() and all(
        value.dtype == right[name].dtype and torch.equal(value, right[name])
        if isinstance(value, torch.Tensor)
        else value == right[name]
        for name, value in left.items()
    )


@pytest.mark.parametrize("kind", WRITERS)
def test_a_graph_and_its_explanation_come_back_as_they_were(path, explanation, kind):
    path.y, path.graph_id, path.smiles = torch.tensor([1]), 7, "C<&>C"
    explanation.prediction, explanation.probability = "mutagenic", 0.75
    explanation.element = ["C", "N", "*", "Cl"]
    explanation.provenance = json.dumps({"seed": 0, "config": {"hidden": 64}})
    (back,) = read_graphs(write_graph(path, explanation, kind), f"graph.{kind}")
    assert same(back, Data.from_dict(path.to_dict() | explanation.to_dict()))


def test_a_safetensors_file_is_known_however_long_its_header_is(path):
    """Its first bytes say that length, and at 640, 896, 1,152 and 1,408 they are also those of a pickle."""
    begun = set()
    for length in range(0, 512, 8):
        path.name = "a" * length
        content = write_graph(path, None, "safetensors")
        (back,) = read_graphs(content, "graph.safetensors")
        assert same(back, path)
        begun.add(content[:2])
    assert begun & {b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"}


@pytest.mark.parametrize("kind", WRITERS)
def test_a_mixed_graph_keeps_its_provenance_and_gets_sorted_edges(kind):
    mixed = Data(
        x=torch.tensor([[0.1, 1.0], [0.2, 0.0]]),
        edge_index=torch.tensor([[1, 0, 1], [0, 1, 1]]),  # with a loop at 1
        node_origin=torch.tensor([0, 1]),
        node_id=torch.tensor([5, 0]),
        edge_origin=torch.tensor([2, 2, 1]),
        y=torch.tensor([0.25]),
    )
    (back,) = read_graphs(write_graph(mixed, None, kind), f"graph.{kind}")
    assert back.edge_index.tolist() == [[0, 1, 1], [1, 0, 1]]
    mixed.edge_index, mixed.edge_origin = back.edge_index, torch.tensor([2, 2, 1])
    assert same(back, mixed)


@pytest.mark.parametrize("kind", WRITERS)
def test_a_single_node_without_edges_comes_back(make_graph, kind):
    graph = make_graph([1.0], [])
    assert same(read_graphs(write_graph(graph, None, kind), f"a.{kind.upper()}")[0], graph)


@pytest.mark.parametrize("kind", WRITERS)
def test_the_same_graph_gives_the_same_bytes(path, explanation, kind):
    assert write_graph(path, explanation, kind) == write_graph(path.clone(), explanation.clone(), kind)


def test_networkx_reads_what_we_write(path, explanation, tmp_path):
    (tmp_path / "path.graphml").write_bytes(write_graph(path, explanation, "graphml"))
    graph = nx.read_graphml(tmp_path / "path.graphml")
    assert sorted(graph.edges) == [("n0", "n1"), ("n1", "n2"), ("n2", "n3")]
    assert graph.nodes["n0"] == {
        "x0": 3.0,
        "node_gt": True,
        "node_mask": 1.0,
        "node_score": pytest.approx(0.9),
    }
    graph = nx.node_link_graph(json.loads(write_graph(path, explanation, "json")), edges="edges")
    assert sorted(graph.edges) == [(0, 1), (1, 2), (2, 3)]
    assert graph.nodes[1]["x"] == [2.0]


@pytest.mark.parametrize("key", ["edges", "links"])
def test_we_read_what_networkx_writes(key):
    graph = nx.Graph(y=1)
    graph.add_node("b", x=[1.0, 2])
    graph.add_node("a", x=[0, 0.5])
    graph.add_edge("a", "b", colour="red")
    content = json.dumps(nx.node_link_data(graph, edges=key)).encode()
    (back,) = read_graphs(content, "graph.json")
    assert back.x.tolist() == [[1, 2], [0, 0.5]]
    assert back.edge_index.tolist() == [[0, 1], [1, 0]]
    assert back.y.tolist() == [1]
    assert set(back.keys()) == {"x", "edge_index", "y", "edge_attr", "edge_feature_names"}
    assert (back.edge_feature_names, back.edge_attr.tolist()) == (["colour=red"], [[1], [1]])


def test_we_read_graphml_that_networkx_writes():
    graph = nx.Graph(y=1)
    graph.add_node("b", x0=1.0, x1=2.0)
    graph.add_node("a", x0=0.0, x1=0.5)
    graph.add_edge("a", "b", node_gt="not an edge's field")
    (back,) = read_graphs("".join(nx.generate_graphml(graph)).encode(), "graph.graphml")
    assert back.x.tolist() == [[1, 2], [0, 0.5]]
    assert back.edge_index.tolist() == [[0, 1], [1, 0]]


def test_a_list_holds_several_graphs(path, make_graph):
    files = [json.loads(write_graph(graph, None, "json")) for graph in (path, make_graph([1.0], []))]
    assert [graph.num_nodes for graph in read_graphs(json.dumps(files).encode(), "two.json")] == [4, 1]


def test_a_byte_order_mark_is_passed_over(path):
    content = b"\xef\xbb\xbf" + write_graph(path, None, "json")
    assert same(read_graphs(content, "graph.json")[0], path)


def test_an_edge_given_in_both_directions_is_one_edge():
    content = b'{"nodes": [{"id": 0, "x": [1]}, {"id": 1, "x": [1]}], "edges": [%s]}'
    twice = b'{"source": 0, "target": 1}, {"source": 1, "target": 0}'
    assert read_graphs(content % twice, "graph.json")[0].edge_index.tolist() == [[0, 1], [1, 0]]


def test_an_unknown_kind_is_refused(path):
    with pytest.raises(ValueError, match=r"^Expected text \(got the character 0x00 at position 2\)"):
        read_graphs(b"MZ\0", "graph.exe")
    with pytest.raises(KeyError, match=r"got 'pickle'"):
        write_graph(path, None, "pickle")


@pytest.mark.parametrize(("limit", "got"), [("nodes", 4), ("edges", 3), ("bytes", "[0-9]+"), ("values", 4)])
def test_too_much_is_refused(path, monkeypatch, limit, got):
    content = write_graph(path, None, "json")
    monkeypatch.setattr(limits, "LIMITS", replace(limits.LIMITS, **{limit: 2}))
    with pytest.raises(ValueError, match=rf"^Expected . to 2 {limit} in a file \(got {got}\); "):
        read_graphs(content, "graph.json")


def test_too_many_graphs_or_none_are_refused():
    with pytest.raises(ValueError, match=r"^Expected 1 to 1,000 graphs in a file \(got 1,001\); "):
        read_graphs(json.dumps([{"nodes": [], "edges": []}] * 1001).encode(), "graph.json")
    with pytest.raises(ValueError, match=r"got 0"):
        read_graphs(b"[]", "graph.json")


def test_edges_that_differ_by_direction_are_not_written(path, explanation):
    explanation.edge_mask = torch.arange(6.0)
    with pytest.raises(ValueError, match=r"^Expected one 'edge_mask' for both .*\(got 0 and 1 at 0 to 1\)"):
        write_graph(path, explanation, "json")


@pytest.mark.parametrize(
    ("edges", "got"),
    [([[0], [1]], "one of 0 to 1"), ([[0, 1, 0, 1], [1, 0, 1, 0]], "0 to 1 twice")],
)
def test_one_way_or_double_edges_are_not_written(edges, got):
    graph = Data(x=torch.zeros(2, 1), edge_index=torch.tensor(edges))
    with pytest.raises(ValueError, match=rf"^Expected both directions of each edge, once \(got {got}\)"):
        write_graph(graph, None, "json")


def test_values_that_are_not_finite_or_of_another_graph_are_not_written(path, explanation):
    with pytest.raises(ValueError, match=r"^Expected 4 values of 'node_score' \(got 3\)"):
        write_graph(path, Explanation(node_score=torch.zeros(3)), "json")
    explanation.node_score[0] = torch.nan
    with pytest.raises(ValueError, match=r"^Expected 'node_score' to be finite \(got nan in row 0\)"):
        write_graph(path, explanation, "json")
