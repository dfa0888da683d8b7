import io
import json
import zipfile

import pytest
import torch
from own_files import tu_parts, write_all, write_csv, write_lines, write_tu, zip_tu

from hpme import load_dataset
from hpme.datasets import DATASETS
from hpme.io import read_graphs
from hpme.limits import DATASET_LIMITS
from hpme.own_data import READERS, describe_dataset, read_dataset
from hpme.own_data.fit_input import fit_to_input
from hpme.own_data.readers import ONE_GRAPH


def rows(*lines: str, header: str = "smiles,label", filler: int = 20) -> bytes:
    """A table of the lines, and of as many good rows."""
    good = [f"{'C' * (i + 2)}{'NO'[i % 2]},{'xy'[i % 2]}" for i in range(filler)]
    return "\n".join([header, *lines, *good]).encode()


def graph_line(y: object, **fields: object) -> str:
    nodes = [{"id": i, **fields} for i in range(2)]
    return json.dumps({"graph": {"y": y}, "nodes": nodes, "edges": [{"source": 0, "target": 1}]})


def lines(*first: str, count: int = 20) -> bytes:
    return "\n".join([*first, *(graph_line(i % 2) for i in range(count))]).encode()


@pytest.fixture(params=["triangles.npz", "alcohols.csv", "stars.jsonl", "rings.zip"])
def path(request, tmp_path):
    return next(path for path in write_all(tmp_path) if path.name == request.param)


def test_each_kind_of_file_becomes_a_dataset_in_three_splits(path):
    data = load_dataset(path)
    spec = data.spec
    assert (spec.name, spec.title, spec.licence) == (path.stem, path.stem, "yours")
    assert (spec.num_graphs, spec.task, len(spec.classes)) == (40, "graph-classification", 2)
    assert [len(part) for part in (data.train, data.val, data.test)] == [32, 4, 4]
    assert [graph.graph_id for graph in data.graphs] == list(range(40))
    for graph in data.graphs:
        assert graph.x.dtype == torch.float32
        assert graph.x.shape == (graph.num_nodes, spec.num_features)
        assert graph.y.tolist() in ([0], [1])
        assert graph.is_undirected()
        assert ("node_gt" in graph, "edge_gt" in graph) == (spec.ground_truth, spec.ground_truth)
    assert [int(graph.y) for graph in spec.load()] == [int(graph.y) for graph in data.graphs]


def test_every_kind_is_tried_here(tmp_path):
    # of one graph: see test_node_graph.py
    others = {"tsv", "txt", "smi", "json", "xlsx"}  # a workbook: see tests/io/test_workbook.py
    assert {path.suffix[1:] for path in write_all(tmp_path)} == {*READERS} - {*ONE_GRAPH} - others


def test_atoms_are_nodes_as_in_the_built_in_molecules_and_the_smiles_stays():
    data = read_dataset(write_csv(), "mine.csv")
    ours, built_in = data.graphs[2], DATASETS["benzene"]
    assert data.spec.node_labels == built_in.node_labels
    assert data.spec.classes == ("alcohol", "amine")
    assert (ours.smiles, ours.x.argmax(1).tolist()) == ("CCO", [0, 0, 2])
    assert ours.edge_index.t().tolist() == [[0, 1], [1, 0], [1, 2], [2, 1]]
    (upload,) = read_graphs(b"OCC", "one.smi")
    assert fit_to_input(upload, data).graph.x.argmax(1).tolist() == [2, 0, 0]


def test_a_single_atom_is_a_graph_without_edges():
    data = read_dataset(rows("C,x", "O,y"), "mine.csv")
    assert data.graphs[0].edge_index.shape == (2, 0)


def test_rows_that_cannot_be_read_are_left_out_and_the_description_counts_them():
    bad = ("C1CC,x", "not a molecule,y", "CC,", "CC,n/a", "CC,x,z")
    data = read_dataset(rows(*bad), "mine.csv")
    assert data.spec.num_graphs == 20
    for note in (
        "2 of 25 lines were left out, as the label is empty or 'n/a' (4, 5).",
        "3 of 25 lines were left out (2, 3, 6). The first: Expected a molecule as SMILES (got 'C1CC')",
    ):
        assert note in data.spec.description


