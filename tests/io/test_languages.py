"""GML, GEXF, Pajek, DOT and Matrix Market: what is taken, and what is left out with a note."""

import io

import networkx as nx
import pytest

from hpme.io import read_graphs


def _edges(graph) -> set[tuple[int, int]]:
    return {(u, v) for u, v in graph.edge_index.t().tolist() if u <= v}


def _read(text: str, name: str):
    (graph,) = read_graphs(text.encode(), name)
    return graph


@pytest.mark.parametrize(
    "made", [nx.karate_club_graph, nx.petersen_graph, lambda: nx.path_graph(4, nx.DiGraph)]
)
@pytest.mark.parametrize(
    ("write", "kind"), [(nx.write_gml, "gml"), (nx.write_gexf, "gexf"), (nx.write_pajek, "net")]
)
def test_graphs_that_networkx_writes_have_the_same_edges(made, write, kind):
    original = nx.convert_node_labels_to_integers(made())
    text = io.BytesIO()
    write(original, text)
    graph = _read(text.getvalue().decode(), f"a.{kind}")
    assert graph.num_nodes == len(original)
    assert _edges(graph) == {(min(edge), max(edge)) for edge in original.edges}
    assert original.is_directed() == any(
        "directions" in words for words in graph.to_dict().get("left_out", [])
    )


def test_gml_takes_numbers_and_names_what_it_leaves_out():
    text = """# by hand
    Creator "me"
    graph [ directed 1 label "mine" colour "red"
      edge [ source 2 target 1 weight .5 ]
      node [ id 1 size 2 graphics [ x 1 ] ] node [ id 2 size 3 size 4 label "Tom &amp; Eve" ] ]"""
    graph = _read(text, "a.txt")
    assert (graph.name, graph.feature_names, graph.x.tolist()) == ("mine", ["size"], [[2], [3]])
    assert graph.edge_attr.tolist() == [[0.5], [0.5]]
    words = " / ".join(graph.left_out)
    for lost in (
        "directions",
        "'graphics' at nodes",
        "'size' at nodes (where",
        "'label' at",
        "'colour'",
        "'Creator'",
    ):
        assert lost in words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("graph [ node [ id 1 ]", "brackets are closed"),
        ("graph [ node [ id ] ]", r"a value of GML \(got '\]' in line 1\)"),
        ("graph [ node [ id 1 ] node [ id 1 ] ]", "node ids that differ"),
        ("graph [ node [ id 1 ] edge [ source 1 ] ]", "source and target at each edge"),
        ('graph [ node [ id 1 label "a ] ]', "quotes that are closed"),
    ],
)
def test_gml_that_is_broken(text, words):
    with pytest.raises(ValueError, match=words):
        read_graphs(text.encode(), "a.gml")


def test_gexf_of_gephi_with_nodes_in_nodes():
    text = """<gexf xmlns="http://www.gexf.net/1.2draft"><meta><creator>Gephi</creator></meta>
    <graph defaultedgetype="directed"><attributes class="node"><attribute id="0" title="deg" type="integer">
    <default>1</default></attribute></attributes><nodes><node id="a" label="A"><nodes><node id="b"/></nodes>
    <edges><edge id="0" source="a" target="b" weight="2.5"/></edges></node><node id="c"><attvalues>
    <attvalue for="0" value="7"/></attvalues><color r="1"/></node></nodes>
    <edges><edge id="1" source="b" target="c" weight="1"/></edges></graph></gexf>"""
    graph = _read(text, "a.gexf")
    assert _edges(graph) == {(0, 1), (1, 2)}
    assert (graph.feature_names, graph.x.tolist()) == (["deg"], [[1], [1], [7]])
    assert graph.edge_feature_names == ["weight"]
    words = " / ".join(graph.left_out)
    for lost in (
        "directions of 2 edges",
        "nesting of nodes",
        "<color> at nodes",
        "'label' at nodes",
        "'meta'",
        "'creator'",
    ):
        assert lost in words or lost == "'meta'"


def test_pajek_of_two_modes_lists_relations_and_remarks():
    text = """% remark
*Network crew
*Vertices 4 2
1 "Ann" 0.1 0.2 ic Red
2 "Bob"
*Edges :1 "likes"
1 3 2
*Arcslist :2 "sees"
2 3 4
*Partition ages
1"""
    graph = _read(text, "a.net")
    assert (graph.name, graph.feature_names, graph.x.flatten().tolist()) == ("crew", ["mode"], [1, 1, 2, 2])
    assert _edges(graph) == {(0, 2), (1, 2), (1, 3)}
    words = " / ".join(graph.left_out)
    for lost in ("directions of 2 edges", "coordinates", "drawing nodes", "*Partition", "'label' at nodes"):
        assert lost in words


