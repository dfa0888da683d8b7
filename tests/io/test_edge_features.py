"""Features of edges, and whole numbers, come from every format and stand where their edges are."""

import io
import json
from dataclasses import replace

import networkx as nx
import pytest
import torch
from rdkit import Chem
from torch_geometric.data import Data

from hpme import limits
from hpme.chemistry.bonds import BONDS
from hpme.io import WRITERS, describe_graph, read_files, read_graphs, write_graph

EDGES = {(2, 0): 0.5, (1, 2): 2.0, (0, 1): 1.0, (3, 3): 4.0}  # once, in no order, with a loop
NUMBERS = {**EDGES, **{(v, u): value for (u, v), value in EDGES.items()}}


def links(**fields: object) -> dict:
    """A graph of node-link JSON with `EDGES`; each field is a value, or a function of an edge's number."""
    rows = [
        {"source": u, "target": v} | {k: f(value) if callable(f) else f for k, f in fields.items()}
        for (u, v), value in EDGES.items()
    ]
    return {"nodes": [{"id": i, "x": [i]} for i in range(4)], "edges": rows}


def read(*data: dict) -> list[Data]:
    return read_graphs(json.dumps([*data]).encode(), "a.json")


def assert_aligned(graph: Data, column: int = 0) -> None:
    """Each direction of each edge has the number of its edge."""
    assert graph.edge_attr.dtype == torch.float32
    ends = [*map(tuple, graph.edge_index.t().tolist())]
    assert dict(zip(ends, graph.edge_attr[:, column].tolist(), strict=True)) == NUMBERS
    assert len(ends) == len(NUMBERS)


def as_csv(header: str = "source,target,w") -> bytes:
    return "\n".join([header, *(f"{u},{v},{w}" for (u, v), w in EDGES.items())]).encode()


def as_pt(**more: object) -> bytes:
    ends = torch.tensor([*NUMBERS]).t()
    values = {"x": torch.zeros(4, 1), "edge_index": ends, "edge_attr": torch.tensor([*NUMBERS.values()])}
    file = io.BytesIO()
    torch.save({name: value for name, value in (values | more).items() if value is not None}, file)
    return file.getvalue()


def as_graphml() -> bytes:
    graph = nx.Graph()
    graph.add_nodes_from(range(4))
    graph.add_weighted_edges_from(((u, v, w) for (u, v), w in EDGES.items()), weight="w")
    return "".join(nx.generate_graphml(graph)).encode()


FILES = {
    "a.json": json.dumps(links(edge_attr=lambda w: [w])).encode(),
    "b.json": json.dumps(links(w=lambda w: w)).encode(),
    "a.csv": as_csv(),
    "u.csv": as_csv("u;v;w").replace(b",", b";"),
    "a.graphml": as_graphml(),
    "a.pt": as_pt(),
}


@pytest.mark.parametrize("name", FILES)
def test_each_edge_has_its_number_in_both_directions(name):
    (graph,) = read_graphs(FILES[name], name)
    assert_aligned(graph)
    assert graph.get("edge_feature_names") == (None if name in ("a.json", "a.pt") else ["w"])


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("names", [None, ["length", "kind=a"]])
def test_what_is_written_comes_back(kind, names):
    (graph,) = read_graphs(FILES["a.pt"], "a.pt")
    graph.edge_attr = torch.cat([graph.edge_attr, 1 / graph.edge_attr], dim=1)
    graph.edge_gt = graph.edge_attr[:, 0] > 1
    if names:
        graph.edge_feature_names = names
    (back,) = read_graphs(write_graph(graph, None, kind), f"a.{kind}")
    assert_aligned(back)
    assert torch.equal(back.edge_attr, graph.edge_attr)
    assert torch.equal(back.edge_gt, graph.edge_gt)
    assert back.get("edge_feature_names") == names


@pytest.mark.parametrize("kind", WRITERS)
def test_edges_are_written_in_any_order(kind):
    (graph,) = read_graphs(FILES["a.pt"], "a.pt")
    order = torch.randperm(graph.num_edges, generator=torch.Generator().manual_seed(0))
    graph.edge_index, graph.edge_attr = graph.edge_index[:, order], graph.edge_attr[order]
    assert_aligned(read_graphs(write_graph(graph, None, kind), f"a.{kind}")[0])


def test_a_name_that_means_something_else_at_edges_is_not_written():
    (graph,) = read_graphs(FILES["b.json"], "b.json")
    graph.edge_feature_names = ["source"]
    (back,) = read_graphs(write_graph(graph, None, "json"), "a.json")
    assert_aligned(back)
    assert "edge_feature_names" not in back


def test_directions_that_differ_are_not_written():
    (graph,) = read_graphs(FILES["a.pt"], "a.pt")
    graph.edge_attr[1] += 1
    with pytest.raises(ValueError, match=r"^Expected one 'edge_attr' for both directions of an edge \(got "):
        write_graph(graph, None, "json")


