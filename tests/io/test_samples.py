from pathlib import Path

import pytest

from hpme.io import FORMATS, read_files, read_graphs, sniff
from tests.io.page import PAGE, renewed

SAMPLES = Path(__file__).parents[2] / "assets/samples"
HOUSE = (10, 22)  # nodes, directed edges
SIZES = {
    "aspirin.smi": [(13, 26)],
    "pasted.txt": [(7, 14), (3, 4)],
    "caffeine.mol": [(14, 30)],
    "two.sdf": [(7, 14), (4, 6)],
    "two.mol2": [(11, 22), (4, 6)],
    "two.inchi": [(13, 26), (14, 30)],
    "house_edges.csv": [HOUSE],
    "ring.csv": [(5, 10)],
} | {
    f"house.{kind}": [HOUSE]
    for kind in ("json", "graphml", "zip", "pt", "safetensors", "gexf", "gml", "net", "gv", "mtx")
}


@pytest.mark.parametrize("name", SIZES)
def test_each_sample_is_read_as_what_it_is(name):
    graphs = read_graphs((SAMPLES / name).read_bytes(), name)
    assert [(graph.num_nodes, graph.num_edges) for graph in graphs] == SIZES[name]


def test_each_format_has_a_sample():
    samples = {name: kind for kind, form in FORMATS.items() for name in form.samples}
    assert {kind for kind, form in FORMATS.items() if form.title} == {*samples.values()}
    for name, kind in samples.items():
        content = (SAMPLES / name).read_bytes()
        assert sniff(content, name).kind == ("nodes" if name == "house_nodes.csv" else kind)


@pytest.mark.parametrize("kind", ["json", "graphml", "zip", "pt", "safetensors"])
def test_the_house_has_its_ground_truth_in_every_format(kind):
    (house,) = read_graphs((SAMPLES / f"house.{kind}").read_bytes(), f"house.{kind}")
    assert house.node_gt.tolist() == [True] * 5 + [False] * 5
    assert kind == "pt" or house.edge_gt.sum() == 12


def test_a_table_of_nodes_is_read_with_its_edges():
    names = ("house_nodes.csv", "aspirin.smi", "house_edges.csv")
    aspirin, house = read_files({name: (SAMPLES / name).read_bytes() for name in names})
    assert (aspirin.name, aspirin.element[:3]) == ("aspirin", ["C", "C", "O"])
    assert house.node_gt.sum() == 5


def test_numbered_nodes_of_an_edge_list_come_in_order_and_others_as_they_appear():
    text = b"2;0\n0;1\n"
    assert read_graphs(text, "a.csv")[0].edge_index.tolist() == [[0, 0, 1, 2], [1, 2, 0, 0]]
    assert read_graphs(b"from\tto\nb\ta\nb\tc\n", "a.csv")[0].edge_index.tolist() == [
        [0, 0, 1, 2],
        [1, 2, 0, 0],
    ]


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ('{"nodes": [{"id": 0}], "edges": []}', 1),
        ("<graphml><graph><node id='a'/></graph></graphml>", 1),
        ("a,b\nb,c", 3),
        ("[O-]C", 2),
        ((SAMPLES / "caffeine.mol").read_text(), 14),
    ],
)
def test_pasted_text_is_read_as_the_format_that_it_looks_like(text, nodes):
    assert read_graphs(text.encode(), "pasted.txt")[0].num_nodes == nodes


def test_numbers_with_names_are_features():
    nodes = b"id,colour,mass,charge\na,red,2,-1\nb,,1.5,0\n"
    (graph,) = read_files({"nodes.csv": nodes, "edges.csv": b"source,target\na,b"})
    assert graph.feature_names == ["mass", "charge"]
    assert graph.x.tolist() == [[2, -1], [1.5, 0]]


def test_the_page_lists_the_formats_as_they_are():
    page = PAGE.read_text(encoding="utf-8")
    assert renewed(page) == page