@pytest.mark.parametrize(
    ("header", "line", "label"),
    [
        ("name,smiles,y", "ethanol,CCO,{}", None),
        ("SMILES;target", "CCO;{}", None),
        ("Canonical_SMILES\tname\tClass", "CCO\tethanol\t{}", None),
        ("id,structure,active,dose", "7,CCO,{},0.5", "active"),
        ("activity,mol", "{},CCO", None),
        ("CCN,1", "CCO,{}", None),
    ],
)
def test_columns_are_found_by_name_or_by_what_is_in_them(header, line, label):
    table = "\n".join([header, *(line.format(i % 2) for i in range(40))]).encode()
    data = read_dataset(table, "mine.csv", label)
    assert data.spec.num_graphs in (40, 41)  # the last table has no header
    assert data.graphs[-1].smiles == "CCO"
    assert [int(graph.y) for graph in data.graphs[-2:]] == [0, 1]


def test_the_label_names_its_classes_where_they_are_numbers():
    def classes(name: str, *values: object) -> tuple[str, ...]:
        table = "\n".join([f"smiles,{name}", *(f"CCO,{value}" for value in values * 10)])
        return read_dataset(table.encode(), "mine.csv").spec.classes

    assert classes("toxic", 1, 0) == ("toxic 0", "toxic 1")
    assert classes("label", "1.0", "0") == ("class 0", "class 1")
    assert classes("label", 10, 9, -1) == ("class -1", "class 9", "class 10")
    assert classes("label", "b", "a", 1) == ("1", "a", "b")
    assert classes("label", 0.5, 1) == ()


def test_the_name_of_a_class_is_one_plain_line():
    table = "\n".join(["smiles,label", *["CCO,![x](http://a.b)", "CC,:material/home: $x$ <b>"] * 20])
    first, second = read_dataset(table.encode(), "mine.csv").spec.classes
    assert first == "!(x)(http\u2236//a.b)"
    assert second == "\u2236material/home\u2236 \uff04x\uff04 \u2039b\u203a"


def test_many_numbers_are_predicted_as_numbers():
    table = "\n".join(["smiles,logp", *(f"CCO,{i / 4}" for i in range(40))]).encode()
    spec = read_dataset(table, "mine.csv").spec
    assert (spec.task, spec.classes, spec.quantity) == ("graph-regression", (), "logp")
    table = "\n".join(["smiles,count", *(f"CCO,{i}" for i in range(40))]).encode()
    data = read_dataset(table, "mine.csv")
    assert data.spec.regression
    assert [float(graph.y) for graph in data.graphs] == list(range(40))


def test_lines_keep_their_ground_truth_and_those_without_any_have_an_empty_one():
    data = read_dataset(write_lines() + b"\n" + graph_line(0).encode(), "mine.jsonl")
    assert data.spec.ground_truth
    assert data.graphs[1].node_gt.tolist() == [True, False, False, False]
    assert data.graphs[40].node_gt.tolist() == [False, False]
    assert data.graphs[40].edge_gt.tolist() == [False, False]


def test_marked_edges_mark_their_nodes():
    edges = [{"source": i, "target": i + 1, "edge_gt": i == 0} for i in range(2)]
    marked = {"graph": {"y": 1}, "nodes": [{"id": i} for i in range(3)], "edges": edges}
    graph = read_dataset(lines(json.dumps(marked)), "mine.jsonl").graphs[0]
    assert graph.node_gt.tolist() == [True, True, False]
    assert graph.edge_gt.tolist() == [True, True, False, False]