def test_an_edge_given_twice_keeps_its_features_and_names_the_second_where_they_differ():
    data = links(w=lambda w: w)
    data["edges"] += [edge | {"source": edge["target"], "target": edge["source"]} for edge in data["edges"]]
    assert_aligned(read(data)[0])
    data["edges"][-2]["w"] = 7
    (graph,) = read(data)
    assert_aligned(graph)
    assert "the second fields of edges that stand there twice (1, such as 1 to 0)" in graph.left_out
    (graph,) = read_graphs(as_pt(edge_attr=torch.arange(7.0)), "a.pt")
    assert graph.left_out[0].startswith("the second fields of ")
    data["edges"][0]["edge_gt"], data["edges"][-2]["edge_gt"] = True, False
    for edge in data["edges"]:
        edge.setdefault("edge_gt", True)
    with pytest.raises(ValueError, match=r"^Expected each edge once \(got 1 to 0 twice, unlike\)"):
        read(data)


@pytest.mark.parametrize(
    ("smiles", "types"),
    [
        ("CC#N", ["single", "triple"]),
        ("C=CO", ["double", "single"]),
        ("c1ccccc1", ["aromatic"] * 6),
        ("C", []),
    ],
)
def test_bonds_of_molecules_have_their_types(smiles, types):
    files = {"a.smi": smiles.encode(), "a.mol": Chem.MolToMolBlock(Chem.MolFromSmiles(smiles)).encode()}
    for name, content in files.items():
        (graph,) = read_graphs(content, name)
        assert graph.edge_feature_names == [*BONDS]
        assert graph.edge_attr.shape == (2 * len(types), 4)
        assert graph.edge_attr.dtype == torch.float32
        mol = Chem.MolFromSmiles(graph.smiles)
        for (u, v), row in zip(graph.edge_index.t().tolist(), graph.edge_attr.tolist(), strict=True):
            bond = mol.GetBondBetweenAtoms(u, v).GetBondType().name.lower()
            assert row == [float(name == bond) for name in BONDS]


def test_texts_of_few_values_become_one_hot_over_all_graphs_of_a_file():
    first, second = (
        links(bond="single"),
        links(bond=lambda w: "double" if w == 2 else "single", w=lambda w: w),
    )
    first["edges"] = [edge | {"w": 0} for edge in first["edges"]]
    graphs = read(first, second)
    for graph in graphs:
        assert graph.edge_feature_names == ["bond=double", "bond=single", "w"]
        assert graph.edge_attr[:, :2].sum(1).eq(1).all()
    assert graphs[0].edge_attr[:, 0].sum() == 0
    assert torch.equal(graphs[1].edge_attr[:, 0], (graphs[1].edge_attr[:, 2] == 2).float())
    assert_aligned(graphs[1], column=2)


def test_whole_numbers_among_texts_are_texts_and_true_is_one():
    orders = {0.5: 1, 1.0: 2, 2.0: "ar", 4.0: 1}
    (graph,) = read(links(bond=orders.__getitem__, ring=lambda w: w > 1))
    assert graph.edge_feature_names == ["bond=1", "bond=2", "bond=ar", "ring"]
    assert torch.equal(graph.edge_attr[:, 2], ((graph.edge_attr[:, 3] == 1) & ~loops(graph)).float())


def loops(graph: Data) -> torch.Tensor:
    return graph.edge_index[0] == graph.edge_index[1]


LEFT_OUT = {
    "free text": ({"note": lambda w: f"{w} {'long ' * 20}"}, "'note' at edges (long text)"),
    "gaps": ({"w": lambda w: w if w < 3 else None}, "'w' at edges (missing at some)"),
    "lists": ({"v": [1, 2]}, "'v' at edges (neither numbers nor texts)"),
    "floats among texts": ({"v": lambda w: w if w < 3 else "x"}, "'v' at edges (neither numbers nor texts)"),
    "too large": ({"v": 1e39}, "'v' at edges (not all finite)"),
    "beside a list": ({"edge_attr": [1.0], "bond": "single"}, "'bond' at edges (beside 'edge_attr')"),
    "beside columns": ({"edge_attr0": 1, "bond": "single"}, "'bond' at edges (beside 'edge_attr')"),
}


