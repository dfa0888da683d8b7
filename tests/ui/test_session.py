import torch
from torch_geometric.data import Data

from hpme.datasets import load_built_in
from tests.opened import healthy, open_app
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
    assert "--input" in tab.code[0].value


def test_the_next_graph_leaves_the_own_one():
    tab = with_house()
    next(button for button in tab.button if button.label == "Next").click()
    healthy(tab.run())
    assert tab.session_state.mine is None
    assert "my house" not in tab.subheader[0].value


def test_ids_follow_from_content_alone():
    one, two = house(), house()
    two.graph_id = 3
    assert session._digest(one) == session._digest(two)
    two.x = torch.ones_like(two.x)
    assert session._digest(one) != session._digest(two)
