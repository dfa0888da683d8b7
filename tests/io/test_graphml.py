"""GraphML as yEd, Cytoscape, Gephi, igraph and networkx write it; what it holds is read or named."""

from itertools import pairwise

import networkx as nx
import pytest
from torch_geometric.data import Data

from hpme.io import read_graphs

PAIR = '<node id="a"/><node id="b"/>'


def read(body: str, keys: str = "", default: str = "undirected") -> Data:
    xml = 'xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml"'
    graph = f'<graph edgedefault="{default}">{body}</graph>'
    (data,) = read_graphs(f"<graphml {xml}>{keys}{graph}</graphml>".encode(), "a.graphml")
    return data


def key(name: str, kind: str, place: str = "node", default: str | None = None) -> str:
    inner = "" if default is None else f"<default>{default}</default>"
    return f'<key id="d0" for="{place}" attr.name="{name}" attr.type="{kind}">{inner}</key>'


def valued(*values: str) -> str:
    """Nodes a, b, ... with values of the key d0, and edges along them."""
    names = "abcdef"[: len(values)]
    nodes = "".join(
        f'<node id="{n}"><data key="d0">{v}</data></node>' for n, v in zip(names, values, strict=True)
    )
    return nodes + "".join(f'<edge source="{u}" target="{v}"/>' for u, v in pairwise(names))


def test_a_drawing_of_yed_is_its_graph_and_the_rest_is_named():
    keys = '<key for="node" id="d0" yfiles.type="nodegraphics"/>'
    keys += '<key for="graphml" id="d9" yfiles.type="resources"/>'
    shape = '<y:ShapeNode><y:Fill color="#FFCC00"/><y:NodeLabel>A</y:NodeLabel></y:ShapeNode>'
    nodes = f'<node id="n0"><data key="d0">{shape}</data></node><node id="n1"/><node id="n2"/>'
    graph = read(
        nodes + '<edge id="e0" source="n0" target="n1"/><edge id="e1" source="n1" target="n2"/>',
        keys,
        "directed",
    )
    assert (graph.num_nodes, graph.num_edges) == (3, 4)
    assert graph.left_out == [
        "the directions of 2 edges",
        "'nodegraphics' at nodes (drawing)",
        "'label' at nodes (no number everywhere)",
    ]


@pytest.mark.parametrize(
    ("edges", "lost"),
    [
        ('<edge source="a" target="b" directed="false"/>', None),
        ('<edge source="a" target="b"/><edge source="b" target="a"/>', None),
        ('<edge source="a" target="a"/><edge source="a" target="b" directed="false"/>', None),
        ('<edge source="a" target="b"/>', ["the directions of 1 edge"]),
        (
            '<edge source="a" target="b"/><edge source="a" target="b"/><edge source="b" target="a"/>',
            ["the directions of 1 edge", "1 edge beside another of the same two nodes"],
        ),
    ],
)
def test_directions_are_lost_only_where_there_are_any(edges, lost):
    assert read(PAIR + edges, default="directed").get("left_out") == lost


def test_a_field_that_differs_by_direction_is_left_out_by_name():
    edges = [
        f'<edge source="{u}" target="{v}"><data key="d0">{w}</data><data key="d1">{w > 3}</data></edge>'
        for u, v, w in (("a", "b", 1), ("b", "a", 2), ("b", "c", 3))
    ]
    keys = key("w", "double", "edge") + '<key id="d1" for="edge" attr.name="far" attr.type="boolean"/>'
    graph = read(f'{PAIR}<node id="c"/>{"".join(edges)}', keys, "directed")
    assert graph.edge_index.tolist() == [[0, 1, 1, 2], [1, 0, 2, 1]]
    assert (graph.edge_feature_names, graph.edge_attr.tolist()) == (["far"], [[0.0]] * 4)
    assert graph.left_out == [
        "the directions of 1 edge",
        "'w' at edges (differs at edges of the same two nodes)",
    ]


@pytest.mark.parametrize("kind", ["int", "integer", "long", "xs:integer", "Integer"])
def test_whole_numbers_have_many_types(kind):
    assert read(valued("1", "2"), key("v", kind)).x.tolist() == [[1], [2]]


@pytest.mark.parametrize("words", [("True", "False"), ("true", "false"), ("1", "0"), ("TRUE", "FALSE")])
def test_truth_is_read_as_each_tool_writes_it(words):
    assert read(valued(*words), key("node_gt", "boolean")).node_gt.tolist() == [True, False]


def test_what_networkx_writes_is_read_with_its_truth_and_directions():
    graph = nx.DiGraph([(0, 1), (1, 2)], name="path")
    nx.set_node_attributes(graph, {0: True, 1: False, 2: True}, "node_gt")
    nx.set_node_attributes(graph, 1.5, "mass")
    (back,) = read_graphs("".join(nx.generate_graphml(graph)).encode(), "a.graphml")
    assert (back.num_nodes, back.num_edges, back.name) == (3, 4, "path")
    assert (back.feature_names, back.node_gt.tolist()) == (["mass"], [True, False, True])
    assert back.left_out == ["the directions of 2 edges"]


