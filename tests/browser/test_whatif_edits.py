import pytest

from hpme.io import read_graphs
from tests.browser.test_export import saved

pytestmark = pytest.mark.browser


def click_on(tab, spot):
    """Clicks a place of the "After" panel, given in JavaScript on its view."""
    tab.page.locator(".trio").nth(1).scroll_into_view_if_needed()
    at = tab.trio(
        f"(() => {{ const view = trio.views[1]; const at = view.network.canvasToDOM({spot});"
        " const box = view.canvas.getBoundingClientRect(); return {x: box.x + at.x, y: box.y + at.y}; })()",
        place=1,
    )
    tab.page.mouse.click(at["x"], at["y"])
    tab.settled()


def node(name):
    return f"view.network.getPosition({name})"


def between(one, other):
    return (
        f"(() => {{ const [a, b] = [{node(one)}, {node(other)}];"
        " return {x: (a.x + b.x) / 2, y: (a.y + b.y) / 2}; })()"
    )


def names(tab):
    return tab.trio("trio.views[1].nodes.getIds()", place=1)


def press(tab, label):
    tab.page.get_by_role("button", name=label, exact=True).click()
    tab.settled()


def test_delete_an_atom_see_the_prediction_change_and_undo(tab):
    tab.open("?dataset=ba-2motifs&graph=17&tool=What+if")
    page = tab.page
    click_on(tab, node(20))
    assert tab.trio("trio.selected", place=1) == 20
    press(tab, "Delete node")
    page.wait_for_url("**edits=d20**")
    page.get_by_text("The prediction changes from “house”").wait_for()
    assert 20 not in names(tab)
    assert tab.trio("trio.views[0].nodes.length", place=1) == 25
    window = tab.trio("trio.views[1].network.getViewPosition()", place=1)
    press(tab, "Undo")
    page.get_by_text("No edits yet.").wait_for()
    assert 20 in names(tab)
    assert "edits=" not in page.url
    assert tab.trio("trio.views[1].network.getViewPosition()", place=1) == window


def test_an_edge_is_picked_by_a_click_and_two_nodes_by_two(tab):
    tab.open("?dataset=ba-2motifs&graph=17&tool=What+if")
    before = tab.trio("trio.views[1].edges.length", place=1)
    click_on(tab, between(21, 22))
    assert sorted(tab.trio("trio.edge", place=1)) == [21, 22]
    press(tab, "Delete edge")
    assert tab.trio("trio.views[1].edges.length", place=1) == before - 1
    click_on(tab, node(0))
    click_on(tab, node(20))
    assert tab.trio("trio.edge", place=1) == [20, 0]
    press(tab, "Connect the two")
    assert tab.trio("trio.views[1].edges.length", place=1) == before
    tab.page.wait_for_url("**edits=c21-22.j20-0-1**")
    address = tab.page.url
    tab.page.goto("about:blank")
    tab.page.goto(address)
    tab.settled()
    tab.page.get_by_text("edge between node 21 and node 22 cut; node 20 and node 0 joined").wait_for()
    assert tab.trio("trio.views[1].edges.length", place=1) == before


def test_edges_cannot_be_picked_where_nothing_is_edited(tab):
    tab.open("?dataset=ba-2motifs&graph=17&tool=What+if")
    spot = tab.trio(
        "(() => { const view = trio.views[0]; const [a, b] = [20, 21].map(n => view.network.getPosition(n));"
        " const at = view.network.canvasToDOM({x: (a.x + b.x) / 2, y: (a.y + b.y) / 2});"
        " const box = view.canvas.getBoundingClientRect(); return {x: box.x + at.x, y: box.y + at.y}; })()"
    )
    tab.page.mouse.click(spot["x"], spot["y"])
    tab.settled()
    assert tab.trio("trio.edge") is None


def test_an_impossible_bond_gets_a_sentence_and_an_edited_molecule_can_be_saved_and_kept(tab):
    tab.open("?dataset=benzene&tool=What+if&edits=a0-1&again=true")
    page = tab.page
    page.get_by_text("The edited graph: ").wait_for()
    click_on(tab, node(1))
    press(tab, "Add node here")
    page.get_by_text("Expected bonds that C1 can have (got 5)").wait_for()
    assert len(names(tab)) == 14
    for label, kind in (("Edited graph, JSON", "json"), ("Edited molecule, SMILES", "smi")):
        name, content = saved(page, page.get_by_role("button", name=label, exact=True))
        (graph,) = read_graphs(content, name)
        assert name.endswith(f"-edited.{kind}")
        assert graph.num_nodes == 14
    page.get_by_role("button", name="Add to my graphs").click()
    page.get_by_role("heading", name="edited: a0-1-1").wait_for()
    assert page.get_by_role("combobox", name="Or one of your own").is_visible()