def test_lines_of_elements_are_molecules_and_lists_are_features():
    atoms = "\n".join(graph_line(i % 2, element="CN"[i % 2]) for i in range(20)).encode()
    spec = read_dataset(atoms, "mine.jsonl").spec
    assert spec.node_labels == DATASETS["benzene"].node_labels
    features = "\n".join(graph_line(i % 2, x=[0.5, i]) for i in range(20)).encode()
    data = read_dataset(features, "mine.jsonl")
    assert data.spec.node_labels == ()
    assert data.graphs[3].x.tolist() == [[0.5, 3], [0.5, 3]]


def test_lines_as_hugging_face_has_them_are_read_and_only_what_is_lost_is_named():
    def line(i: int) -> str:
        ends = [[0, 1, 1], [1, 0, 2]]
        return json.dumps({"edge_index": ends, "node_feat": [[i], [0], [1]], "y": [i % 2], "split": "train"})

    data = read_dataset("\n".join(map(line, range(20))).encode(), "mine.jsonl")
    assert (data.spec.classes, data.graphs[7].x.tolist()) == (("class 0", "class 1"), [[7], [0], [1]])
    said = "Nodes have 1 features. Left out: the directions of edges, 'split' of the graphs."
    assert data.spec.description.endswith(said)


def test_a_line_is_left_out_where_it_has_other_features_no_label_or_is_no_json():
    other = (graph_line(0, x=[1.0]), '{"nodes": [{"id": 0}], "edges": []}', '{"nodes', graph_line(None))
    data = read_dataset("\n".join([graph_line(0), *other]).encode() + b"\n" + lines(), "mine.jsonl")
    assert data.spec.num_graphs == 21
    assert "2 of 25 lines were left out, as the label is not there or None (3, 5)." in data.spec.description
    assert "2 of 25 lines were left out (2, 4). The first: Expected no features" in data.spec.description


def test_the_field_of_a_label_can_be_named():
    table = "\n".join(json.dumps(json.loads(graph_line(0)) | {"toxic": i % 2}) for i in range(20)).encode()
    assert read_dataset(table, "mine.jsonl", "toxic").spec.classes == ("toxic 0", "toxic 1")


def test_the_text_format_has_one_hot_labels_and_attributes():
    parts = tu_parts(40)
    parts["node_attributes"] = "".join(f"{i}.5, -1\n" for i in range(parts["node_labels"].count("\n")))
    graph = read_dataset(zip_tu(parts), "mine.zip").graphs[0]
    assert graph.x[1].tolist() == [1.5, -1, 0, 1, 0]
    assert graph.edge_index.t().tolist()[:3] == [[0, 1], [1, 0], [1, 2]]


def test_the_text_format_may_have_edges_once_no_features_and_nodes_out_of_order():
    parts = {"A": "".join(f"{i},{i + 20}\n" for i in range(1, 21)), "graph_labels": "1\n2\n" * 10}
    parts["graph_indicator"] = "".join(f"{i}\n" for i in [*range(1, 21)] * 2)
    data = read_dataset(zip_tu(parts, ""), "mine.zip")
    assert data.spec.num_features == 1
    assert all(graph.edge_index.tolist() == [[0, 1], [1, 0]] for graph in data.graphs)
    assert "each gets a 1" in data.spec.description


def test_attributes_of_graphs_are_numbers_to_predict():
    parts = tu_parts(40)
    del parts["graph_labels"]
    parts["graph_attributes"] = "".join(f"{i / 2}\n" for i in range(40))
    assert read_dataset(zip_tu(parts), "mine.zip").spec.task == "graph-regression"


