import json
import re
from pathlib import Path

import pytest
import torch
from torch_geometric.data import Data
from torch_geometric.utils import barabasi_albert_graph, to_undirected

from hpme.datasets import load_built_in
from hpme.io import write_graph
from hpme.limits import LIMITS
from tests.opened import command, healthy, open_app, sentence, title, widget

SAMPLES = Path(__file__).parents[2] / "assets" / "samples"
EMPTY = torch.zeros(2, 0, dtype=torch.long)


def opened():
    return healthy(open_app().switch_page("pages/upload.py").run())


@pytest.fixture
def page():
    return opened()


def upload(page, *files):
    """Uploads samples by name, or pairs of a name and content."""
    pairs = [(name, (SAMPLES / name).read_bytes()) if isinstance(name, str) else name for name in files]
    page.file_uploader[0].set_value([(name, content, "") for name, content in pairs])
    return healthy(page.run())


def paste(page, text):
    page.text_area(key="pasted").set_value(text)
    return press(page, "Add the text")


def press(page, label, place=0):
    matches = [button for button in page.button if button.label == label]
    return healthy(matches[place].click().run())


def explain(page):
    """Opens the graph at the top of the list, and stays on its page, which a test has to ask for."""
    press(page, "Explain")
    return healthy(page.switch_page("pages/explain.py").run())


def texts(page):
    return "\n".join(text.value for text in page.text)


def titles(page):
    """Titles in the list, from its top."""
    return [matches[1] for text in page.markdown if (matches := re.fullmatch(r"\*\*`(.+)`\*\*", text.value))]


def as_json(count, edge_index, **fields):
    graph = Data(edge_index=edge_index[:, (edge_index[0] * count + edge_index[1]).argsort()], **fields)
    graph.num_nodes = count
    return write_graph(graph, None, "json")


def model(page, place=0):
    return [box for box in page.selectbox if box.label == "Model to explain"][place]


def test_the_empty_page_names_the_limits_and_a_sample_of_each_format(page):
    intro = page.markdown[1].value if "Upload" in page.markdown[1].value else page.markdown[0].value
    for most in (LIMITS.files, LIMITS.graphs, LIMITS.nodes, LIMITS.edges, LIMITS.drawn_nodes):
        assert f"{most:,}" in intro
    assert {button.label for button in page.get("download_button")} == {
        path.name for path in SAMPLES.glob("*.*")
    }
    assert not titles(page)


@pytest.mark.parametrize("name", ["aspirin.smi", "caffeine.mol", "pasted.txt", "two.sdf"])
def test_molecules_go_to_the_benzene_model_and_all_else_to_the_first_dataset(page, name):
    upload(page, name)
    assert {box.value for box in page.selectbox} == {("benzene", "gine")}
    assert "The model predicts " in texts(page)
    assert "Each atom is encoded by its element." in texts(page)
    upload(page, "house.json")
    assert model(page).value == ("ba-2motifs", "gin")
    assert "Ground truth: 5 nodes" in texts(page)


def test_edges_and_nodes_in_two_files_are_one_graph(page):
    upload(page, "house_nodes.csv", "house_edges.csv")
    assert titles(page) == ["house_edges.csv"]
    assert "Edges: 11" in texts(page)


def test_a_refused_file_says_why_and_takes_nothing_else_along(page):
    upload(page, "aspirin.smi")
    upload(page, "house.json", ("bad.json", b"[NaN"), ("house.docx", b"PK"), "caffeine.mol")
    assert set(titles(page)) == {"aspirin", "caffeine", "house on a tree"}
    assert "bad.json: Expected JSON" in texts(page)
    assert "house.docx: Expected a graph or molecules: SMILES, or a table " in texts(page)


def test_files_of_one_name_are_all_kept(page):
    upload(page, ("a.smi", b"CCO"), ("a.smi", b"CCC"))
    assert set(titles(page)) == {"CCO", "CCC"}


def test_a_text_that_is_refused_stays_to_be_fixed(page):
    paste(page, "C1CC")
    assert page.text_area(key="pasted").value == "C1CC"
    assert "pasted.txt: Expected a molecule as SMILES (got 'C1CC')" in texts(page)
    paste(page, "C1CC1 ring")
    assert page.text_area(key="pasted").value == ""
    assert titles(page) == ["ring"]


