"""The pages about a dataset whose nodes are predicted."""

import pytest

from tests.opened import command, component, healthy, open_app, sentence, title, widget


def page(name, **query):
    app = open_app(dataset="tree-cycles", **query)
    app.query_params.clear()  # as a browser's address does with the page
    app.switch_page(f"pages/{name}.py")
    return healthy(app.run())


def words(app):
    return "\n".join(text.value for kind in (app.subheader, app.markdown, app.caption) for text in kind)


def test_explain_is_about_a_node_and_says_so():
    app = open_app(dataset="tree-cycles", model="gcn", graph=511)
    assert title(app) == "Why does GCN predict “cycle” for node 511?"
    assert sentence(app).startswith("HPME keeps ")
    assert widget(app, "graph").label == "Node, 0 to 990"
    assert widget(app, "donor").label == "Donor node"
    assert widget(app, "step").label == "Size: whole graph → the node alone"
    assert "of 99 test nodes that match" in words(app)
    assert "--node 511" in command(app)
    assert "The model predicts a **node**" in words(app)
    assert "node 511" in str(component(app, "trio"))


def test_explainers_that_know_whole_graphs_alone_are_not_offered():
    app = open_app(dataset="ba-2motifs", model="gin", explainer="proxyexplainer")
    assert widget(app, "explainer").value == "proxyexplainer"
    healthy(widget(app, "dataset").select("tree-cycles").run())
    assert widget(app, "explainer").value == "hpme"
    compare = page("compare", **{"with": "proxyexplainer"})
    assert "ProxyExplainer" not in widget(compare, "with").options


def test_steps_and_filters_walk_through_the_test_nodes():
    app = open_app(dataset="tree-cycles", model="gcn", graph=511)
    healthy(widget(app, "label").select("tree").run())
    assert "“tree” for node" in title(app)
    first = widget(app, "graph").value
    healthy(app.button(key="step1").click().run())
    assert widget(app, "graph").value > first


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("browse", "99 of the 99 test nodes match."),
        ("compare", "for node "),
        ("atlas", "The real nodes nearest to node "),
        ("tour", "How HPME explains node "),
    ],
)
def test_every_page_speaks_of_nodes(name, expected):
    app = page(name)
    assert expected in words(app)
    assert "test graphs" not in words(app)


def test_no_size_is_too_small_for_the_node_itself():
    app = open_app(dataset="tree-cycles", model="gcn", graph=511, k=0)
    assert sentence(app).startswith("HPME keeps 1 of ")
    assert "Only the node itself kept" in words(app)


def button(app, label):
    return next(match for match in app.button if match.label == label)


def do(app, label, node, other=None):
    widget(app, "one").select(node)
    widget(app, "other").select(other)
    healthy(app.run())
    healthy(button(app, label).click().run())


def test_what_if_cuts_the_node_from_a_neighbour_and_never_removes_it():
    app = open_app(dataset="tree-cycles", model="gcn", graph=511, tool="What if")
    do(app, "Delete node", 511)
    assert "than the one whose prediction is explained (got 511)" in app.error[0].value
    do(app, "Delete edge", 511, 512)
    assert "".join(app.query_params["edits"]) == "c511-512"
    assert "edge between node 511 and node 512 cut" in words(app)
    do(app, "Delete edge", 511, 516)
    assert "The prediction **changes** from “cycle”" in words(app)
    do(app, "Add node here", 511)
    assert "node added to node 511" in words(app)
    assert "node 991" in widget(app, "one").options


def test_an_edited_node_can_be_kept_explained_and_edited_again():
    app = open_app(dataset="tree-cycles", model="gcn", graph=511, tool="What if", edits="c511-512")
    healthy(button(app, "Add to my graphs").click().run())
    assert title(app).startswith("Why does GCN predict “cycle” for `node 511, edited: c511-512`?")
    assert not any(
        part.proto.component_name == "hpme.copy" for part in app.get("bidi_component")
    )  # the shell does not know it
    do(app, "Delete edge", 511, 516)
    assert "edge between node 511 and node 516 cut" in words(app)
    assert "The prediction **changes** from “cycle”" in words(app)


@pytest.mark.parametrize("name", ["explain", "compare"])
def test_the_whole_graph_is_drawn_and_listed_once_its_box_is_opened(name):
    app = page(name, graph=511)
    assert not app.get("plotly_chart") or name == "explain"  # the capacity path alone
    count = len(app.get("plotly_chart"))
    app.session_state.whole_graph = True
    healthy(app.run())
    assert len(app.get("plotly_chart")) == count + 1
    nodes = app.dataframe[0].value
    assert nodes["node"].tolist() == list(range(991))
    assert nodes.iloc[511]["class"] == "cycle"
    healthy(widget(app, "answer").select("wrong").run())
    assert not app.dataframe[0].value["right"].any()


def test_datasets_of_graphs_have_no_whole_graph():
    assert not any(box.label == "Find a node in the whole graph" for box in open_app().expander)


def test_of_a_graph_that_is_too_large_to_be_drawn_the_list_alone_is_shown(monkeypatch):
    monkeypatch.setattr("ui.overview.MOST", 990)
    app = page("explain", graph=511)
    count = len(app.get("plotly_chart"))
    app.session_state.whole_graph = True
    healthy(app.run())
    assert len(app.get("plotly_chart")) == count
    assert len(app.dataframe[0].value) == 991
    assert "Of more than 990 nodes only the list is shown" in words(app)