def changed(**parts: str | None) -> bytes:
    return zip_tu({name: text for name, text in (tu_parts(40) | parts).items() if text is not None})


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(3):
            archive.writestr(f"{i}_A.txt", bytes(DATASET_LIMITS.unpacked_bytes // 2))
    return buffer.getvalue()


REFUSED = {
    "another kind": (b"x", "mine.ods", "a dataset of kind npz or zip"),
    "an empty file": (b"", "mine.csv", "1 to 100,000,000 bytes"),
    "a table without molecules": (b"a,b\n1,2\n3,4", "mine.csv", "a column of molecules as SMILES"),
    "molecules only": (b"smiles\nCC\nCCO", "mine.csv", "a column label, y, class or target beside"),
    "three columns without a label": (b"smiles,a,b\nCC,1,2", "mine.csv", "say which one holds the label"),
    "no row that can be read": (
        b"smiles,label\nC1,1\nC2,0",
        "mine.csv",
        "one line that can be read (got none of 2). Line 2: Expected a molecule as",
    ),
    "one class": (
        b"smiles,label\n" + b"CC,1\n" * 30,
        "mine.csv",
        "labels that differ (got '1' everywhere)",
    ),
    "few graphs": (rows(filler=4), "mine.csv", "enough graphs for training, validation and test (got 4)"),
    "a class for every row": (
        b"smiles,label\n" + b"".join(b"CC,text%d\n" % i for i in range(60)),
        "mine.csv",
        "at most 50 classes (got 60",
    ),
    "other bytes than text": (b"\xff\xfe\x00smiles", "mine.csv", "Expected text (got bytes"),
    "lines that are no graphs": (
        b"1\n2\n",
        "mine.jsonl",
        "one line that can be read (got none of 2). Line 1: Expected a",
    ),
    "no archive": (b"PK", "mine.zip", "a zip archive that opens"),
    "an archive of something else": (
        zip_tu({"README": "x"}),
        "mine.zip",
        "Expected graphs or molecules (got",
    ),
    "a bomb": (bomb(), "mine.zip", "100,000,000 unpacked bytes"),
    "words among numbers": (changed(A="1, b"), "mine.zip", "numbers in NAME_A.txt (got"),
    "half a node": (changed(A="1, 1.5"), "mine.zip", "whole numbers in NAME_A.txt (got '1, 1.5' in row 1)"),
    "a node that is not there": (
        changed(A="1, 2\n\n1, 10000"),
        "mine.zip",
        "in NAME_A.txt (got 10000 in row 3)",
    ),
    "an edge between graphs": (
        changed(A="1, 40"),
        "mine.zip",
        "(got '1, 40' in row 1, from graph 1 to graph ",
    ),
    "rows of three": (
        changed(A="1, 2, 3"),
        "mine.zip",
        "2 finite numbers in each row of NAME_A.txt (got '1, 2, 3' in row 1)",
    ),
    "labels of other graphs": (
        changed(graph_labels="1\n0\n"),
        "mine.zip",
        "graph ids 1 to 2 in NAME_graph_indicator.txt (got 3 in row ",
    ),
    "no nodes": (
        changed(graph_indicator=""),
        "mine.zip",
        "nodes of each graph in NAME_graph_indicator.txt (got none of graph 1)",
    ),
    "labels of other nodes": (
        changed(node_labels="1\n"),
        "mine.zip",
        "nodes in NAME_node_labels.txt (got 1)",
    ),
    "infinity": (
        changed(node_attributes="inf\n"),
        "mine.zip",
        "one finite number in each row of NAME_node_attributes.txt (got 'inf' in row 1)",
    ),
}


@pytest.mark.parametrize(("content", "name", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_dataset_is_refused_in_one_sentence(content, name, words):
    with pytest.raises(ValueError, match=r"^(Expected|Missing files) ?") as error:
        read_dataset(content, name)
    sentence = str(error.value)
    assert words in sentence
    assert "\n" not in sentence
    assert len(sentence) < 300


def test_a_label_cannot_be_named_where_the_format_has_one():
    with pytest.raises(ValueError, match=r"no label name for a \.zip, which has one \(got 'y'\)"):
        read_dataset(write_tu(), "mine.zip", "y")


def test_a_label_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match=r"a column 'dose' beside the molecules \(got 'smiles, label'\)"):
        read_dataset(write_csv(), "mine.csv", "dose")


@pytest.mark.parametrize(
    ("filename", "name", "title"),
    [
        ("../../etc/passwd.csv", "passwd", "passwd"),
        ("<script>a</script>.csv", "script", "script\u203a"),
        ("![x](http://a.b).csv", "a-b", "a.b)"),
        ("My set, v1.2.csv", "My-set-v1-2", "My set, v1.2"),
        (".csv.csv", "csv", ".csv"),
        ("\u202e\n.csv", "own", "own"),
    ],
)
def test_a_files_name_is_made_a_plain_name(filename, name, title):
    spec = read_dataset(write_csv(), filename).spec
    assert spec.name == name
    assert spec.title == title


def test_what_was_understood_is_told_in_words():
    parts = "28 training, 4 validation, 4 test"
    facts = describe_dataset(read_dataset(write_lines(36), "stars.jsonl"))
    assert facts["Classes"] == "class 0 (18), class 1 (18)"
    assert (facts["Graphs"], facts["Nodes"], facts["Edges"]) == (
        "36",
        "4 to 4, median 4",
        "3 to 3, median 3",
    )
    assert (facts["Ground truth"], facts["Features"], facts["Split"]) == ("yes", "1", parts)
    table = "\n".join(["smiles,logp", *(f"CCO,{i / 4}" for i in range(40))]).encode()
    facts = describe_dataset(read_dataset(table, "mine.csv"))
    assert facts["Label"] == "logp, a number from 0 to 9.75"
    assert facts["Features"] == "14, one for each element"


@pytest.mark.parametrize(
    ("values", "words"),
    [(["1"] * 30, "labels that differ"), ([f"text{i}" for i in range(60)], "at most 50 classes")],
)
def test_what_labels_alone_tell_is_refused_before_a_molecule_is_read(values, words, monkeypatch):
    def unread(smiles: str) -> None:
        raise AssertionError(smiles)

    monkeypatch.setattr("hpme.own_data.smiles_table.flatten_molecule", unread)
    with pytest.raises(ValueError, match=words):
        read_dataset("\n".join(["smiles,label", *(f"CC,{value}" for value in values)]).encode(), "mine.csv")


def test_a_ground_truth_in_the_text_format_is_read_and_what_it_lacks_follows():
    chains = {"A": "".join(f"{3 * i + u}, {3 * i + v}\n" for i in range(20) for u, v in PATH)}
    chains |= {"graph_indicator": "".join(f"{i + 1}\n" * 3 for i in range(20)), "graph_labels": "0\n1\n" * 10}
    edges = {"edge_gt": "1\n1\n0\n0\n" * 20}
    for truth, nodes in (
        (edges, [True, True, False]),
        ({"edge_gt": "1\n0\n0\n0\n" * 20}, [True, True, False]),  # one direction is enough
        ({"node_gt": "1\n1\n0\n" * 20}, [True, True, False]),
        (edges | {"node_gt": "1\n0\n0\n" * 20}, [True, False, False]),
    ):
        data = read_dataset(zip_tu(chains | truth), "mine.zip")
        assert data.spec.ground_truth
        for graph in data.graphs:
            assert graph.node_gt.tolist() == nodes
            ends = graph.edge_index[:, graph.edge_gt].t().tolist()
            assert ends == [[0, 1], [1, 0]]


PATH = [(1, 2), (2, 1), (2, 3), (3, 2)]


def test_other_files_beside_the_text_format_do_no_harm_and_are_named():
    parts = tu_parts(40) | {"graph_attributes": "0.5\n" * 40, "README": "about <it>"}
    data = read_dataset(zip_tu(parts), "mine.zip")
    assert data.spec.num_graphs == 40
    note = "Left out: RINGS_README.txt, NAME_graph_attributes.txt (beside NAME_graph_labels.txt)."
    assert note in data.spec.description


def test_a_truth_for_other_edges_than_there_are_is_refused():
    with pytest.raises(ValueError, match=r"a row for each of \d+ edges in NAME_edge_gt.txt \(got 1\)"):
        read_dataset(changed(edge_gt="1\n"), "mine.zip")
