"""Features of edges, and whole numbers, in datasets of every kind."""

import io
import json
import pickle

import numpy as np
import pytest
import torch
from own_files import tu_parts, write_csv, zip_tu

from hpme.chemistry.bonds import BONDS
from hpme.datasets import Dataset
from hpme.datasets.molecules import molecule_graph, parse_bundled
from hpme.jobs.own_dataset import Parcel
from hpme.own_data import as_floats, describe_dataset, read_dataset

LENGTHS = {(0, 1): 0.5, (1, 2): 2.0, (0, 3): 1.0, (3, 3): 4.0}  # once, in no order, with a loop
BOTH = {**LENGTHS, **{(v, u): value for (u, v), value in LENGTHS.items()}}


def line(label: int, scale: float = 1, x: float = 1, **fields: object) -> str:
    edges = [
        {"source": u, "target": v} | {k: f(w * scale) if callable(f) else f for k, f in fields.items()}
        for (u, v), w in LENGTHS.items()
    ]
    return json.dumps({"y": label, "nodes": [{"id": i, "x": [x]} for i in range(4)], "edges": edges})


def lines(*first: str, count: int = 30, **fields: object) -> bytes:
    return "\n".join([*first, *(line(i % 2, scale=i + 1, **fields) for i in range(count))]).encode()


def packed(**changes: np.ndarray | None) -> bytes:
    """Thirty copies of the graph of `BOTH`, of which graph ``i`` has lengths times ``i + 1``."""
    edges = np.array([*BOTH], np.int32).T
    values = np.array([*BOTH.values()])
    arrays = {
        "x": np.zeros((120, 2), np.int8),
        "edge_index": np.tile(edges, 30),
        "nptr": np.arange(31) * 4,
        "eptr": np.arange(31) * len(BOTH),
        "y": np.arange(30) % 2,
        "edge_attr": np.concatenate([values * (i + 1) for i in range(30)])[:, None],
    }
    buffer = io.BytesIO()
    np.savez(buffer, **{name: value for name, value in (arrays | changes).items() if value is not None})
    return buffer.getvalue()


def text_format(both: bool = True, **changes: str) -> bytes:
    """The same graphs in the text format of TU, in both directions, or each edge once from the higher id."""
    ends = [*BOTH] if both else [(max(pair), min(pair)) for pair in LENGTHS]
    rows = [(u + 4 * i + 1, v + 4 * i + 1, BOTH[u, v] * (i + 1)) for i in range(30) for u, v in ends]
    order = np.random.default_rng(0).permutation(len(rows))
    parts = {
        "A": "".join(f"{rows[k][0]}, {rows[k][1]}\n" for k in order),
        "edge_attributes": "".join(f"{rows[k][2]}\n" for k in order),
        "graph_indicator": "".join(f"{i + 1}\n" * 4 for i in range(30)),
        "graph_labels": "0\n1\n" * 15,
    }
    return zip_tu(parts | changes)


FILES = {
    "lists.jsonl": lines(edge_attr=lambda w: [w]),
    "named.jsonl": lines(length=lambda w: w),
    "packed.npz": packed(),
    "both.zip": text_format(),
    "once.zip": text_format(both=False),
}


@pytest.mark.parametrize("name", FILES)
def test_each_edge_of_each_graph_has_its_number_in_both_directions(name):
    data = read_dataset(FILES[name], name)
    assert data.spec.num_edge_features == 1
    assert data.spec.default_model == "gine"
    assert describe_dataset(data)["Edge features"] == "1"
    for graph in data.graphs:
        assert graph.edge_attr.dtype == torch.float32
        ends = [*map(tuple, graph.edge_index.t().tolist())]
        expected = {pair: length * (graph.graph_id + 1) for pair, length in BOTH.items()}
        assert dict(zip(ends, graph.edge_attr[:, 0].tolist(), strict=True)) == expected
        assert len(ends) == len(BOTH)


def test_the_description_says_what_edges_have():
    def description(name: str) -> str:
        return read_dataset(FILES[name], name).spec.description

    assert "Nodes have 1 features, edges have 1." in description("lists.jsonl")
    assert "Nodes have 1 features, edges have 1 (length)." in description("named.jsonl")
    assert "Nodes have 2 features, edges have 1." in description("packed.npz")
    assert "Nodes have no features: each gets a 1, edges have 1 attributes." in description("both.zip")


def test_graphs_without_features_of_edges_have_none():
    data = read_dataset(lines(), "a.jsonl")
    assert (data.spec.num_edge_features, data.spec.default_model) == (0, "gin")
    assert "edge_attr" not in data.graphs[0]
    assert "Edge features" not in describe_dataset(data)


