"""One graph with a label at each node, in every format that has one, is a dataset of its nodes."""

import io
import json
import zipfile

import networkx as nx
import numpy as np
import pytest
import torch
from safetensors.torch import save
from torch_geometric.data import Data

from hpme import load_dataset
from hpme.own_data import as_floats, describe_dataset, label_columns, read_dataset

CLUB = nx.karate_club_graph()
ENDS = torch.tensor([*CLUB.edges]).t()
BOTH = torch.cat([ENDS, ENDS.flip(0)], dim=1)
OFFICER = torch.tensor([int(CLUB.nodes[i]["club"] == "Officer") for i in CLUB])
TENSORS = {"x": torch.eye(34), "edge_index": BOTH, "y": OFFICER}


def written(write) -> bytes:
    buffer = io.BytesIO()
    write(buffer)
    return buffer.getvalue()


def tables(nodes: str = "", edges: str = "", names=("club_edges.csv", "club_nodes.csv")) -> bytes:
    edges = edges or "Source,Target\n" + "".join(f"m{u},m{v}\n" for u, v in CLUB.edges)
    nodes = nodes or "Id,club\n" + "".join(f"m{i},{CLUB.nodes[i]['club']}\n" for i in CLUB)

    def write(buffer: io.BytesIO) -> None:
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(names[0], edges)
            archive.writestr(names[1], nodes)

    return written(write)


def link(**more: object) -> bytes:
    data = nx.node_link_data(CLUB, edges="edges")
    return json.dumps(data | more).encode()


def pt(**more: object) -> bytes:
    return written(lambda buffer: torch.save({**TENSORS, **more}, buffer))


def npz(**arrays: object) -> bytes:
    held = {name: np.asarray(value) for name, value in {**TENSORS, **arrays}.items()}
    return written(lambda buffer: np.savez(buffer, **held))


