"""Nodes that are predicted, from the whole graph to one of them explained, edited, compared and browsed."""

import re

import pytest

from tests.browser.tab import IDLE
from tests.browser.test_whatif_edits import between, click_on, press

pytestmark = pytest.mark.browser

STARS = "trio.views.map(view => view.nodes.get().filter(node => node.shape === 'star').map(node => node.id))"


def whole_graph(page):
    """Opens the drawing of the whole graph; returns its points on the screen, by the number of their node."""
    page.get_by_text("Find a node in the whole graph").click()
    page.locator(".st-key-overview .scatterlayer path.point").first.wait_for()
    page.locator(IDLE).wait_for()
    page.wait_for_timeout(500)  # the chart has the script's end still to hear of
    spots = page.locator(".st-key-overview .scatterlayer .trace").evaluate_all(
        "all => all.flatMap(trace => [...trace.querySelectorAll('path.point')].map(point => {"
        " const box = point.getBoundingClientRect();"
        " return [point.__data__?.data ?? null, box.x + box.width / 2, box.y + box.height / 2]; }))"
    )
    return {node: (x, y) for node, x, y in spots if node is not None}


def apart(spots):
    """The node that has most room around it, and its place: what stands apart is what is hit."""

    def room(node):
        x, y = spots[node]
        return min(abs(x - a) + abs(y - b) for other, (a, b) in spots.items() if other != node)

    node = max(spots, key=room)
    return node, spots[node]


def test_a_node_is_found_in_the_whole_graph_and_explained_with_a_star_in_every_panel(tab):
    page = tab.page
    tab.open("?dataset=ba-shapes&model=gcn")
    picked = page.get_by_label("Node, 0 to 699").input_value()
    node, (x, y) = apart(whole_graph(page))
    assert str(node) != picked
    page.mouse.move(x, y)
    page.get_by_text(re.compile(rf"node {node}: \w+, predicted")).wait_for()
    page.mouse.click(x, y)
    page.get_by_text(re.compile(rf"for node {node}\?")).wait_for()
    tab.settled()
    assert page.get_by_label("Node, 0 to 699").input_value() == str(node)
    stars = tab.trio(STARS)
    assert len(stars) == 3
    assert stars[0] == stars[1] == stars[2]
    assert len(stars[0]) == 1
    title = f"trio.views.map(view => view.nodes.get({stars[0][0]}).words)"
    assert all(text.startswith(f"node {node}\n") for text in tab.trio(title))
    assert page.locator(".trio .key", has_text=f"node {node}").count() == 3


def test_a_node_by_number_is_cut_from_its_neighbours_but_never_removed(tab):
    page = tab.page
    tab.open("?dataset=tree-cycles&model=gcn&graph=511&tool=What+if")
    click_on(tab, between(511, 512))
    press(tab, "Delete edge")
    page.wait_for_url("**edits=c511-512**")
    click_on(tab, between(511, 516))
    press(tab, "Delete edge")
    page.get_by_text("The prediction changes from “cycle”").wait_for()
    assert tab.trio("trio.views[1].nodes.get(511).shape", place=1) == "star"
    assert not tab.trio("trio.views[1].nodes.getIds().includes(512)", place=1)  # out of reach by now
    page.get_by_text(re.compile(r"Nodes: \d+ left its reach")).wait_for()
    click_on(tab, "view.network.getPosition(511)")
    press(tab, "Delete node")
    page.get_by_text("than the one whose prediction is explained (got 511)").wait_for()
    assert tab.trio("trio.views[1].nodes.getIds().includes(511)", place=1)


def test_explainers_are_compared_on_a_node_and_a_card_opens_another_one(tab):
    page = tab.page
    tab.open("?dataset=tree-cycles&model=gcn&graph=511")
    page.get_by_role("link", name="Compare", exact=True).click()
    page.get_by_text("for node 511?").wait_for()
    page.get_by_text("GradCAM", exact=True).last.wait_for()
    page.locator(IDLE).wait_for()
    page.get_by_text("as given (soft)", exact=True).click()
    page.get_by_text("for node 511?").wait_for()
    tab.settled()
    stars = tab.trio(STARS)
    assert len(stars) == 5
    assert all(star == stars[0] for star in stars)
    page.get_by_role("link", name="Browse", exact=True).click()
    page.get_by_text("99 of the 99 test nodes match.").wait_for()
    page.wait_for_timeout(500)  # the script has yet to start
    page.locator(IDLE).wait_for()
    card = page.get_by_role("link", name=re.compile(r"^Node \d+$")).nth(3)
    number = card.inner_text().removeprefix("Node ")
    card.click()
    page.get_by_text(re.compile(rf"for node {number}\?")).wait_for()
    tab.settled()
    assert len(tab.trio(STARS)[0]) == 1