def test_atoms_and_bonds_of_a_table_are_those_of_the_built_in_molecules():
    rows = [
        "smiles,label",
        *(f"{smiles},{i % 2}" for i in range(10) for smiles in ("CC=O", "C#N", "c1ccccc1", "C")),
    ]
    data = read_dataset("\n".join(rows).encode(), "a.csv")
    assert (data.spec.edge_labels, data.spec.num_edge_features) == (BONDS, 4)
    assert describe_dataset(data)["Edge features"] == "4, one for each type of bond"
    for graph in data.graphs:
        own = molecule_graph(parse_bundled(graph.smiles), graph.smiles, 0, set())
        assert torch.equal(graph.edge_index, own.edge_index)
        assert torch.equal(graph.edge_attr, own.edge_attr)
    assert data.graphs[3].edge_attr.shape == (0, 4)


def test_texts_share_their_columns_over_all_lines():
    first = line(0, bond="single")
    data = read_dataset(lines(first, bond=lambda w: "double" if w == 2 else "single"), "a.jsonl")
    assert data.spec.edge_labels == ("bond=double", "bond=single")
    assert data.graphs[0].edge_attr.tolist() == [[0, 1]] * len(BOTH)
    ends = [*map(tuple, data.graphs[1].edge_index.t().tolist())]
    doubles = [pair for pair, row in zip(ends, data.graphs[1].edge_attr, strict=True) if row[0]]
    assert doubles == [(1, 2), (2, 1)]


def test_what_lines_have_beside_their_features_is_named_once():
    data = read_dataset(lines(edge_attr=[1.0], bond="single"), "a.jsonl")
    assert "Left out: 'bond' at edges (beside 'edge_attr')." in data.spec.description
    free = read_dataset(lines(note=lambda w: f"at {w}"), "a.jsonl")
    assert "Left out: 'note' at edges (" in free.spec.description
    assert free.spec.num_edge_features == 0


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"edge_attr": [1.0, 2.0]}, "Expected 1 edge features as before (got 2 edge features)"),
        ({}, "Expected 1 edge features as before (got no edge features)"),
        ({"w": 1.0}, "Expected 1 edge features as before (got the edge features w)"),
    ],
)
def test_a_line_whose_edges_have_other_features_is_left_out_with_its_number(other, words):
    content = lines(line(0, edge_attr=[0.0]), line(1, **other), edge_attr=lambda w: [w])
    data = read_dataset(content, "a.jsonl")
    assert data.spec.num_graphs == 31
    assert (
        f"1 of 32 lines was left out (2). The first: {words}; give all graphs the same."
        in data.spec.description
    )


@pytest.mark.parametrize("place", [0, 3])
def test_a_line_without_edges_is_kept_and_gets_the_width_of_the_others(place):
    rows = lines(edge_attr=lambda w: [w, 1]).decode().split("\n")
    rows.insert(place, json.dumps({"y": 0, "nodes": [{"id": 0, "x": [1]}], "edges": []}))
    data = read_dataset("\n".join(rows).encode(), "a.jsonl")
    assert data.spec.num_graphs == 31
    assert data.spec.num_edge_features == 2
    assert data.graphs[place].edge_attr.shape == (0, 2)


def test_types_of_edges_become_one_hot_and_bond_types_are_read_where_they_are_ours():
    types = np.array([*BOTH.values()]).astype(np.uint8)  # 0, 2, 1, 4
    graph = read_dataset(packed(edge_attr=np.tile(types, 30)), "a.npz").graphs[3]
    assert torch.equal(graph.edge_attr, torch.eye(5)[torch.from_numpy(types).long()])
    bonds = np.tile(np.minimum(types, 3), 30)
    data = read_dataset(packed(edge_attr=None, bond_type=bonds), "a.npz")
    assert data.spec.edge_labels == BONDS
    assert data.graphs[0].edge_attr.argmax(1).tolist() == bonds[: len(BOTH)].tolist()
    for codes in (bonds + 1, np.ones_like(bonds)):
        other = read_dataset(packed(edge_attr=None, bond_type=codes), "a.npz")
        assert other.spec.num_edge_features == 0
        assert "Left out: 'bond_type' (not 0 single, 1 double" in other.spec.description


def test_other_arrays_of_a_pack_are_named():
    data = read_dataset(packed(pos=np.zeros((120, 3)), node_gt=np.zeros(120)), "a.npz")
    assert "Left out: 'pos', 'node_gt' without 'edge_gt'." in data.spec.description
    assert not data.spec.ground_truth