FILES = {
    "club.json": link(),
    "club.jsonl": link(),
    "tensors.json": json.dumps({"edge_index": BOTH.tolist(), "y": OFFICER.tolist()}).encode(),
    "club.graphml": written(lambda buffer: nx.write_graphml(CLUB, buffer)),
    "club.xml": written(lambda buffer: nx.write_graphml(CLUB, buffer)),
    "club.gexf": written(lambda buffer: nx.write_gexf(CLUB, buffer)),
    "club.gml": written(lambda buffer: nx.write_gml(CLUB, buffer)),
    "club.gv": ("graph {" + "".join(f"{i} [club={OFFICER[i]}]\n" for i in CLUB)
                + "".join(f"{u} -- {v}\n" for u, v in CLUB.edges) + "}").encode(),
    "club.zip": tables(),
    "club.pt": pt(),
    "club.safetensors": save(TENSORS),
    "club.npz": npz(),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_the_nodes_of_one_graph_are_a_dataset(name):
    data = read_dataset(FILES[name], name)
    spec, graph = data.spec, data.graph
    assert (spec.task, spec.num_graphs, len(spec.classes)) == ("node-classification", 34, 2)
    assert spec.default_model == "gcn"
    assert graph.y.tolist() == OFFICER.tolist()
    assert {*map(tuple, graph.edge_index.t().tolist())} == {*map(tuple, BOTH.t().tolist())}
    assert [len(part) for part in (data.train, data.val, data.test)] == [28, 2, 4]
    assert graph.x.shape == (34, spec.num_features)
    around = data.graphs[5]
    assert (around.graph_id, around.y.tolist(), int(around.centre.sum())) == (5, [int(OFFICER[5])], 1)
    again = spec.load()
    assert (len(again), again[0].y.tolist()) == (1, OFFICER.tolist())
    assert label_columns(FILES[name], name)[0].kind == "classes"


def test_facts_say_what_was_read():
    masks = {f"{part}_mask": torch.arange(34) % 4 == i for i, part in enumerate(("train", "val", "test"))}
    labels = torch.where(torch.arange(34) % 4 == 3, -1, OFFICER)
    data = read_dataset(pt(y=labels, **masks), "club.pt")
    assert describe_dataset(data) == {
        "Graph": "one, of 34 nodes and 78 edges; nodes are predicted",
        "Classes": "2: class 0 (13), class 1 (13), no label (8)",
        "Features": "34",
        "Ground truth": "no",
        "Split": "9 training, 9 validation, 8 test nodes, 8 in no part",
    }
    assert "8 of 34 nodes have no label: they stay in the graph" in data.spec.description
    assert "Nodes are split by train_mask, val_mask, test_mask." in data.spec.description
    assert sorted(data.train.nodes.tolist()) == [*range(0, 34, 4)]
    assert "y" not in data.graphs[3]
    assert "y" in data.graphs[4]


def test_minus_one_is_a_class_where_no_masks_leave_it_out():
    data = read_dataset(pt(y=2 * OFFICER - 1), "club.pt")
    assert data.spec.classes == ("class -1", "class 1")
    assert data.graph.y.tolist() == OFFICER.tolist()


@pytest.mark.parametrize("missing", ["", "NA", "null", "-"])
def test_a_node_without_a_label_stays_in_the_graph_and_is_in_no_part(missing):
    nodes = "Id,club\n" + "".join(f"m{i},{missing if i < 4 else 'ab'[i % 2]}\n" for i in CLUB)
    data = read_dataset(tables(nodes), "club.zip")
    held = {int(node) for part in (data.train, data.val, data.test) for node in part.nodes}
    assert held == {*range(4, 34)}
    assert data.graph.y[:4].tolist() == [-1] * 4
    assert (data.graph.num_nodes, data.spec.classes) == (34, ("a", "b"))
    assert "4 of 34 nodes have no label" in data.spec.description


def test_masks_in_a_table_are_true_or_false_and_no_features():
    rows = [f"m{i},{i % 2},{i % 3 != 0},{int(i % 3 == 0)},{i / 2}" for i in CLUB]
    data = read_dataset(tables("id,y,train_mask,test_mask,age\n" + "\n".join(rows)), "club.zip")
    assert data.spec.num_features == 1
    assert sorted(data.test.nodes.tolist()) == [*range(0, 34, 3)]
    assert len(data.val) == 2  # a ninth of the rest, by class
    assert not {*data.train.nodes.tolist(), *data.val.nodes.tolist()} & {*range(0, 34, 3)}
    assert data.graph.x.view(-1).tolist() == [i / 2 for i in range(34)]


def test_of_several_masks_in_columns_the_first_is_taken_and_it_is_said():
    first = torch.arange(34) % 3
    masks = {
        f"{part}_mask": torch.stack([first == i, first == 0], dim=1)
        for i, part in enumerate(("train", "val", "test"))
    }
    data = read_dataset(pt(**masks), "club.pt")
    assert sorted(data.val.nodes.tolist()) == [*range(1, 34, 3)]
    assert "'train_mask' (bool[34, 2]) beyond its first column" in data.spec.description


def test_a_label_is_chosen_by_its_name_and_is_no_feature():
    rows = "".join(f"m{i},{CLUB.nodes[i]['club']},{i % 3},{i * 0.5}\n" for i in CLUB)
    content = tables("id,club,team,age\n" + rows)
    assert [column.name for column in label_columns(content, "club.zip")] == ["club", "team"]
    with pytest.raises(ValueError, match=r"one label of nodes \(got the attributes 'club', 'team'\); say"):
        read_dataset(content, "club.zip")
    by_team, by_club = (read_dataset(content, "club.zip", label) for label in ("team", "club"))
    assert (by_team.spec.classes, by_team.spec.num_features) == (("team 0", "team 1", "team 2"), 1)
    assert (by_club.spec.classes, by_club.spec.num_features) == (("Mr. Hi", "Officer"), 2)
    assert (by_club.spec.name, by_club.spec.title) == ("club-club", "club, club")
    with pytest.raises(ValueError, match=r"under 'sex' \(got the attributes 'club', 'team', 'age'\)"):
        read_dataset(content, "club.zip", "sex")


def test_a_number_that_says_the_same_as_the_label_is_no_feature():
    rows = "".join(f"m{i},{'ab'[i % 2]},{7 - i % 2},{i}\n" for i in CLUB)
    data = read_dataset(tables("id,y,code,age\n" + rows), "club.zip")
    assert data.spec.num_features == 1
    assert "'code' at nodes (it says the same as the label)" in data.spec.description


def test_nodes_have_the_names_of_the_file_where_they_are_not_numbered():
    assert read_dataset(tables(), "club.zip").graphs[7].name == "m7"
    assert "name" not in read_dataset(FILES["club.graphml"], "club.graphml").graphs[7]
    rows = "".join(f"m{i},{i % 2},member {i}\n" for i in CLUB)
    data = read_dataset(tables("id,y,Label\n" + rows), "club.zip")
    assert data.graphs[7].name == "member 7"
    assert "Left out" not in data.spec.description


def test_what_is_no_feature_is_named():
    rows = "".join(f"m{i},{i % 2},text {i % 7},{i % 5 == 0}\n" for i in CLUB)
    description = read_dataset(tables("id,y,notes,node_gt\n" + rows), "club.zip").spec.description
    assert "each gets a 1" in description
    assert "'notes' at nodes (no number everywhere)" in description
    assert "'node_gt' at nodes (of a graph that is explained)" in description


def test_whole_numbers_are_classes_up_to_fifty_and_stay_numbers_as_features():
    x = torch.ones(510, 2, dtype=torch.long)
    data = read_dataset(pt(x=x, y=torch.arange(510) % 17), "club.pt")
    assert len(data.spec.classes) == 17
    assert data.train[0].x.dtype == torch.long
    floats = as_floats(data)
    assert floats.train[0].x.dtype == floats.graph.x.dtype == torch.float32
    assert floats.graph.train_mask.tolist() == data.graph.train_mask.tolist()


def test_a_flat_x_of_integers_is_types_of_nodes():
    assert read_dataset(npz(x=np.arange(34) % 3), "club.npz").graph.x.unique(dim=0).tolist() == [
        [0, 0, 1],
        [0, 1, 0],
        [1, 0, 0],
    ]


REFUSED = {
    "numbers": (pt(y=torch.linspace(0, 1, 34)), "club.pt", "classes of nodes, as texts or whole numbers"),
    "one class": (pt(y=torch.ones(34, dtype=torch.long)), "club.pt", "labels that differ"),
    "several labels a node": (pt(y=torch.ones(34, 2)), "club.pt", "one value of 'y', or one for each of 34"),
    "no label": (pt(y=None), "club.pt", "a class at each node, such as 'y'"),
    "two graphs": (
        written(lambda buffer: torch.save([TENSORS, TENSORS], buffer)),
        "club.pt",
        r"one graph with a class at each node \(got 2 graphs\)",
    ),
    "edges alone": (tables("a,b\n1,2\n", names=("edges.csv", "README.csv")), "club.zip", "a class at each"),
    "one mask": (pt(train_mask=OFFICER > 0), "club.pt", "the masks train_mask, val_mask, test_mask"),
    "masks that overlap": (
        pt(train_mask=OFFICER > 0, test_mask=OFFICER >= 0),
        "club.pt",
        "each node in one mask .got node 9 in train_mask and test_mask",
    ),
    "a mask of texts": (
        tables("id,y,train_mask,test_mask\n" + "".join(f"m{i},{i % 2},x,y\n" for i in CLUB)),
        "club.zip",
        "'train_mask' to be true or false .got 'x' at node 'm0'",
    ),
    "too few to test": (pt(train_mask=OFFICER > 0, val_mask=OFFICER == 0, test_mask=OFFICER > 1), "club.pt",
                        r"enough nodes for training, validation and test \(got 17, 17, 0\)"),
    "a label of lists": (
        json.dumps({"nodes": [{"id": i, "y": [i]} for i in range(30)], "edges": []}).encode(),
        "club.json",
        "label of text or a number .got .0. at node 0",
    ),
    "arrays of one graph with a label": (npz(y=np.ones(1)), "club.npz", "a class for each of 34 nodes"),
    "arrays of texts": (npz(y=np.array(["a"] * 34)), "club.npz", "arrays of numbers for one graph"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_dataset_of_nodes_is_refused_in_one_sentence(case):
    content, name, words = REFUSED[case]
    with pytest.raises(ValueError, match=words) as refused:
        read_dataset(content, name)
    assert str(refused.value).count("; ") <= 2


def test_a_workbook_with_sheets_of_nodes_and_edges_is_a_graph(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    edges, nodes = book.active, book.create_sheet("nodes")
    edges.title = "edges"
    for row in [("source", "target"), *CLUB.edges]:
        edges.append(row)
    for row in [("id", "club"), *((i, CLUB.nodes[i]["club"]) for i in CLUB)]:
        nodes.append(row)
    book.save(tmp_path / "club.xlsx")
    data = load_dataset(tmp_path / "club.xlsx")
    assert data.graph.y.tolist() == OFFICER.tolist()


def test_a_list_of_graphs_is_a_dataset_of_graphs_whatever_its_nodes_have():
    graphs = [json.loads(link(y=i % 2)) for i in range(20)]
    data = read_dataset(json.dumps(graphs).encode(), "clubs.json")
    assert (data.spec.task, data.graph) == ("graph-classification", None)


def test_a_large_graph_is_read_beyond_the_limits_of_one_that_is_uploaded():
    count = 30_000
    ends = torch.arange(count)
    ring = torch.stack([ends, (ends + 1) % count])
    whole = Data(x=torch.ones(count, 4), edge_index=torch.cat([ring, ring.flip(0)], 1), y=ends % 3)
    data = read_dataset(written(lambda buffer: torch.save(whole.to_dict(), buffer)), "ring.pt")
    assert data.spec.num_graphs == count
    assert data.test[0].num_nodes == 7
