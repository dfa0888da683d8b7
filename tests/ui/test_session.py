import json

import networkx as nx
import pytest
import streamlit as st
import torch
from torch_geometric.data import Data

from hpme.datasets import load_built_in
from tests.opened import command, healthy, open_app
from ui import session


def house() -> Data:
    return load_built_in("ba-2motifs").graphs[500].clone()


def with_house():
    """The app with an own graph picked, called "my house"."""
    graph = house()
    graph.graph_id = session.FIRST_ID + 7
    tab = open_app(dataset="ba-2motifs")
    own = session.OwnGraph(graph, "my house", "Taken as it is.")
    tab.session_state.own_graphs = {"ba-2motifs": {graph.graph_id: own}}
    tab.session_state.mine = graph.graph_id
    return healthy(tab.run())


def test_an_own_graph_is_explained_and_called_by_its_title():
    tab = with_house()
    assert "`my house`" in tab.subheader[0].value
    assert "--input" in command(tab)


def test_the_next_graph_leaves_the_own_one():
    tab = with_house()
    next(button for button in tab.button if button.label == "Next").click()
    healthy(tab.run())
    assert tab.session_state.mine is None
    assert "my house" not in tab.subheader[0].value


def test_what_a_graph_is_called_does_not_change_its_digest_and_what_it_holds_does():
    one, two = house(), house()
    two.graph_id = 3
    assert session.digest(one) == session.digest(two)
    two.x = torch.ones_like(two.x)
    assert session.digest(one) != session.digest(two)


@pytest.fixture
def alike(monkeypatch):
    """All graphs begin with the same forty bits of their digests, as crafted ones may."""
    whole = session.digest
    monkeypatch.setattr(session, "digest", lambda graph: bytes(5) + whole(graph))


def shapes() -> tuple[bytes, bytes]:
    """A ring of 6 nodes and a star of 12."""
    return tuple(
        json.dumps(nx.node_link_data(graph, edges="links")).encode()
        for graph in (nx.cycle_graph(6), nx.star_graph(11))
    )


def shown(tab, *contents: bytes) -> tuple[str, str, list[int]]:
    """What the Upload page says of files, and the Explain page of the last; and the ids of all."""
    tab.switch_page("pages/upload.py").run()
    for content in contents:
        tab.text_area(key="pasted").set_value(content.decode())
        next(button for button in tab.button if button.label == "Add the text").click()
        healthy(tab.run())
    said = "\n".join(text.value for text in tab.text)
    next(button for button in tab.button if button.label == "Explain").click()
    healthy(tab.run())
    healthy(tab.switch_page("pages/explain.py").run())
    ids = [number for kept in tab.session_state.own_graphs.values() for number in kept]
    return said, next(text.value for text in tab.markdown if " keeps " in text.value), ids


def test_sessions_share_nothing_of_graphs_whose_short_digests_collide(alike):
    ring, star = shapes()
    poisoner, poisoned = shown(open_app(), ring), shown(open_app(), star)
    st.cache_data.clear()
    st.cache_resource.clear()
    alone = shown(open_app(), star)
    assert alone[2] == poisoner[2] == poisoned[2]  # one id in all three sessions
    assert poisoned[:2] == alone[:2] != poisoner[:2]
    assert "of 12 nodes" in poisoned[1]


def test_graphs_of_one_session_whose_short_digests_collide_are_two(alike):
    ring, star = shapes()
    *_, ids = shown(open_app(), ring, star, ring)
    assert len(ids) == 2
    assert ids[1] == ids[0] + 1