EDGES = 30 * len(BOTH)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.zeros(3), rf"a row of numbers in 'edge_attr' for each of {EDGES} edges \(got float64\[3\]\)"),
        (np.array(["a"] * EDGES), rf"for each of {EDGES} edges \(got <U1\[{EDGES}\]\)"),
        (np.full((EDGES, 2), np.nan), r"finite numbers of 32 bits in 'edge_attr' \(got nan at edge 0\)"),
        (np.full((EDGES, 2), 1e300), r"finite numbers of 32 bits in 'edge_attr' \(got 1e\+300 at edge 0\)"),
        (np.full(EDGES, 256), r"integer types 0 to 255 in 'edge_attr' \(got 256 at edge 0\)"),
        (np.full(EDGES, 0.5), r"integer types 0 to 255 in 'edge_attr' \(got 0.5 at edge 0\)"),
        (np.zeros((EDGES, 1001)), "Expected 1 to 1,000 features in a file"),
        (
            np.arange(EDGES)[:, None],
            r"one 'edge_attr' for both directions of an edge \(got two at 0 to 1 of graph 0",
        ),
    ],
)
def test_features_of_edges_that_do_not_fit_are_refused_in_one_sentence(values, words):
    with pytest.raises(ValueError, match=words) as error:
        read_dataset(packed(edge_attr=values), "a.npz")
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 300


def test_labels_of_edges_in_the_text_format_become_one_hot():
    parts = tu_parts(40)
    rows = parts["A"].splitlines()
    labels = [sum(map(int, row.split(", "))) % 3 for row in rows]  # alike in both directions
    data = read_dataset(zip_tu(parts | {"edge_labels": "".join(f"{label}\n" for label in labels)}), "a.zip")
    assert "edges have one of 3 labels." in data.spec.description
    first = 1
    for graph in data.graphs:
        u, v = graph.edge_index
        assert graph.edge_attr.argmax(1).tolist() == ((u + v + 2 * first) % 3).tolist()
        first += graph.num_nodes


def test_features_that_differ_by_direction_are_left_out_of_the_text_format_with_a_word():
    values = "".join(f"{i}\n" for i in range(EDGES))
    data = read_dataset(text_format(edge_attributes=values), "a.zip")
    assert data.spec.num_edge_features == 0
    assert "Features of edges are left out, as they differ between the directions" in data.spec.description
    with pytest.raises(
        ValueError, match=rf"a row for each of {EDGES} edges in NAME_edge_labels.txt \(got 2\)"
    ):
        read_dataset(text_format(edge_labels="1\n2\n"), "a.zip")


def test_a_dataset_in_a_parcel_keeps_the_features_of_its_edges():
    rows = [*lines(edge_attr=lambda w: [w, 1]).decode().split("\n")]
    rows.insert(2, json.dumps({"y": 0, "nodes": [{"id": 0, "x": [1]}], "edges": []}))
    data = read_dataset("\n".join(rows).encode(), "a.jsonl")
    back = pickle.loads(pickle.dumps(Parcel.pack(data))).unpack()
    assert back.spec.num_edge_features == 2
    for graph, other in zip(data.graphs, back.graphs, strict=True):
        assert torch.equal(graph.edge_attr, other.edge_attr)
        assert torch.equal(graph.edge_index, other.edge_index)
        assert torch.equal(graph.x, other.x)
        assert graph.x.dtype == other.x.dtype


def dtypes(data: Dataset) -> set[torch.dtype]:
    return {graph.x.dtype for graph in data.graphs}


def test_whole_numbers_stay_whole_where_the_whole_file_has_them():
    assert dtypes(read_dataset(lines(), "a.jsonl")) == {torch.int64}
    assert dtypes(read_dataset(lines(line(0, x=1.0)), "a.jsonl")) == {torch.float32}
    assert dtypes(read_dataset(packed(), "a.npz")) == {torch.int64}
    assert dtypes(read_dataset(packed(x=np.zeros((120, 2))), "a.npz")) == {torch.float32}
    assert dtypes(read_dataset(packed(x=np.zeros(120, np.uint8)), "a.npz")) == {torch.float32}  # one-hot
    assert dtypes(read_dataset(write_csv(), "a.csv")) == {torch.float32}


def test_models_of_ours_get_floats_and_the_graphs_of_the_file_stay_as_they_are():
    data = read_dataset(lines(edge_attr=[1.0]), "a.jsonl")
    floats = as_floats(data)
    assert dtypes(floats) == {torch.float32}
    assert dtypes(data) == {torch.int64}
    assert all(torch.equal(a.x.float(), b.x) for a, b in zip(data.graphs, floats.graphs, strict=True))
    assert all(torch.equal(a.edge_attr, b.edge_attr) for a, b in zip(data.train, floats.train, strict=True))
    assert as_floats(floats) is floats
    assert pickle.loads(pickle.dumps(floats.spec)).load()[0].x.dtype == torch.float32
