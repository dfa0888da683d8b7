"""Tables and lists as people have them: what each is taken for, and what is read from it."""

import gzip
import re

import pytest

from hpme.io import Choice, open_files, read_files, read_graphs, sniff

EDGES = {  # content by what is special about it; each is three nodes and two edges
    "Source,Target": b"Source,Target\nann,bob\nbob,cid\n",
    "SOURCE;TARGET;Weight, with a mark": b"\xef\xbb\xbfSOURCE;TARGET;Weight\r\nann;bob;2\r\nbob;cid;1\r\n",
    "From,To": b"From,To\n1,2\n2,3\n",
    "source_id,target_id": b"source_id,target_id\n1,2\n2,3\n",
    "neo4j": b":START_ID,:END_ID,:TYPE\n1,2,KNOWS\n2,3,KNOWS\n",
    "node1,node2": b"node1,node2\n1,2\n2,3\n",
    "Gene_A,Gene_B": b"Gene_A\tGene_B\tscore\nTP53\tMDM2\t0.9\nMDM2\tATM\t0.4\n",
    "ends at the end": b"weight,kind,src,dst\n1.5,x,a,b\n2.5,y,b,c\n",
    "SNAP": b"# Undirected graph\n# Nodes: 3 Edges: 2\n# FromNodeId\tToNodeId\n1\t2\n2\t3\n",
    "KONECT": b"% sym weighted\n% 2 3 3\n1 2 4\n2 3 5\n",
    "KONECT with times": b"% asym positive\n1 2 1 1082008561\n2 3 1 1082008562\n",
    "networkx with data": b"0 1 {}\n1 2 {}\n",
    "networkx with weights": b"#a.py\n# GMT Mon\n0 1 {'weight': 2.0}\n1 2 {'weight': 1, 'kind': 'x'}\n",
    "many blanks": b"  1   2\n  2   3\n",
    "tabs without a header": b"10\t20\n20\t30\n",
    "bars": b"source|target\na|b\nb|c\n",
    "sep= for Excel": b"sep=;\nsource;target\na;b\nb;c\n",
    "UTF-16": "source,target\r\nJürgen,Zoë\r\nZoë,Al\r\n".encode("utf-16"),
    "UTF-16 without a mark": "source,target\r\nJu,Zo\r\nZo,Al\r\n".encode("utf-16-le"),
    "Windows-1252": "source;target\r\nJürgen;Zoë\r\nZoë;Al\r\n".encode("cp1252"),
    "letters that are atoms": b"B C\nC N\n",
    "quoted names": b'"source","target"\n"a, the first","b"\n"b","c"\n',
    "an edge twice": b"source,target\na,b\nb,a\nb,c\n",
    "a separator at the end": b"source,target\na,b,\nb,c,\n",
    "floats of pandas": b"source,target\n1,2.0\n2,3.0\n",
    "powers of R": b"from,to\n99999,1e+05\n100000,100001\n",
    "numbers of rows of pandas": b"Unnamed: 0,source,target\n0,a,b\n1,b,c\n",
    "numbers of rows of R": b'"from" "to"\n"1" "a" "New York"\n"2" "New York" "c"\n',
    "a title": b"My network, 2020\n\nsource;target\na;b\nb;c\n",
    "names of columns in German": b"Quelle;Ziel\n1;2\n2;3\n",
    "names of columns that share nothing": b"Lover,Beloved\nann,bob\nbob,cid\n",
    "a relation called like two nodes": b"nodeA pp nodeB\nnodeB pp nodeC\n",
}
MATRICES = {  # of the same three nodes and two edges
    "pandas": b",0,1,2\n0,0,1,0\n1,1,0,1\n2,0,1,0\n",
    "R": b'"","V1","V2","V3"\n"1",0,1,0\n"2",1,0,1\n"3",0,1,0\n',
    "R without names of rows": b"V1,V2,V3\n0,1,0\n1,0,1\n0,1,0\n",
    "R with a short header": b"V1\tV2\tV3\n1\t0\t1\t0\n2\t1\t0\t1\n3\t0\t1\t0\n",
}
MOLECULES = {  # molecules of 3 and 6 atoms, with their names
    "tabs": (b"CCO\tethanol\nc1ccccc1\tbenzene ring\n", ["ethanol", "benzene ring"]),
    "commas": (b"CCO,ethanol\nc1ccccc1,benzene ring\n", ["ethanol", "benzene ring"]),
    "blanks": (b"CCO ethanol\nc1ccccc1 benzene ring\n", ["ethanol", "benzene ring"]),
    "names first": (b"CHEMBL545 CCO\nCHEMBL277500 c1ccccc1\n", ["CHEMBL545", "CHEMBL277500"]),
    "some names": (b"CCO\nc1ccccc1\tbenzene ring\n", [None, "benzene ring"]),
    "CXSMILES": (b"CCO |$;;x$| ethanol\nc1ccccc1 |c:0,2,4| benzene ring\n", ["ethanol", "benzene ring"]),
    "names with commas": (b"CCO ethanol, pure\nc1ccccc1 ring\n", ["ethanol, pure", "ring"]),
    "names before": (b"ethanol;CCO\nbenzene ring;c1ccccc1\n", ["ethanol", "benzene ring"]),
    "a header": (b"SMILES\tName\nCCO\tethanol\nc1ccccc1\tring\n", ["ethanol", "ring"]),
    "a table": (b"id,canonical_smiles,logP\nm1,CCO,-0.1\nm2,c1ccccc1,2.1\n", ["m1", "m2"]),
    "an unnamed column": (b",smiles,label\n0,CCO,1\n1,c1ccccc1,0\n", [None, None]),
    "a header of another name": (b"structure;activity\nCCO;1\nc1ccccc1;0\n", [None, None]),
    "one column": (b"CCO\nc1ccccc1\n", [None, None]),
    "in one line": (b"CCO, c1ccccc1", [None, None]),
    "charges first": (b"[O-]CC\n[nH+]1ccccc1\n", [None, None]),
}
REFUSED = {
    "a table of nodes": (b"Id,Label\n1,one\n2,two\n", "Missing the edges of the nodes in column 'Id'"),
    "a table of something else": (b"Fruit,Price\napple,3\npear,4\n", "got the columns 'Fruit, Price'"),
    "two columns that share nothing": (b"ann,bob\ncid,dan\n", "Expected a graph or molecules"),
    "an empty end": (b"source,target\na,b\nb,\n", "got 'b' and '' in line 3"),
    "an empty end of a list": (b"source;target\n;b\nb;c\n", "in line 2"),
    "a read-me": (b"# Title\n\nThis is a graph of friends.\n", "Expected a graph or molecules"),
    "an open quote": (b'source,target\na,"b\nb,c\n', "quotes are closed (got, from line 2 on"),
    "no end beside numbers": (b"from,to\n1,2\n2,NA\n", "got '2' and 'NA' in line 3"),
    "edges of several graphs": (
        b"graph_id,source,target\n1,a,b\n2,a,b\n",
        "the edges of one graph (got 2 in column",
    ),
    "a reaction": (b"smiles\nCCO>>CC=O\n", "Expected one molecule as SMILES (got the reaction 'CCO>>CC=O')"),
    "a web page": (b"<!DOCTYPE html>\n<html><body>404</body></html>", "got a web page); download"),
    "a pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 9\n", "of Git LFS"),
    "an RXN file": (b"$RXN\n\n\n\n  1  1\n$MOL\nM  END\n", "got a reaction"),
    "PDB": (b"REMARK   1 by a tool\nHETATM    1  C1  LIG A   1\n", "got PDB); save it as SDF"),
    "CIF": (b"data_LIG\n#\nloop_\n_chem_comp_atom.atom_id\nC1\n", "got CIF"),
    "XYZ": (b"2\nwater\nO 0.0 0.0 0.1\nH 0.0 0.7 -0.4\n", "got XYZ, without bonds"),
    "CML": (b"<?xml version='1.0'?><molecule/>", "got CML); save it as SDF"),
    "a survey": (b"smoker,drinker\n" + b"yes,no\nno,yes\nyes,yes\n" * 6, "Expected a graph or molecules"),
    "METIS": (b"4 4\n2 4\n1 3\n2 4\n1 3\n", "got METIS"),
    "numbers with names of no ends": (b"x,y\n1,2\n2,3\n3,4\n", "got the columns 'x, y'"),
    "a PDF": (b"%PDF-1.4 ...", "got a PDF document"),
    "a pickle": (b"\x80\x04\x95.", "got a pickle, which is never opened"),
    "one broken molecule": (b"C1CC", "Expected a molecule as SMILES (got 'C1CC')"),
    "two broken molecules": (b"C1CC\nC2CC", "got none in 2 lines). Line 1: Expected a molecule as SMILES"),
}


