"""Small inputs with habits of files that people have."""

import time

import pytest

from hpme.io import read_graphs
from hpme.io.sniff import sniff


def _sizes(text: str, name: str) -> list[tuple[int, int]]:
    """Returns nodes and edges of each graph."""
    graphs = read_graphs(text.encode(), name)
    return [(graph.num_nodes, int((graph.edge_index[0] <= graph.edge_index[1]).sum())) for graph in graphs]


@pytest.mark.parametrize("line", ["#" * 78 + "\n", "//" * 30 + "\n", "# " * 40, "comment " * 30, "/*" * 40])
def test_remarks_before_no_graph_take_no_time(line):
    start = time.perf_counter()
    with pytest.raises(ValueError, match="Expected"):
        read_graphs((line * 200).encode(), "a.txt")
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize("remark", ["// one\n# two\n", "/* one\n ** two */ // three\n", "# graph {\n\n"])
def test_remarks_before_a_dot_graph(remark):
    assert sniff(f"{remark}digraph G {{ a -> b }}".encode(), "a.txt").kind == "dot"


def test_letters_of_ends_count_only_in_the_first_two_columns():
    with pytest.raises(ValueError, match="got the columns 'block, side, i, j'"):
        read_graphs(b"block,side,i,j\ncortex,L,0,41\npallium,L,41,61\nmid,L,61,68\n", "blocks.csv")
    assert _sizes("i,j,w\na,b,1\nb,c,2\n", "a.csv") == [(3, 2)]


def test_ends_in_headers_of_neo4j():
    text = ":START_ID(Person)|:END_ID(Person)|since:LONG\n933|42|2010\n42|17|2011\n"
    (graph,) = read_graphs(text.encode(), "knows.csv")
    assert (graph.num_nodes, graph.edge_feature_names) == (3, ["since:LONG"])


def test_names_that_look_like_molecules_and_are_shared_are_ends_of_edges():
    genes = [f"C{i}D{i % 7}.{i % 9}" for i in range(300)]
    text = "".join(f"{one}\t{other}\n" for one, other in zip(genes, genes[100:], strict=False))
    assert _sizes(text, "genes.txt") == [(300, 200)]


def test_smiles_end_at_the_first_blank_where_some_lines_have_tabs():
    graphs = read_graphs(b"C\t\tCH4\n[C]        C atom\nCC\tethane\nC[O]   methoxy CH3O\n", "a.smi")
    assert [graph.name for graph in graphs] == ["CH4", "C atom", "ethane", "methoxy CH3O"]


@pytest.mark.parametrize(
    "text",
    [
        "he walked from a house to another house",
        "from one to two",
        "2 2\nhorse.n.01 -0.0007 -8.2e-05\ncow.n.01 -0.0008 0.0007\n",
    ],
)
def test_prose_and_vectors_of_words_are_no_edges(text):
    with pytest.raises(ValueError, match=r"Expected a graph or molecules: .* \(got '"):
        read_graphs(text.encode(), "a.txt")


def test_ends_called_source_and_destination_among_others():
    text = "Airline,Source,SourceID,Destination,DestinationID\nAA,ABQ,1,DFW,2\nAA,DFW,2,ORD,3\n"
    assert _sizes(text, "routes.csv") == [(3, 2)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("participant_id\tsex\nsub-001\tM\nsub-002\tF\n", "participants.tsv"),
        ("kappa 0.239\nBr\t1\t2.44\nC\t1\t2.48\nC\t2\t2.49\nN\t1\t2.5\n", "parameters.txt"),
        ("Alice,4\nBob,21\nEliz, Eliz\nAndy, 9\n", "sniff.csv"),
        ("0,0.0,x\n1,0.69,y\n2,1.09,z\n", "error-on-block-edge.csv"),
        ("1,2,3,4,5\n2,3,4,5,6\n7,8,9,1,2\n", "counts.csv"),
    ],
)
def test_tables_that_are_no_graph(text, name):
    with pytest.raises(ValueError, match="Expected a graph or molecules"):
        read_graphs(text.encode(), name)


def test_pairs_of_molecules_are_no_edges():
    one, other = "Nc1ccc(-c2cc3ccccc3oc2=O)cc1", "O=c1oc2ccccc2cc1-c1ccc(O)cc1"
    text = f"{one},{other},1,2\n{other},{one},2,1\n{one},{other},1,2\n"
    assert [nodes for nodes, _ in _sizes(text, "pairs.csv")] == [18, 18, 18]


def test_a_mark_of_utf8_alone_is_an_empty_file():
    with pytest.raises(ValueError, match="got blanks alone"):
        read_graphs(b"\xef\xbb\xbf\n", "bom.csv")


@pytest.mark.parametrize(
    "text", ["A pp B\nB pp C\nC pd A\n", "A\tpp\tB\nB\tpp\tC\nC\tpd\tA\n", "A -> B\nB -> C\nC -- A\n"]
)
def test_a_relation_stands_between_the_ends(text):
    (graph,) = read_graphs(text.encode(), "a.sif")
    assert graph.num_nodes == graph.edge_index.size(1) // 2 == 3
    assert len(graph.edge_feature_names) == 2


def test_degrees_and_attributes_are_no_edges():
    with pytest.raises(ValueError, match="Expected a graph or molecules"):
        read_graphs(b"# by networkx\n0 1\n1 {}\n1 1\n2 {}\n2 0\n", "a.adjlist")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("nodedef>name VARCHAR\ns1\nedgedef>node1,node2\ns1,s1\n", "GDF, of GUESS"),
        ("dl n = 4 format = edgelist1\ndata:\n1 2 1\n", "DL, of UCINET"),
        ("HEADER    X\nATOM      1  N   MET A   1      27.340\n", "PDB"),
    ],
)
def test_other_formats_are_refused_by_name(text, what):
    with pytest.raises(ValueError, match=f"got {what}"):
        read_graphs(text.encode(), "a.txt")


def test_numbers_of_rows_are_left_out_of_edges():
    (graph,) = read_graphs(b",source,target,w\n0,a,b,1\n1,b,c,2\n", "a.csv")
    assert graph.edge_feature_names == ["w"]
    assert graph.left_out == ["'column 1' of edges (numbers without meaning)"]


def test_a_limit_is_of_what_it_counts_and_says_what_to_do():
    with pytest.raises(ValueError, match=r"1,000 characters in a name or a molecule \(got 1,001\)"):
        read_graphs(b"C" * 1001, "a.smi")
    with pytest.raises(ValueError, match=r"atoms in a molecule \(got 600\)"):
        read_graphs(b"C" * 600, "a.smi")
    with pytest.raises(ValueError, match=r"graphs in a file \(got 1,500\); choose “A whole dataset”"):
        read_graphs(b"CCO\n" * 1500, "a.smi")


def test_a_rest_of_a_scaffold_is_an_atom_of_any_element():
    block = "scaffold\n  hand\n\n  2  1  0  0  0  0            999 V2000\n"
    block += "".join(f"    0.0000    0.0000    0.0000 {symbol:3} 0  0\n" for symbol in ("C", "R#"))
    (graph,) = read_graphs(f"{block}  1  2  1  0\nM  RGP  1   2   1\nM  END\n".encode(), "scaffold.mol")
    assert graph.element == ["C", "*"]


def test_some_edges_have_a_weight():
    (graph,) = read_graphs(b"# source target weight\n1 2\n2 3\n1 3 0.8\n", "triangle.net")
    assert graph.num_edges == 6
    assert graph.left_out == ["'weight' at edges (missing at some)"]
