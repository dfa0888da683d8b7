# ruff: noqa: E501 - a case is a line
"""Small files that say one thing very often, or name what is huge: all within the bounds of time and memory."""

import gzip
import io
import json
import zipfile

import pytest
from bounds import bounded
from growing import book, lines, v3000
from test_attacks import assert_sentence, zipped

from hpme.io import read_files
from hpme.own_data import label_columns

HEAD = "%%MatrixMarket matrix coordinate real general\n"
BLOCK = "x\n\n\n  1  0  0  0  0  0            999 V2000\n    0.0000    0.0000    0.0000 C   0  0\n"


def defaults(count: int, of: str) -> str:
    return "".join(of.format(i) for i in range(count))


def graphml() -> str:
    keys = defaults(10_000, "<key id='{0}' attr.name='k{0}' for='node'><default>1</default></key>")
    nodes = defaults(20, "<node id='{0}'/>")
    return f"<graphml>{keys}{f'<graph>{nodes}</graph>' * 900}</graphml>"


def gexf() -> str:
    titles = defaults(1_400, "<attribute id='{0}' title='{0}' type='double'><default>1</default></attribute>")
    nodes = defaults(1_400, "<node id='{0}'/>")
    graph = f"<graph><attributes class='node'>{titles}</attributes><nodes>{nodes}</nodes></graph>"
    return f"<gexf>{graph * 60}</gexf>"


CROWDED = {
    "20,000 networks": ("a.net", "*Vertices 1\n" * 20_000),
    "defaults at the nodes of many graphs": ("a.graphml", graphml()),
    "defaults of many graphs": ("a.gexf", gexf()),
    "edges with a field each": ("a.gml", f"graph [ node [ id 0 ] node [ id 1 ] {lines(lambda i: f'edge [ source 0 target 1 k{i} 1 ]', 40_000)} ]"),
    "a line that goes on": ("a.sdf", v3000(1, "M  V30 1 C -\n" + "M  V30 a-\n" * 400_000)),
    "lines that are lost in one of many records": ("a.sdf", BLOCK + lines(lambda i: f"M  {i}", 400_000) + "M  END\n$$$$\n" + f"{BLOCK}M  END\n$$$$\n" * 900),
    "members of gzip": ("a.csv.gz", gzip.compress(b"a,b\n") + gzip.compress(b"") * 300_000),
    "cells in the last column": ("a.xlsx", book(["<row><c r='ALL1'><v>1</v></c></row>" * 100_000])),
    "rows far below": ("a.xlsx", book(["<row r='1'><c><v>1</v></c></row><row r='9999999'><c><v>1</v></c></row>"] * 60)),
    "empty rows far below": ("a.xlsx", book(["<row r='1'><c><v>1</v></c><c><v>2</v></c></row>" + "".join(f"<row r='{i}'/>" for i in range(2, 9_999_999, 10_000))] * 60)),
    "a sheet that is named often": ("a.xlsx", book(["<a/>" * 200_000], 20_000)),
    "a long text in many cells": ("a.xlsx", book(["<row><c t='s'><v>0</v></c></row>" * 20_000], texts=["a" * 1_000_000])),
    "tags in a workbook": ("a.xlsx", book(["<a/>" * 4_900_000])),
    "large empty matrices": ("a.zip", zipped({f"{i}.mtx": f"{HEAD}20000 20000 0\n".encode() for i in range(100)})),
    "a huge matrix": ("a.mtx", f"{HEAD}1000000000 1000000000 1000000000\n1 1 1\n"),
    "a huge array": ("a.mtx", f"{HEAD.replace('coordinate', 'array')}1000000000 1000000000\n1\n"),
    "a huge network": ("a.net", "*Vertices 1000000000\n*Edges\n1 2\n"),
    "a huge number of nodes": ("a.json", json.dumps({"edge_index": [[0], [1]], "num_nodes": 10**9})),
    "a huge place of a node": ("a.json", json.dumps({"edge_index": [[0], [10**18]]})),
    "a number of 5,000 digits": ("a.json", '{"nodes": [{"id": %s}], "edges": []}' % ("9" * 5_000)),
    "huge places in a table": ("a.csv", "source,target\n0,999999999999999999\n"),
    "attributes of edges in Python": ("a.edges", lines(lambda i: "a b {'w': " + "[" * 90 + "]" * 90 + "}", 40_000)),
    "molecules with as many rings as may be": ("a.smi", ("C12C3C4C1C5C2C3C45" * 50 + "\n") * 45),
    "a table of molecules with many rings": ("a.csv", "\n".join([",".join(["".join(f"*%{i}%{i + 1}" for i in range(10, 98))] * 20)] * 41)),
}  # fmt: skip


@pytest.mark.parametrize("name", CROWDED)
def test_a_crowded_file_is_read_or_refused_within_the_bounds(name):
    file, content = CROWDED[name]
    with bounded():
        try:
            read_files({file: content.encode() if isinstance(content, str) else content})
        except ValueError as error:
            assert_sentence(error)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_that_is_packed_in_another_way_is_refused(method):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("a.smi", "CCO")
    with pytest.raises(ValueError, match=r"^Expected a zip archive that is deflated \(got method 1[24]"):
        read_files({"a.zip": file.getvalue()})


def test_fields_of_its_own_of_each_graph_take_memory_once():
    content = lines(lambda i: f'{{"k{i}": 1, "y": {i % 2}}}', 50_000).encode()
    with bounded():
        (found,) = label_columns(content, "a.jsonl")
    assert (found.name, found.kind, found.missing) == ("y", "classes", 0)


def test_labels_that_are_missing_at_some_graphs_are_counted():
    rows = [{"y": i % 2} if i % 4 else {"z": 1} for i in range(40)]
    found = label_columns(lines(lambda i: json.dumps(rows[i]), 40).encode(), "a.jsonl")
    assert [(column.name, column.missing) for column in found] == [("y", 10)]


def test_huge_ids_that_floats_cannot_tell_apart_are_two_nodes():
    text = "graph [ node [ id 9007199254740993000 ] node [ id 9007199254740993001 ] edge [ source 9007199254740993000 target 9007199254740993001 ] ]"
    (graph,) = read_files({"a.gml": text.encode()})
    assert graph.num_nodes == 2
    assert graph.edge_index.tolist() == [[0, 1], [1, 0]]


def test_a_file_with_very_many_notes_names_the_first():
    text = f"{BLOCK}{lines(lambda i: f'M  {i:03}', 900)}M  END\n$$$$\n{BLOCK}M  END\n"
    graphs = read_files({"a.sdf": text.encode()})
    assert all(graph.left_out[-1] == "800 things more in the file" for graph in graphs)
    assert all(len(graph.left_out) == 101 for graph in graphs)
