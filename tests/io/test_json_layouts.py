# ruff: noqa: E501 - a case is a line
"""JSON in each layout in which tools write graphs; what it holds is read or named."""

import json
from typing import Any

import networkx as nx
import pytest
from torch_geometric.data import Data

from hpme.io import read_graphs


def read(data: Any) -> Data:
    (graph,) = read_graphs(json.dumps(data).encode(), "a.json")
    return graph


def path() -> nx.Graph:
    """Three nodes with a number, and two edges with another."""
    graph = nx.Graph(name="path")
    graph.add_nodes_from([("a", {"f": 1.5}), ("b", {"f": 2}), ("c", {"f": 0})])
    graph.add_weighted_edges_from([("a", "b", 0.5), ("b", "c", 2)])
    return graph


NODES, EDGES = (
    [{"id": "a", "f": 1.5}, {"id": "b", "f": 2}, {"id": "c", "f": 0}],
    [("a", "b", 0.5), ("b", "c", 2)],
)
INNER = [{"f": node["f"]} for node in NODES]
LINKS = [{"source": u, "target": v, "weight": w} for u, v, w in EDGES]
PLACES = [{"source": "abc".index(u), "target": "abc".index(v), "weight": w} for u, v, w in EDGES]
ELEMENTS = [{"data": node, "position": {"x": 1, "y": 2}} for node in NODES]
ELEMENTS_OF_EDGES = [{"data": {"id": f"e{i}", **link}} for i, link in enumerate(LINKS)]
WAYS = "the directions of 2 edges"
POSITION, EDGE_NAMES = "'position' at nodes (beside 'data')", "'id' at edges (a name)"
LAYOUTS: dict[str, tuple[Any, list[str] | None]] = {
    "node-link": (nx.node_link_data(path(), edges="links"), None),
    "node-link, directed": (nx.node_link_data(path().to_directed(as_view=False), edges="edges"), None),
    "node-link, one way": ({"directed": True, "nodes": NODES, "edges": LINKS}, [WAYS]),
    "node-link of networkx 1": ({"graph": [["name", "path"]], "nodes": NODES, "links": PLACES}, None),
    "adjacency": (nx.adjacency_data(path()), None),
    "adjacency, one way": (nx.adjacency_data(nx.DiGraph([*path().edges(data=True)])) | {"nodes": NODES}, [WAYS]),
    "networkx for Cytoscape": (
        nx.cytoscape_data(path()),
        [*(f"'{name}' at nodes (no number everywhere)" for name in ("value", "name")), "'data' of the graph"],
    ),
    "Cytoscape.js": (
        {"elements": {"nodes": ELEMENTS, "edges": ELEMENTS_OF_EDGES}, "zoom": 1},
        [POSITION, EDGE_NAMES, "'zoom' of the graph"],
    ),
    "elements in one list": ({"elements": [*ELEMENTS, *ELEMENTS_OF_EDGES]}, [POSITION, EDGE_NAMES]),
    "elements alone": ([*ELEMENTS, *({"group": "edges", **edge} for edge in ELEMENTS_OF_EDGES)], [POSITION, EDGE_NAMES]),
    "elements beside one another": ({"nodes": ELEMENTS, "edges": ELEMENTS_OF_EDGES}, [POSITION, EDGE_NAMES]),
    "JSON Graph Format 1": (
        {"graph": {"directed": False, "label": "path", "nodes": [{"id": n["id"], "metadata": {"f": n["f"]}} for n in NODES], "edges": [{"source": u, "target": v, "metadata": {"weight": w}} for u, v, w in EDGES]}},
        None,
    ),
    "JSON Graph Format 2": (
        {"graph": {"nodes": {n["id"]: {"metadata": {"f": n["f"]}} for n in NODES}, "edges": [{"source": u, "target": v, "relation": "is", "metadata": {"weight": w}} for u, v, w in EDGES]}},
        [WAYS],
    ),
    "JSON Graph Format, several": (
        {"graphs": [{"directed": False, "nodes": {n["id"]: {"metadata": {"f": n["f"]}} for n in NODES}, "edges": LINKS}]},
        None,
    ),
    "graphology": (
        {
            "options": {"type": "undirected"},
            "attributes": {"name": "path"},
            "nodes": [{"key": n["id"], "attributes": {"f": n["f"], "x": 1, "y": 2, "color": "red"}} for n in NODES],
            "edges": [{"key": f"e{u}", "source": u, "target": v, "attributes": {"weight": w}} for u, v, w in EDGES],
        },
        [*(f"'{name}' at nodes (drawing)" for name in ("x", "y", "color")), "'key' at edges (a name)", "'options' of the graph"],
    ),
    "graphology, mixed": (
        {"nodes": [{"key": n["id"], "attributes": {"f": n["f"]}} for n in NODES], "edges": [{"source": u, "target": v, "undirected": u == "a", "attributes": {"weight": w}} for u, v, w in EDGES]},
        ["the directions of 1 edge"],
    ),
    "d3, version 3": ({"nodes": [{"name": n["id"], "f": n["f"]} for n in NODES], "links": PLACES}, ["'name' at nodes (no number everywhere)"]),
    "d3, by name": ({"nodes": [{"name": n["id"], "f": n["f"]} for n in NODES], "links": LINKS}, None),
    "d3, version 4": ({"nodes": NODES, "links": LINKS}, None),
    "d3, after it was drawn": (
        {"nodes": [n | {"index": i, "vx": 0, "vy": 0, "x": 5, "y": i} for i, n in enumerate(NODES)], "links": [link | {"source": NODES["abc".index(link["source"])], "index": i} for i, link in enumerate(LINKS)]},
        [*(f"'{name}' at nodes (drawing)" for name in ("index", "vx", "vy")), "'index' at edges (drawing)", "'x' at nodes (a position)", "'y' at nodes (a position)"],
    ),
    "vis.js": (
        {"nodes": [n | {"color": "red", "x": 1} for n in NODES], "edges": [{"from": u, "to": v, "weight": w} for u, v, w in EDGES]},
        ["'color' at nodes (drawing)", "'x' at nodes (drawing)"],
    ),
    "vis.js, with arrows": (
        {"nodes": NODES, "edges": [{"from": u, "to": v, "weight": w, "arrows": "to"} for u, v, w in EDGES]},
        [WAYS, "'arrows' at edges (drawing)"],
    ),
    "Gephi": (
        {"nodes": [{"id": n["id"], "x": 1.0, "y": 2.0, "size": 10, "color": "rgb(0,0,0)", "attributes": {"f": n["f"]}} for n in NODES], "edges": [{**link, "id": "1", "color": "red"} for link in LINKS]},
        [*(f"'{name}' at nodes (drawing)" for name in ("x", "y", "size", "color")), "'color' at edges (drawing)", EDGE_NAMES],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_layout_gives_the_same_graph_and_says_what_it_leaves_out(name):
    data, lost = LAYOUTS[name]
    graph = read(data)
    assert graph.edge_index.tolist() == [[0, 1, 1, 2], [1, 0, 2, 1]]
    assert (graph.feature_names, graph.x.tolist()) == (["f"], [[1.5], [2], [0]])
    column = graph.edge_feature_names.index("weight")
    assert graph.edge_attr[:, column].tolist() == [0.5, 0.5, 2, 2]
    assert graph.get("left_out") == lost


BARE: dict[str, Any] = {
    "pairs": [["a", "b"], ["b", "c"]],
    "pairs of numbers": [[0, 1], [1, 2]],
    "pairs with weights": [["a", "b", 0.5], ["b", "c", 2]],
    "links alone": [{"source": "a", "target": "b"}, {"source": "b", "target": "c"}],
    "links of vis.js": [{"from": 1, "to": 2}, {"from": 2, "to": 3}],
    "names and pairs": {"nodes": ["a", "b", "c"], "edges": [["a", "b"], ["b", "c"]]},
    "pairs under edges": {"edges": [[0, 1], [1, 2]], "y": 1},
    "neighbours": {"a": ["b"], "b": ["a", "c"], "c": ["b"]},
    "neighbours with weights": {"a": {"b": 1}, "b": {"a": 1, "c": 2}, "c": {"b": 2}},
    "neighbours with fields": nx.to_dict_of_dicts(path()),
    "edge_index": {"edge_index": [[0, 1, 1, 2], [1, 0, 2, 1]], "num_nodes": 3},
    "pairs of places": {"edge_index": [[0, 1], [1, 0], [1, 2], [2, 1]]},
    "columns as lists": {"source": [0, 1], "target": [1, 2]},
    "columns of pandas": {"from": {"0": 0, "1": 1}, "to": {"0": 1, "1": 2}},
    "rows with other names": [{"Source": "a", "Target": "b"}, {"Source": "b", "Target": "c"}],
    "a matrix": [[0, 1, 0], [1, 0, 1], [0, 1, 0]],
}


@pytest.mark.parametrize("name", BARE)
def test_edges_alone_are_a_graph(name):
    graph = read(BARE[name])
    assert graph.edge_index.tolist() == [[0, 1, 1, 2], [1, 0, 2, 1]]
    assert "left_out" not in graph


def test_neighbours_that_stand_on_one_side_only_have_a_direction():
    assert read({"a": ["b"], "b": []}).left_out == ["the directions of 1 edge"]


def test_a_tree_is_a_graph():
    tree = nx.DiGraph([(0, 1), (0, 2), (2, 3)])
    nx.set_node_attributes(tree, {0: 1.0, 1: 2.0, 2: 3.0, 3: 4.0}, "size")
    graph = read(nx.tree_data(tree, 0))
    assert graph.edge_index.tolist() == [[0, 0, 1, 2, 2, 3], [1, 2, 0, 0, 3, 2]]
    assert graph.x.tolist() == [[1], [2], [3], [4]]
    assert graph.left_out == ["the directions of 3 edges"]
    deep = {"name": "flare", "children": [{"name": "a", "children": [{"name": "b", "value": 1}]}]}
    assert read(deep).num_nodes == 3


def test_lists_of_tensors_are_read_with_their_features():
    data = {"edge_index": [[0, 1], [1, 0]], "x": [[1, 2], [3, 4]], "edge_attr": [0.5, 0.5], "y": [1]}
    graph = read(data | {"node_gt": [True, False], "pos": [[0, 0], [1, 1]], "note": "mine"})
    assert (graph.x.tolist(), graph.edge_attr.tolist()) == ([[1, 2], [3, 4]], [[0.5], [0.5]])
    assert (graph.y.tolist(), graph.node_gt.tolist()) == ([1], [True, False])
    assert graph.left_out == ["'pos' beside 'edge_index'", "'note' of the graph"]
    assert read({"edge_index": [[0], [1]], "x": [1, 2]}).x.tolist() == [[1], [2]]


def test_features_may_be_called_as_ogb_calls_them_and_the_label_may_be_in_lists():
    graph = read({"edge_index": [[0, 1], [1, 0]], "node_feat": [[1], [2]], "edge_feat": [5, 5], "y": [[1]]})
    assert (graph.x.tolist(), graph.edge_attr[0].tolist(), graph.y.tolist()) == ([[1], [2]], [5], [1])
    assert "left_out" not in graph


@pytest.mark.parametrize("key", ["y", "target"])
def test_a_label_beside_the_nodes_is_the_label_of_the_graph(key):
    data = {"nodes": [{"id": 0}, {"id": 1}], "edges": [{"source": 0, "target": 1}]}
    assert read(data | {key: 1})[key].tolist() == [1]
    graph = read(data | {key: [0, 1, 1], "name": "mine", "more": {"a": 1}})
    assert (graph.name, graph.left_out) == ("mine", [f"'{key}' beside the nodes", "'more' of the graph"])


@pytest.mark.parametrize("inside", [False, True])
def test_a_list_of_labels_is_one_of_the_nodes(inside):
    data = {"nodes": [{"id": 0}, {"id": 1}], "edges": [{"source": 0, "target": 1}]}
    lists = {"y": [0, 1], "train_mask": [True, False]}
    graph = read(data | ({"graph": lists} if inside else lists))
    words = ["'y' at nodes (a field of graphs)", "'train_mask' at nodes (no number everywhere)"]
    assert ("y" in graph, graph.left_out) == (False, words)


def test_several_graphs_may_stand_in_one_file():
    one = {"nodes": NODES, "links": LINKS}
    assert [
        graph.num_nodes for graph in read_graphs(json.dumps([one, BARE["edge_index"]]).encode(), "a.json")
    ] == [3, 3]
    named = {
        "0": [[0, 1]],
        "1": [[0, 1], [1, 2]],
        "2": [[0, 1, 1, 1], [1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]],
    }
    graphs = read_graphs(json.dumps(named).encode(), "a.json")
    assert [(graph.name, graph.num_nodes) for graph in graphs] == [("0", 2), ("1", 3), ("2", 4)]


def test_three_rows_of_three_numbers_that_are_not_symmetric_are_edges_with_weights():
    graph = read([[0, 1, 5], [1, 2, 6], [2, 3, 7]])
    assert (graph.num_nodes, graph.edge_attr.flatten().tolist()) == (4, [5, 5, 6, 6, 7, 7])


REFUSED = {
    "no layout": ({"a": 1, "b": [2.5]}, r"'elements', .* \(got an object with 'a', 'b'\)"),
    "hyperedges": ({"graph": {"nodes": {"a": {}}, "hyperedges": [{"nodes": ["a"]}]}}, "'hyperedges'"),
    "no id for Cytoscape": ({"elements": {"nodes": [{"data": {}}], "edges": []}}, r"'id' .* as JSON of Cytoscape"),
    "elements that are none": ({"elements": [3]}, "a list of objects at 'elements'"),
    "an edge that is none": ({"nodes": ["a"], "edges": [["a"]]}, "a list of objects at 'nodes'"),
    "places out of range": ({"nodes": [{"name": "a"}], "links": [{"source": 0, "target": 1}]}, r"between nodes \(got 1\)"),
    "negative places": ({"edge_index": [[0], [-1]]}, "two lists of places"),
    "rows of another length": ({"edge_index": [[0], [1]], "x": [[1]], "num_nodes": 2}, r"2 values at 'x' \(got 1 values\)"),
    "adjacency that is too short": ({"nodes": [{"id": 1}], "adjacency": []}, "'adjacency' for each of the nodes"),
    "neighbours that are numbers": ({"a": [1.5]}, "Expected a graph as JSON"),
    "settings": ({"model": {"width": 64}, "training": {"epochs": 9}}, "Expected a graph as JSON"),
    "an error": ({"error": {"code": 404}}, "Expected a graph as JSON"),
    "parts of a split": ({"train": [0, 1, 3], "test": [2]}, "Expected a graph as JSON"),
    "columns without edges": ({"smiles": ["C", "O"], "y": [0, 1]}, "Expected a graph as JSON"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_graph_is_refused_with_the_layout_that_was_met(data, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        read(data)
    assert str(caught.value).startswith("Expected ")
    assert len(str(caught.value)) < 250


def test_two_rows_of_places_are_sources_and_targets_not_pairs():
    graph = read({"edge_index": [[0, 1], [2, 3]]})
    assert graph.edge_index.tolist() == [[0, 1, 2, 3], [2, 3, 0, 1]]


def test_a_key_of_two_values_is_refused_and_one_that_is_only_said_twice_is_read():
    nodes = '"nodes": [{"id": 0}, {"id": 1}]'
    once, twice = '"links": [{"source": 0, "target": 1}]', '"links": []'
    (graph,) = read_graphs(f"{{{nodes}, {nodes}, {once}}}".encode(), "a.json")
    assert graph.edge_index.tolist() == [[0, 1], [1, 0]]
    with pytest.raises(ValueError, match=r"^Expected JSON \(got two values of 'links' in one object\)"):
        read_graphs(f"{{{nodes}, {once}, {twice}}}".encode(), "a.json")