@pytest.mark.parametrize(("fields", "words"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_cannot_be_brought_is_named(fields, words):
    (graph,) = read(links(**fields))
    assert graph.left_out == [words]
    assert describe_graph(graph)["Left out"] == words
    assert ("edge_attr" in graph) == (len(fields) > 1)


def test_a_text_of_many_values_is_left_out_and_the_rest_stays(monkeypatch):
    monkeypatch.setattr(limits, "LIMITS", replace(limits.LIMITS, categories=3))
    (graph,) = read(links(note=lambda w: f"n{w}", w=lambda w: w))
    assert graph.left_out == ["'note' at edges (4 different texts)"]
    assert_aligned(graph)
    (graph,) = read(links(note=lambda w: f"n{min(w, 2.0)}"))
    assert graph.edge_feature_names == ["note=n0.5", "note=n1.0", "note=n2.0"]


def test_what_nodes_and_graphs_have_beside_their_features_is_named():
    data = links() | {"graph": {"y": 1, "date": "today", "note": ""}}
    data["nodes"] = [node | {"colour": "red", "empty": ""} for node in data["nodes"]]
    (graph,) = read(data)
    assert graph.left_out == ["'colour' at nodes (beside 'x')", "'date' of the graph"]
    nodes = b"id,size,colour\n0,1,red\n1,2,\n2,3,red\n3,0,red"
    (graph,) = read_files({"nodes.csv": nodes, "edges.csv": as_csv()})
    assert graph.left_out == ["'colour' at nodes (no number everywhere)"]
    (graph,) = read_graphs(as_pt(pos=torch.zeros(4, 3)), "a.pt")
    assert graph.left_out == ["'pos' (float32[4, 3])"]


@pytest.mark.parametrize(
    ("rows", "got"),
    [
        ([[1.0], [1.0, 2.0], [1.0], [1.0]], "2 at the edge 1 to 2"),
        ([[1.0], [1.0], None, [1.0]], "none at the edge 0 to 1"),
    ],
)
def test_lists_of_different_lengths_are_refused_with_the_edge(rows, got):
    values = iter(rows)
    with pytest.raises(ValueError, match=rf"^Expected a list 'edge_attr' of the same .* one, {got}\); give"):
        read(links(edge_attr=lambda _: next(values)))


@pytest.mark.parametrize("value", ["a", None, True])
def test_values_of_a_list_are_numbers(value):
    with pytest.raises(ValueError, match=r"^Expected 'edge_attr' to be a finite number \(got "):
        read(links(edge_attr=[value]))


@pytest.mark.parametrize("shape", [(6, 1), (), (8, 2)])
def test_a_tensor_has_a_row_for_each_edge(shape):
    with pytest.raises(ValueError, match=r"^Expected 'edge_attr' of shape \[7, num_edge_features\] \(got \["):
        read_graphs(as_pt(edge_attr=torch.zeros(shape)), "a.pt")


@pytest.mark.parametrize(
    ("limit", "most", "fields"),
    [
        ("features", 2, {"edge_attr": [1, 2, 3]}),
        ("features", 2, {"a": 1, "b": 1, "c": 1}),
        ("features", 3, {"a": lambda w: f"{w}"}),
        ("values", 13, {"edge_attr": [1, 2, 3]}),
        ("values", 13, {"a": 1, "b": 1}),
    ],
)
def test_too_many_features_of_edges_are_refused(monkeypatch, limit, most, fields):
    monkeypatch.setattr(limits, "LIMITS", replace(limits.LIMITS, **{limit: most}))
    with pytest.raises(ValueError, match=rf"^Expected 0 to {most} {limit} in a file"):
        read(links(**fields))


def test_a_graph_without_edges_gets_the_width_of_the_others_where_they_agree():
    alone = {"nodes": [{"id": 0, "x": [1]}], "edges": []}
    graphs = read(alone, links(edge_attr=[1, 2]), links(edge_attr=[3, 4]))
    assert graphs[0].edge_attr.shape == (0, 2)
    graphs = read(alone, links(edge_attr=[1, 2]), links(edge_attr=[3]))
    assert "edge_attr" not in graphs[0]
    assert [graph.edge_attr.size(1) for graph in graphs[1:]] == [2, 1]


def test_whole_numbers_stay_whole_where_all_are():
    assert read(links())[0].x.tolist() == [[0], [1], [2], [3]]
    assert read(links())[0].x.dtype == torch.int64
    other = links()
    other["nodes"][2]["x"] = [2.0]
    assert [graph.x.dtype for graph in read(links(), other)] == [torch.float32] * 2
    nodes = b"id,size\n0,1\n1,2\n2,3\n3,0"
    for cell, dtype in ((b"1", torch.int64), (b"1.0", torch.float32)):
        files = {"nodes.csv": nodes.replace(b",1", b"," + cell), "edges.csv": as_csv()}
        assert read_files(files)[0].x.dtype == dtype
    for dtype in (torch.uint8, torch.int32, torch.int64):
        (graph,) = read_graphs(as_pt(x=torch.tensor([[1], [2], [3], [4]], dtype=dtype)), "a.pt")
        assert (graph.x.dtype, graph.x.tolist()) == (torch.int64, [[1], [2], [3], [4]])
    for dtype in (torch.float16, torch.float64, torch.bool):
        (graph,) = read_graphs(as_pt(x=torch.ones(4, 1, dtype=dtype)), "a.pt")
        assert graph.x.dtype == torch.float32


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("names", [None, ["size"]])
def test_whole_numbers_come_back_whole(kind, names):
    (graph,) = read(links())
    graph.x[0] = 2**40
    if names:
        graph.feature_names = names
    (back,) = read_graphs(write_graph(graph, None, kind), f"a.{kind}")
    assert torch.equal(back.x, graph.x)
    assert back.x.dtype == torch.int64
