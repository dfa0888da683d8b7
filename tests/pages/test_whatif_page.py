import pytest

from hpme.limits import LIMITS
from tests.opened import healthy, open_app, title, widget


def button(app, label):
    return next(match for match in app.button if match.label == label)


def do(app, label, node, other=None):
    """Picks one or two nodes and clicks a button."""
    widget(app, "one").select(node)
    if other is not None:
        widget(app, "other").select(other)
    healthy(app.run())
    healthy(button(app, label).click().run())


def outcome(app):
    return next(
        text.value for text in app.markdown if text.value.startswith(("The prediction", "No edits yet"))
    )


def edits(app):
    return "".join(app.query_params.get("edits", ""))


def smiles(app):
    return app.main.code[-1].value  # the sidebar has commands


@pytest.fixture
def app():
    return open_app(dataset="ba-2motifs", graph=17, tool="What if")


def test_without_the_roof_a_house_is_a_cycle_and_undo_brings_the_house_back(app):
    assert outcome(app) == "No edits yet."
    do(app, "Delete node", 20)
    assert outcome(app) == "The prediction **changes** from “house” (100%) to **“cycle”** (100%)."
    assert edits(app) == "d20"
    healthy(button(app, "Undo").click().run())
    assert (outcome(app), edits(app)) == ("No edits yet.", "")
    healthy(button(app, "Redo").click().run())
    assert edits(app) == "d20"
    do(app, "Delete edge", 21, 22)
    assert edits(app) == "d20.c21-22"
    assert button(app, "Redo").disabled
    healthy(button(app, "Reset").click().run())
    assert edits(app) == ""
    for _ in range(2):
        healthy(button(app, "Redo").click().run())
    assert edits(app) == "d20.c21-22"


def test_nodes_are_added_and_connected_and_the_history_says_so(app):
    do(app, "Add node here", 3)
    do(app, "Connect the two", 25, 7)
    assert edits(app) == "a3-0-1.j25-7-1"
    assert "node added to node 3; node 25 and node 7 joined" in [text.value for text in app.caption]
    assert button(app, "Change type").disabled  # all nodes of this dataset are alike


def test_a_link_shows_the_same_edited_graph_explained_if_asked():
    app = open_app(dataset="ba-2motifs", graph=17, tool="What if", edits="d20.c21-22", again="true")
    assert outcome(app).startswith("The prediction **")
    assert "node 20 deleted; edge between node 21 and node 22 cut" in [text.value for text in app.caption]
    assert widget(app, "again").value is True
    assert edits(app) == "d20.c21-22"


@pytest.mark.parametrize("text", ["zz", "d99", "d20.d20"])
def test_a_link_to_edits_that_cannot_be_made_says_why(text):
    app = open_app(dataset="ba-2motifs", graph=17, tool="What if", edits=text)
    assert outcome(app) == "No edits yet."
    assert app.error[0].value.startswith("The link asks for edits that cannot be made. Expected ")
    assert edits(app) == ""


def test_an_impossible_valence_is_one_sentence_and_changes_nothing():
    app = open_app(dataset="benzene", tool="What if")
    do(app, "Add node here", 0)
    before = edits(app), smiles(app)
    do(app, "Add node here", 1)
    assert [error.value for error in app.error] == [
        "Expected bonds that C1 can have (got 5); cut one of them first, or choose another element"
    ]
    assert (edits(app), smiles(app)) == before
    widget(app, "bond").set_value("double")
    widget(app, "kind").select(1)
    do(app, "Add node here", 0)
    assert not app.error
    assert smiles(app) != before[1]


def test_the_last_node_stays():
    app = open_app(dataset="ba-2motifs", graph=17, tool="What if", edits=".".join(f"d{n}" for n in range(24)))
    do(app, "Delete node", 24)
    assert app.error[0].value.startswith("Expected a graph with at least one node")


def test_another_graph_starts_without_edits_and_the_first_one_keeps_its_own(app):
    do(app, "Delete node", 20)
    healthy(widget(app, "tool").set_value("Export").run())
    assert edits(app) == ""
    healthy(widget(app, "tool").set_value("What if").run())
    assert edits(app) == "d20"
    healthy(app.button(key="step1").click().run())
    assert (outcome(app), edits(app)) == ("No edits yet.", "")
    do(app, "Delete node", 3)
    other = widget(app, "graph").value
    healthy(widget(app, "graph").set_value(17).run())
    assert edits(app) == "d20"
    healthy(button(app, "Undo").click().run())
    healthy(widget(app, "dataset").set_value("ba-3motifs").run())
    assert edits(app) == ""
    healthy(widget(app, "dataset").set_value("ba-2motifs").run())
    healthy(widget(app, "graph").set_value(other).run())
    assert edits(app) == "d3"
    healthy(widget(app, "graph").set_value(17).run())
    healthy(button(app, "Redo").click().run())
    assert edits(app) == "d20"


def test_a_kept_graph_is_explained_and_stands_in_the_sidebar(app):
    do(app, "Delete node", 20)
    healthy(button(app, "Add to my graphs").click().run())
    assert title(app) == "Why does GIN predict “cycle” for `graph 17, edited: d20`?"
    assert widget(app, "mine").options == ["–", "graph 17, edited: d20"]
    assert outcome(app) == "No edits yet."
    do(app, "Delete node", 3)
    assert edits(app) == ""  # the address cannot name this graph


def test_the_number_of_a_regression_follows():
    app = open_app(dataset="ba-motif-volume", tool="What if", edits="d0")
    assert " → **" in outcome(app)
    assert len(widget(app, "kind").options) == 12


def test_a_link_to_very_many_edits_is_refused_and_as_many_as_allowed_are_made():
    text = ".".join(["a0-0-1"] * 1000)
    app = open_app(dataset="ba-2motifs", graph=17, tool="What if", edits=text)
    assert "Expected at most 200 edits of one graph (got 1,000)" in app.error[0].value
    app = open_app(dataset="ba-2motifs", graph=17, tool="What if", edits=text[: 7 * LIMITS.edits - 1])
    assert not app.error
    assert outcome(app).startswith("The prediction **")
    do(app, "Delete node", 24)
    assert "Expected at most 200 edits of one graph (got 201)" in app.error[0].value