def test_a_link_to_a_sample_adds_it_once_and_it_can_be_removed():
    app = open_app()
    app.query_params["sample"] = "house.json"
    page = healthy(app.switch_page("pages/upload.py").run())
    assert titles(page) == ["house on a tree"]
    press(page, "Remove")
    assert titles(page) == []


def test_the_list_is_paged_and_emptied(page):
    paste(page, "\n".join("C" * count for count in range(1, 10)))
    assert titles(page) == ["C" * count for count in range(9, 3, -1)]
    healthy(page.number_input(key="sheet").set_value(2).run())
    assert titles(page) == ["CCC", "CC", "C"]
    press(page, "Remove all")
    assert titles(page) == []


def test_another_model_may_be_chosen_and_a_graph_that_does_not_fit_stays_where_it_was(page):
    upload(page, "house.json")
    healthy(model(page).set_value(("benzene", "gin")).run())
    assert "Expected molecules for Benzene (got no features and no elements)" in texts(page)
    assert model(page).value == ("ba-2motifs", "gin")
    healthy(model(page).set_value(("triangles", "gin")).run())
    assert model(page).value == ("triangles", "gin")
    assert len(titles(page)) == 1
    assert "The model predicts " in texts(page)
    explain(page)
    assert title(page).startswith("Why does GIN predict ")
    assert "“" not in title(page)


def test_another_model_of_the_same_dataset_is_the_one_that_is_explained(page):
    upload(page, "house.json")
    healthy(model(page).set_value(("ba-2motifs", "gcn")).run())
    explain(page)
    assert title(page).startswith("Why does GCN predict “")
    assert title(page).endswith(" for `house on a tree`?")


def test_explain_and_compare_open_on_the_graph_and_the_list_is_there_to_come_back_to(page):
    upload(page, "aspirin.smi", "house.json")
    for button, words in (("Explain", "Why does GINE predict “"), ("Compare", "why GINE predicts “")):
        press(page, button, titles(page).index("aspirin"))
        assert words in title(page)
        assert "`aspirin`" in title(page)
        healthy(page.switch_page("pages/upload.py").run())
        assert set(titles(page)) == {"aspirin", "house on a tree"}


def test_a_large_graph_is_refused_with_the_way_to_explain_it(page):
    upload(page, ("large.json", as_json(LIMITS.drawn_nodes + 1, EMPTY)))
    assert "Expected at most 1,000 nodes in a graph that is drawn (got 1,001)" in texts(page)


def test_a_session_holds_a_bounded_number_of_graphs(page, monkeypatch):
    monkeypatch.setattr("ui.session.LIMITS", type(LIMITS)(graphs=1, session=2))
    upload(page, "pasted.txt")
    upload(page, "house.json")
    assert "house.json: Expected at most 2 graphs in a session (got 3); remove graphs" in texts(page)
    assert len(titles(page)) == 2


@pytest.mark.parametrize("kind", ["json", "graphml"])
def test_an_exported_explanation_is_shown_again_as_it_was(page, kind, monkeypatch):
    written = {}

    def spy(graph, explanation, kind):
        written[kind] = write_graph(graph, explanation, kind)
        return written[kind]

    monkeypatch.setattr("hpme.io.write_graph", spy)
    upload(page, "house.json")
    explain(page)
    healthy(widget(page, "step").set_value(3).run())
    healthy(widget(page, "k").set_value(4).run())
    before = sentence(page)
    healthy(widget(page, "tool").set_value("Export").run())
    again = opened()
    upload(again, (f"again.{kind}", written[kind]))
    assert "Explanation: in the file, 4 of 10 nodes kept" in texts(again)
    assert "by hpme, seed 0, for gin on ba-2motifs" in texts(again)
    explain(again)
    assert (widget(again, "step").value, widget(again, "k").value) == (3, 4)
    assert sentence(again) == before
    assert command(again) == command(page)