@pytest.mark.parametrize("content", EDGES.values(), ids=EDGES)
@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a"])
def test_edges_are_read_however_they_are_written(content, name):
    (graph,) = read_graphs(content, name)
    assert (graph.num_nodes, graph.num_edges) == (3, 4)
    assert sniff(content, name).kind == "edges"


@pytest.mark.parametrize("content", MATRICES.values(), ids=MATRICES)
def test_matrices_are_read_however_they_are_written(content):
    (graph,) = read_graphs(content, "a.csv")
    assert graph.edge_index.tolist() == [[0, 1, 1, 2], [1, 0, 2, 1]]
    assert sniff(content, "a.csv").kind == "matrix"


@pytest.mark.parametrize("names", [("", *"abc"), ("", "V1", "V2", "V3"), ("V1", "V2", "V3")])
def test_large_matrices_are_matrices_as_small_ones_are(names):
    header = [*names[: len(names) - 3], *(f"{names[-3]}{i}" for i in range(1, 61))]
    first = {"a": header[1:], "V1": [str(i) for i in range(1, 61)]}[names[-3]]
    rows = ["".join("01"[abs(i - j) == 1] + "," for j in range(60))[:-1] for i in range(60)]
    rows = [f"{name},{row}" for name, row in zip(first, rows, strict=True)] if names[0] == "" else rows
    (graph,) = read_graphs("\n".join([",".join(header), *rows]).encode(), "a.csv")
    assert (graph.num_nodes, graph.num_edges) == (60, 118)


