"""An own graph in the address: written for the picked one, read like an upload, hostile or not."""

import pytest

from hpme.io import read_graphs, write_graph
from tests.opened import healthy, open_app, title
from ui import own_link

ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"
TRIANGLE = b'{"graph": {"name": "three"}, "nodes": [{"id": 0}, {"id": 1}, {"id": 2}], "edges": [' + (
    b'{"source": 0, "target": 1}, {"source": 1, "target": 2}, {"source": 0, "target": 2}]}'
)


def warnings(app):
    return [text.value for text in app.warning]


def test_a_molecule_in_the_address_is_explained_by_the_model_that_it_names_and_goes_on_to_compare():
    app = open_app(dataset="benzene", model="gin", smiles=ASPIRIN)
    assert title(app) == f"Why does GIN predict “benzene ring” for `{ASPIRIN}`?"
    assert app.query_params["smiles"] == ASPIRIN
    assert not warnings(app)
    healthy(app.switch_page("pages/compare.py").run())
    assert title(app).endswith(f"for `{ASPIRIN}`?")


def test_a_graph_in_the_address_has_its_name_and_leaves_the_address_with_its_pick():
    packed = own_link.pack(write_graph(read_graphs(TRIANGLE, "t.json")[0], None, "json"))
    app = open_app(dataset="ba-2motifs", own=packed)
    assert title(app).endswith("for `three`?")
    assert app.query_params["own"] == own_link.pack(own_link.unpack(packed))
    healthy(app.button(key="step1").click().run())
    assert "own" not in app.query_params
    assert "for graph " in title(app)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"smiles": "C1CC"}, "Expected a molecule as SMILES"),
        ({"smiles": "C" * 2001}, "Expected at most 2,000 characters of a graph in a link"),
        ({"smiles": "C\nCC"}, "Expected one graph in a link (got 2)"),
        ({"own": "not packed"}, "Expected a packed graph in the link"),
        ({"own": own_link.pack(b"{}")[:-3]}, "packed graph in the link"),
        ({"own": own_link.pack(b" " * 30_000_000)}, "Expected"),
        ({"own": own_link.pack(b'{"nodes": [], "edges": []}')}, "Expected"),
        ({"own": "in-session-1099511627776"}, "The link was of a graph of someone's own session"),
        ({"dataset": f"mine-{'a' * 32}"}, "The link was of a dataset of someone's own session"),
    ],
)
def test_a_link_that_gives_no_graph_says_why_and_a_graph_of_the_dataset_is_shown(query, words):
    app = open_app(**{"dataset": "benzene", "graph": 3304} | query)
    (warning,) = warnings(app)
    assert words in warning
    assert "for graph " in title(app)


def test_text_in_a_link_is_shown_as_text():
    name = b'{"graph": {"name": "![x](http://a.b) <b>"}, ' + TRIANGLE.partition(b"}, ")[2]
    app = open_app(dataset="ba-2motifs", own=own_link.pack(name))
    assert title(app).endswith("for `![x](http://a.b) <b>`?")


def test_a_graph_that_no_link_can_hold_is_named_by_its_id_and_stays_picked_in_its_session(monkeypatch):
    app = open_app(dataset="benzene", smiles=ASPIRIN)
    monkeypatch.setattr(own_link, "MOST", 5)
    app.session_state["own_links"] = {}
    healthy(app.run())
    assert app.query_params["own"].startswith("in-session-")
    assert "smiles" not in app.query_params
    app.session_state["own_in_address"] = {}  # as after Back
    healthy(app.run())
    assert title(app).endswith(f"for `{ASPIRIN}`?")
    assert not warnings(app)


def test_a_graph_of_ones_own_is_on_the_atlas_beside_those_of_the_dataset():
    app = open_app(dataset="benzene", smiles=ASPIRIN)
    healthy(app.switch_page("pages/atlas.py").run())
    (chart,) = app.get("plotly_chart")
    assert "your own graphs" in chart.proto.spec