@pytest.mark.parametrize("place", ["node", "all"])
def test_a_default_stands_where_nothing_else_does(place):
    nodes = '<node id="a"><data key="d0">1</data></node><node id="b"/>'
    graph = read(nodes + '<edge source="a" target="b"/>', key("v", "double", place, "7.5"))
    assert (graph.x.tolist(), graph.feature_names) == ([[1], [7.5]], ["v"])
    assert ("edge_attr" in graph) == (place == "all")


def test_an_empty_number_is_no_number_and_said():
    graph = read(valued("", "2"), key("v", "double"))
    assert graph.x is None
    assert graph.left_out == ["'v' at nodes (missing at 1 of 2)"]
    assert read(valued(" ", ""), key("v", "int")).get("left_out") is None


def test_nested_graphs_stand_beside_the_others():
    inner = '<graph id="g:"><node id="g::0"/><node id="g::1"/><edge source="g::0" target="g::1"/></graph>'
    graph = read(f'<node id="a"/><node id="g">{inner}</node><edge source="a" target="g"/>')
    assert graph.edge_index.tolist() == [[0, 1, 2, 3], [1, 0, 3, 2]]
    assert graph.left_out == ["the nesting of 1 graph (their nodes stand beside the others)"]
    edge = f'<edge source="a" target="b">{inner}</edge>'
    graph = read(PAIR + edge)
    assert (graph.num_nodes, graph.num_edges) == (4, 4)


def test_ports_and_descriptions_are_named():
    node = '<node id="a"><port name="top"/><desc>first</desc></node><node id="b" colour="red"/>'
    graph = read(node + '<edge source="a" target="b" sourceport="top"/><locator/>')
    assert graph.num_edges == 2
    assert graph.left_out == [
        "<port> at nodes",
        "<desc> at nodes",
        "<locator> of the graph",
        "'sourceport' at edges (an attribute)",
        "'colour' at nodes (an attribute)",
    ]


def test_a_key_id_may_be_shared_by_nodes_and_edges():
    keys = key("size", "int") + key("weight", "double", "edge")
    nodes = '<node id="a"><data key="d0">1</data></node><node id="b"><data key="d0">2</data></node>'
    graph = read(nodes + '<edge source="a" target="b"><data key="d0">0.5</data></edge>', keys)
    assert (graph.feature_names, graph.x.tolist()) == (["size"], [[1], [2]])
    assert (graph.edge_feature_names, graph.edge_attr.tolist()) == (["weight"], [[0.5], [0.5]])


def test_data_without_a_key_or_given_twice_is_named():
    node = '<node id="a"><data key="d0">1</data><data key="d0">2</data></node>'
    node += '<node id="b"><data key="d0">1</data>'
    graph = read(node + '<data key="odd">x</data></node><edge source="a" target="b"/>', key("v", "int"))
    assert graph.x.tolist() == [[1], [1]]
    assert graph.left_out == [
        "'v' at nodes (where it is given again, unlike)",
        "'odd' at nodes (no number everywhere)",
    ]


def test_positions_of_gephi_are_no_features_and_a_scalar_x_alone_is_one():
    names = {"d0": "x", "d1": "y", "d2": "size"}
    keys = "".join(f'<key id="{k}" for="node" attr.name="{n}" attr.type="float"/>' for k, n in names.items())
    data = "".join(f'<data key="{k}">1.5</data>' for k in names)
    graph = read(f'<node id="a">{data}</node><node id="b">{data}</node>', keys)
    assert (graph.feature_names, graph.x.tolist()) == (["size"], [[1.5], [1.5]])
    assert graph.left_out == ["'x' at nodes (a position)", "'y' at nodes (a position)"]
    graph = read(valued("1", "2"), key("x", "float"))
    assert (graph.feature_names, graph.x.tolist()) == (["x"], [[1], [2]])


def test_a_label_of_a_graph_at_nodes_is_named():
    assert read(valued("1", "2"), key("y", "int")).left_out == ["'y' at nodes (a field of graphs)"]


def test_a_number_that_is_nan_is_missing_as_igraph_writes_it():
    graph = read(valued("1.5", "NaN"), key("size", "double"))
    assert graph.x is None
    assert graph.left_out == ["'size' at nodes (missing at 1 of 2)"]


def test_the_numbers_that_cytoscape_gives_to_all_things_are_no_features():
    graph = read(valued("60", "62"), key("SUID", "long"))
    assert graph.x is None
    assert graph.left_out == ["'SUID' at nodes (a name)"]