def test_a_matrix_of_other_rows_than_columns_is_refused():
    with pytest.raises(ValueError, match="Expected a graph or molecules"):
        read_graphs(b",e1,e2,e3\na,1,0,1\nb,1,1,0\nc,0,1,1\n", "a.csv")


def test_numbers_of_rows_are_features_of_neither_nodes_nor_edges():
    edges, nodes = b",source,target,w\n0,1,2,5\n1,2,3,6\n", b",id,size\n0,1,7\n1,2.0,8\n2,3,9\n"
    (graph,) = read_files({"edges.csv": edges, "nodes.csv": nodes})
    assert (graph.feature_names, graph.edge_feature_names) == (["size"], ["w"])
    words = [f"'column 1' of {what} (numbers without meaning)" for what in ("edges", "nodes")]
    assert graph.left_out == words


def test_a_first_line_of_counts_is_no_edge():
    graph = read_graphs(b"5 4\n0 1\n1 2\n2 3\n3 4\n", "a.txt")[0]
    assert (graph.num_nodes, graph.num_edges) == (5, 8)
    assert graph.left_out == ["line 1 (the numbers of nodes and edges)"]
    assert read_graphs(b"5 3\n0 1\n1 2\n2 3\n3 4\n", "a.txt")[0].num_edges == 10


def test_a_broken_molecule_in_the_first_line_is_no_header():
    graphs = read_graphs(b"c1ccnc1 pyrrole\nCCO ethanol\nCCN amine\n", "a.smi")
    assert [graph.name for graph in graphs] == ["ethanol", "amine"]
    assert graphs[0].left_out[0].startswith("line 1 (")


@pytest.mark.parametrize(("content", "names"), MOLECULES.values(), ids=MOLECULES)
@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.smi"])
def test_molecules_are_read_however_they_are_written(content, names, name):
    graphs = read_graphs(content, name)
    assert [graph.num_nodes for graph in graphs] == [3, 6]
    assert [graph.get("name") for graph in graphs] == names
    assert sniff(content, name).kind == "molecules"