@pytest.mark.parametrize(
    "facts",
    [
        "[]",
        "{",
        '{"dataset": ["ba-2motifs"], "model": {}}',
        '{"dataset": "none", "model": "gin"}',
        '{"dataset": "benzene", "model": "gin", "seed": 0}',
        '{"dataset": "ba-2motifs", "model": "gin", "explainer": [], "seed": true, "nodes": -1}',
        '{"dataset": "ba-2motifs", "model": "gin", "seed": 0, "checkpoint": 99, "nodes": 11, "donor": 1e9}',
    ],
)
def test_a_made_up_origin_breaks_nothing(page, facts):
    data = json.loads((SAMPLES / "house.json").read_text())
    data["graph"]["provenance"] = facts
    upload(page, ("odd.json", json.dumps(data).encode()))
    explain(page)
    assert title(page) == "Why does GIN predict “house” for `house on a tree`?"


HARD = {
    "one node": as_json(1, EMPTY),
    "no edges": as_json(12, EMPTY),
    "pieces": as_json(30, torch.tensor([[0, 1, 2, 3], [1, 0, 3, 2]])),
    "a loop": b'{"nodes": [{"id": 0}, {"id": 1}], "edges": [{"source": 0, "target": 0}]}',
    "nodes marked": as_json(
        3, to_undirected(torch.tensor([[0, 1], [1, 2]])), node_gt=torch.tensor([1, 1, 0])
    ),
    "edges marked": as_json(3, torch.tensor([[0, 1], [1, 0]]), edge_gt=torch.tensor([True, True])),
    "500 nodes": as_json(500, to_undirected(barabasi_albert_graph(500, 1))),
}
PAGES = ("explain", "compare", "atlas", "tour")


@pytest.mark.parametrize("kind", HARD)
def test_every_page_works_on_a_graph_that_is(page, kind):
    upload(page, (f"{kind}.json", HARD[kind]))
    explain(page)
    for name in PAGES:
        healthy(page.switch_page(f"pages/{name}.py").run())
        shown = [*page.subheader, *page.markdown]
        assert any(f"`{kind}.json`" in text.value for text in shown)


@pytest.mark.parametrize("kind", ["one node", "edges marked", "pieces"])
@pytest.mark.parametrize("tool", ["Size curve", "Stability", "Export"])
def test_every_tool_works_on_a_graph_that_is(page, kind, tool):
    upload(page, (f"{kind}.json", HARD[kind]))
    explain(page)
    healthy(widget(page, "tool").set_value(tool).run())
    assert page.get("plotly_chart") or page.get("download_button") or page.get("image")


@pytest.mark.parametrize("step", range(2, 7))
def test_every_step_of_the_tour_works_on_a_single_node(page, step):
    upload(page, ("one.json", HARD["one node"]))
    explain(page)
    healthy(page.switch_page("pages/tour.py").run())
    control = widget(page, "step")
    healthy(control.set_value(next(name for name in control.options if name.startswith(str(step)))).run())
    assert "`one.json`" in title(page)


@pytest.mark.parametrize("name", ["house.pt", "aspirin.smi"])
def test_the_donors_of_an_own_graph_come_from_the_dataset(page, name):
    upload(page, name)
    explain(page)
    donor = int(re.search(r"--donor (\d+)", command(page))[1])
    assert donor in {graph.graph_id for graph in load_built_in(page.session_state["dataset"]).test}


def test_text_of_a_file_is_never_rendered(page):
    evil = "<img src=x onerror=alert(1)> ![x](http://evil.example/x) :red[x] $x$ [y](javascript:alert(1)) `"
    nodes = [{"id": evil, evil[:20]: 1.5}, {"id": 1, evil[:20]: 2}]
    data = {"graph": {"name": evil}, "nodes": nodes, "edges": [{"source": evil, "target": 1}]}
    upload(page, (f"{evil}.json", json.dumps(data).encode()), (f"{evil}.csv", evil.encode()))
    assert len(titles(page)) == 1
    assert "`" not in titles(page)[0]
    for text in page.markdown:
        assert "onerror" not in re.sub("`[^`]*`", "", text.value)
    assert "onerror" in texts(page)
    for name in PAGES:
        if name == "explain":
            explain(page)
        else:
            healthy(page.switch_page(f"pages/{name}.py").run())
        for text in (*page.markdown, *page.subheader, *page.caption, *page.warning, *page.error):
            assert "onerror" not in re.sub("`[^`]*`", "", text.value)