def test_a_matrix_of_pajek_and_edges_that_are_called_net():
    assert _edges(_read("*Vertices 3\n*Matrix\n0 1 0\n1 0 2\n0 2 0\n", "a.net")) == {(0, 1), (1, 2)}
    assert _edges(_read("1 2\n2 3\n", "a.net")) == {(0, 1), (1, 2)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("*Vertices\n1\n", "number of vertices behind"),
        ("*Vertices 2\n*States\n1\n", r"\*Edges, \*Arcs or \*Matrix \(got '\*States' in line 2\)"),
        ("*Vertices 2\n*Edges\n1 3\n", r"vertex from 1 to 2 \(got '3' in line 3\)"),
        ("*Network a\n1 2\n", r"a section such as \*Vertices"),
        ("*Vertices 2\n*Matrix\n1 2 3\n", "2 rows of 2 numbers"),
    ],
)
def test_pajek_that_is_broken(text, words):
    with pytest.raises(ValueError, match=words):
        read_graphs(text.encode(), "a.net")


def test_dot_with_subgraphs_ports_html_and_two_graphs():
    text = r"""strict digraph "my graph" { // remark
  rankdir=LR; node [shape=box] edge [color=red];
  subgraph cluster_0 { a:p0:n -> {b; "c \"d\""} [weight=2] /* two edges */ }
# remark
  a [label=<<b>bold</b> text>, size=1.5]; b [size=2] "c \"d\"" [size=3]
  é -- a; é [size=4]
} graph { x }"""
    first, second = read_graphs(text.encode(), "a.gv")
    assert (first.name, first.num_nodes, second.num_nodes) == ("my graph", 4, 1)
    assert _edges(first) == {(0, 1), (0, 2), (0, 3)}
    assert (first.feature_names, first.x.flatten().tolist()) == (["size"], [1.5, 2, 3, 4])
    words = " / ".join(first.left_out)
    for lost in (
        "directions of 2",
        "grouping of nodes (2 subgraphs)",
        "ports",
        "'rankdir'",
        "'shape' as",
        "'color' as",
        "'label'",
    ):
        assert lost in words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("graph { a -- }", r"a name in DOT \(got '}' in line 1\)"),
        ("graph { a [color=#FF00FF] }", r"Expected DOT \(got '#FF00FF"),
        ("digraph {\n a -> b", "got the end of the file"),
        ("graph { a [label=<b }", "HTML label that is closed"),
    ],
)
def test_dot_that_is_broken(text, words):
    with pytest.raises(ValueError, match=words):
        read_graphs(text.encode(), "a.gv")


@pytest.mark.parametrize(
    ("text", "edges", "weights"),
    [
        ("coordinate pattern symmetric\n% remark\n3 3 2\n2 1\n3 2\n", {(0, 1), (1, 2)}, []),
        ("coordinate real general\n3 3 2\n1 2 0.5\n2 1 0.5\n", {(0, 1)}, ["weight"]),
        ("array integer symmetric\n2 2\n0\n3\n1\n", {(0, 1), (1, 1)}, ["weight"]),
        ("coordinate complex symmetric\n2 2 1\n2 1 2 -1\n", {(0, 1)}, ["weight"]),
    ],
)
def test_matrices_of_the_market(text, edges, weights):
    graph = _read(f"%%MatrixMarket matrix {text}", "a.txt")
    assert (_edges(graph), graph.to_dict().get("edge_feature_names", [])) == (edges, weights)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("coordinate real general\n9 12 0\n", r"square matrix \(got 9 rows and 12 columns\)"),
        ("coordinate real general\n2 2 2\n1 2 1\n", r"2 entries \(got 1\)"),
        ("coordinate real general\n2 2 1\n1 3 1\n", "rows and columns from 1 to 2"),
        ("coordinate real hexagonal\n2 2 0\n", "MatrixMarket matrix"),
    ],
)
def test_matrices_that_are_refused(text, words):
    with pytest.raises(ValueError, match=words):
        read_graphs(f"%%MatrixMarket matrix {text}".encode(), "a.mtx")


def test_an_imaginary_number_is_an_entry_of_a_matrix():
    text = "%%MatrixMarket matrix coordinate complex hermitian\n3 3 3\n2 1 0 1\n3 1 0 0\n3 2 4 0\n"
    (graph,) = read_graphs(text.encode(), "a.mtx")
    assert graph.edge_index.tolist() == [[0, 1, 1, 2], [1, 0, 2, 1]]
    assert graph.left_out == ["the imaginary parts of numbers"]