@pytest.mark.parametrize(("content", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_graph_is_refused_and_never_read_as_one(content, reason):
    with pytest.raises(ValueError, match=re.escape(reason)) as caught:
        read_graphs(content, "a.csv")
    assert str(caught.value).startswith(("Expected ", "Missing "))


def test_gephis_pair_is_one_graph_with_the_features_of_its_nodes():
    nodes = b"Id,Label,timeset,Size\n1,one,,4.5\n2,two,,1.5\n3,three,,2\n4,alone,,3\n"
    edges = b"Source,Target,Type,Id,Label,timeset,Weight\n1,2,Directed,0,,,1.0\n2,3,Directed,1,,,2.0\n"
    for names in (("Nodes.csv", "Edges.csv"), ("my nodes.csv", "my_edges.csv"), ("a.csv", "b.csv")):
        (graph,) = read_files(dict(zip(names, (nodes, edges), strict=True)))
        assert (graph.num_nodes, graph.num_edges, graph.feature_names) == (4, 4, ["Size"])
        assert graph.x.flatten().tolist() == [4.5, 1.5, 2, 3]
        assert graph.edge_feature_names == ["Weight"]
        assert "directions of edges (column Type)" in graph.left_out
        assert any("'Label' at nodes" in words for words in graph.left_out)


def test_a_molecule_that_cannot_be_read_is_left_out_and_named_by_its_line():
    ethanol, amine = read_graphs(b"CCO ethanol\nC1CC broken\nCCN amine\n", "a.smi")
    assert (ethanol.name, amine.name) == ("ethanol", "amine")
    assert ethanol.left_out == amine.left_out
    assert ethanol.left_out[0].startswith("line 2 (Expected a molecule as SMILES (got 'C1CC')")
    many = read_graphs(b"C1\n" * 9 + b"CCO\n", "a.smi")[0]
    assert many.left_out[0].startswith("9 lines: lines 1, 2, 3, 4, 5, … (")


def test_columns_that_are_not_used_are_named():
    graph = read_graphs(b"smiles\tname\tmass\tlogP\nCCO\tethanol\t46.07\t-0.3\n", "a.tsv")[0]
    assert graph.left_out == ["columns 'mass, logP'"]


def test_no_part_of_smiles_is_read_for_the_whole():
    """RDKit stops at a blank or a letter that it does not know, and returns what it has."""
    (graph,) = read_graphs("smiles,y\nCC |a cage|,1\nCCÿ,1\n".encode(), "a.csv")
    assert (graph.num_nodes, graph.name) == (2, "|a cage|")
    assert "(got 'CCÿ')" in graph.left_out[0]


def test_numbers_with_decimal_commas_are_numbers_where_commas_do_not_separate():
    nodes = b"id;mass\na;1,5\nb;2,25\n"
    (graph,) = read_files({"nodes.csv": nodes, "edges.csv": b"source;target;w\na;b;0,5\n"})
    assert graph.x.flatten().tolist() == [1.5, 2.25]
    assert graph.edge_attr.flatten().tolist() == [0.5, 0.5]


def test_numbers_with_commas_that_can_be_read_in_two_ways_are_refused():
    with pytest.raises(ValueError, match=r"one way \(got '1,234', which has a decimal comma or one of thou"):
        read_graphs(b"source\ttarget\tw\na\tb\t1,234\nb\tc\t2,500\n", "a.tsv")
    (graph,) = read_graphs(b"source\ttarget\tw\na\tb\t1,234\nb\tc\t2,5\n", "a.tsv")
    assert graph.edge_attr.flatten().tolist() == pytest.approx([1.234, 1.234, 2.5, 2.5])
    (graph,) = read_graphs(b"source;target;w\na;b;1,234\n", "a.csv")
    assert graph.edge_attr.flatten().tolist() == pytest.approx([1.234, 1.234])


@pytest.mark.parametrize(
    ("one", "other", "numbers"),
    [('"0,5"', '"1,25"', [0.5, 1.25]), ('"1,234.5"', "56", [1234.5, 56]), ('"1,000,000"', "2.5", [1e6, 2.5])],
)
def test_numbers_in_quotes_may_have_commas_where_commas_separate_cells(one, other, numbers):
    (graph,) = read_graphs(f"source,target,w\na,b,{one}\nc,d,{other}\n".encode(), "a.csv")
    assert (graph.edge_attr[::2].flatten().tolist(), graph.edge_feature_names) == (numbers, ["w"])


def test_hydrogen_atoms_that_are_written_are_named():
    methanol, hydrogen, proton = read_graphs(b"[H]C([H])([H])O\n[H][H]\n[H+]\n", "a.smi")
    assert (methanol.num_nodes, methanol.left_out) == (2, ["3 hydrogen atoms"])
    assert "left_out" not in hydrogen
    assert "left_out" not in proton


def test_missing_words_are_no_values():
    nodes = b"id,mass,charge\na,#N/A,1\nb,2,0\n"
    (graph,) = read_files({"nodes.csv": nodes, "edges.csv": b"source,target\na,b\n"})
    assert graph.feature_names == ["charge"]
    assert any("mass" in words for words in graph.left_out)


def test_a_matrix_is_a_graph_and_says_which_directions_it_loses():
    ring = b"0 1 0 1\n1 0 1 0\n0 1 0 1\n1 0 1 0\n"
    (graph,) = read_graphs(ring, "a.txt")
    assert (graph.num_nodes, graph.num_edges, "edge_attr" in graph) == (4, 8, False)
    (graph,) = read_graphs(b",a,b,c\na,0,2.5,0\nb,2.5,0,1\nc,0,1,0\n", "a.csv")
    assert graph.edge_attr.flatten().tolist() == [2.5, 2.5, 1, 1]
    (graph,) = read_graphs(b"0,1,0,0\n0,0,1,0\n0,0,0,1\n1,0,0,0\n", "a.csv")
    assert graph.num_edges == 8
    assert graph.left_out == ["directions: 4 entries differ from those across the diagonal"]


def test_a_wrong_guess_is_corrected():
    content = b"p;q;r\nann;bob;x\ncid;dan;y\n"
    with pytest.raises(ValueError, match="say what each column is"):
        read_graphs(content, "a.csv")
    (graph,) = read_graphs(content, "a.csv", Choice("edges", header=True, roles={"source": 1, "target": 2}))
    assert (graph.num_nodes, graph.num_edges) == (4, 4)
    (graph,) = read_graphs(content, "a.csv", Choice("edges", header=False))
    assert (graph.num_nodes, graph.num_edges) == (6, 6)
    graphs = read_graphs(b"C N\nN O\n", "a.txt", Choice("molecules"))
    assert [graph.get("name") for graph in graphs] == ["N", "O"]


def test_edges_that_stand_there_again_are_counted_but_not_those_in_the_other_direction():
    assert "left_out" not in read_graphs(b"source,target\na,b\nb,a\n", "a.csv")[0]
    (graph,) = read_graphs(b"source,target\na,b\na,b\nb,a\n", "a.csv")
    assert graph.left_out == ["repeated edges (1, such as 'a' to 'b')"]
    (graph,) = read_graphs(b"source,target,w\na,b,1\nb,a,2\n", "a.csv")
    assert graph.left_out == ["the second fields of edges that stand there twice (1, such as 'b' to 'a')"]
    assert graph.edge_attr.tolist() == [[1], [1]]


def test_what_was_found_out_has_its_reasons():
    guess = sniff(b"# by a tool\nSource;Target\na;b\n", "a.txt")
    assert (guess.kind, guess.sure, guess.encoding) == ("edges", True, "utf-8")
    assert guess.layout.roles == {"source": 0, "target": 1}
    assert guess.reasons == (
        "cells are separated by semicolons",
        "lines that begin with # are remarks",
        "the columns are called 'Source, Target'",
        "'Source' and 'Target' are called like the ends of edges",
    )
    assert not sniff(b"1 2\n2 3\n", "a.txt").sure


def test_files_packed_by_gzip_are_opened_within_the_limits():
    (graph,) = read_graphs(gzip.compress(b"1 2\n2 3\n"), "a.txt.gz")
    assert graph.num_nodes == 3
    with pytest.raises(ValueError, match="unpacked bytes"):
        read_graphs(gzip.compress(bytes(21_000_000)), "a.txt.gz")
    with pytest.raises(ValueError, match="a gzip file that opens"):
        read_graphs(gzip.compress(b"1 2\n" * 99)[:-9], "a.txt.gz")


def test_each_file_says_what_it_was_read_as():
    first, second = open_files({"a.smi": b"CCO\nC1\n", "b.csv": b"source,target\n1,2\n"})
    assert (first.names, first.guesses[0].kind, len(first.graphs)) == (("a.smi",), "molecules", 1)
    assert first.notes[0].startswith("line 2 (")
    assert (second.names, second.guesses[0].kind, second.notes) == (("b.csv",), "edges", ())