@pytest.mark.parametrize(("kind", "slow"), [("one node", "pgexplainer-path"), ("nodes marked", "gstarx")])
def test_explainers_that_run_in_the_background_join_on_an_own_graph(page, kind, slow):
    upload(page, (f"{kind}.json", HARD[kind]))
    press(page, "Compare")
    healthy(page.switch_page("pages/compare.py").run())
    healthy(widget(page, "with").set_value(["gnnexplainer", slow, "random"]).run())
    for job in page.session_state.jobs.values():
        assert job.wait(600)
        assert job.state == "done", job.error
    healthy(widget(page, "below").set_value("Tables").run())
    assert not page.session_state.jobs
    healthy(widget(page, "rows").set_value("Explainers").run())
    rows = next(frame.value for frame in page.dataframe if "explainer" in frame.value)
    assert {"HPME", "GNNExplainer", "Random"} < {*rows["explainer"]}
    assert len(rows) == 4


def test_another_session_sees_nothing_of_it(page):
    upload(page, "aspirin.smi")
    assert titles(page) == ["aspirin"]
    assert titles(opened()) == []


def added(page):
    return [text.value for text in page.success]


def test_a_graph_that_is_there_already_is_not_counted_as_added(page):
    paste(page, "CCO\nCCN\nCCC\nCCO")
    assert added(page) == ["3 graphs added. 1 more is like one that is there."]
    paste(page, "CCO\nCCN")
    assert added(page) == ["0 graphs added. 2 more are like one that is there."]


def test_beside_an_own_graph_no_number_of_another_graph_stands(page):
    paste(page, "CCO ethanol")
    explained = explain(page)
    assert "ethanol" in title(explained)
    number = widget(explained, "graph")
    assert (number.value, number.placeholder) == (None, "one of your own, below")
    healthy(number.set_value(7).run())
    assert (title(explained).split()[-1], widget(explained, "mine").value) == ("7?", None)


def test_each_file_says_what_it_was_read_as(page):
    upload(page, ("a.csv", b"From;To\nann;bob\nbob;cid\n"))
    assert "a.csv: Table of edges: cells are separated by semicolons" in texts(page)
    assert not [button for button in page.button if button.label == "Read it so"]  # the table says so itself


def test_a_table_that_is_refused_is_read_as_the_user_says(page):
    upload(page, ("a.csv", b"p,q,r\nx,ann,bob\ny,bob,cid\n"))
    assert "say what each column is" in texts(page)
    page.selectbox(key="as_kind").set_value("edges")
    page.checkbox(key="as_header").set_value(True)
    healthy(page.run())
    page.selectbox(key="as_source").set_value(1)
    page.selectbox(key="as_target").set_value(2)
    healthy(page.run())
    press(page, "Read it so")
    assert titles(page) == ["a.csv"]
    assert "Nodes: 3\nEdges: 2" in texts(page)


def test_a_table_of_many_molecules_goes_to_the_other_section_without_a_second_upload(page):
    rows = "".join(f"C{'C' * (i % 30)}{'NO'[i % 2]},{i % 2}\n" for i in range(1_100))
    upload(page, ("many.csv", f"smiles,label\n{rows}".encode()))
    assert "many.csv: Expected" in texts(page)
    press(page, "Train on it as a whole dataset")
    assert "Graphs: 1,100" in texts(page)


@pytest.mark.parametrize(
    ("text", "names", "bad"),
    [
        ("aspirin", {"aspirin"}, ""),
        ("ibuprofen\naspirin", {"ibuprofen", "aspirin"}, ""),
        ("CCO,ethanol\nCCN;amine\nbad stuff\nCCC\tpropane", {"ethanol", "amine", "propane"}, "Line 3: "),
    ],
)
def test_names_and_lists_are_read_as_on_ask(page, text, names, bad):
    paste(page, text)
    assert set(titles(page)) == names
    assert bad in texts(page)
    assert "columns source and target" not in texts(page)
    assert page.success[0].value.startswith(f"{len(names)} graph")


def test_a_line_that_is_left_out_is_named_in_the_open(page):
    paste(page, "CCO\tone\nC1CC\ttwo\nCCN\tthree")
    assert set(titles(page)) == {"one", "three"}
    assert any(text.value == ":orange-badge[Left out]" for text in page.markdown)
    assert "line 2 (Expected a molecule as SMILES (got 'C1CC')" in texts(page)


def test_nothing_pasted_is_said_to_be_nothing(page):
    paste(page, "")
    assert "pasted.txt: " in texts(page)
