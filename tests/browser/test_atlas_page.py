import re

import pytest

from tests.browser.tab import IDLE

pytestmark = pytest.mark.browser
SPOTS = (  # the middle of each point of the map, and its trace: two of graphs, then those of the picked one
    "all => all.flatMap((trace, i) => [...trace.querySelectorAll('path.point')].map(e => {"
    " const box = e.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2, i]; }))"
)
DRAWS = "() => document.querySelector('.st-key-map .js-plotly-plot')?._fullLayout?.dragmode === 'lasso'"


def lonely(page):
    """The middle of the graph that stands apart most from all other points: it is what is hit."""
    spots = page.locator(".st-key-map .scatterlayer .trace").evaluate_all(SPOTS)

    def apart(spot):
        return min(abs(spot[0] - x) + abs(spot[1] - y) for x, y, i in spots if [x, y, i] != spot)

    return max((spot for spot in spots if spot[2] < 2), key=apart)[:2]


def take_the_lasso(page):
    """Goes to the Atlas, where the mouse is to draw."""
    page.get_by_role("link", name="Atlas").click()
    page.locator(".st-key-map .scatterlayer path.point").first.wait_for()
    page.get_by_role("radio", name="lasso").click()
    page.wait_for_function(DRAWS)
    page.locator(IDLE).wait_for()
    page.wait_for_timeout(500)  # the chart has the script's end still to hear of


def draw(page, left, top, right, bottom):
    """Draws a lasso as a rectangle."""
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top)):
        page.mouse.move(x, y, steps=8)
    page.mouse.up()


def test_a_click_on_the_size_curve_shows_that_subgraph(tab):
    tab.open("?dataset=ba-2motifs&tool=Size curve")
    point = tab.page.locator(".st-key-curve .scatterlayer .trace").first.locator("path.point").nth(9)
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    tab.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.page.wait_for_url("**k=9**")
    tab.page.get_by_text("HPME keeps 9 of 25 nodes").wait_for()
    tab.settled()
    dots = "trio.views[2].nodes.get().filter(node => node.shape === 'dot').length"
    assert tab.trio(dots) == 9


def test_a_lasso_on_the_atlas_lists_one_graph_and_opens_it_in_the_same_tab(tab):
    page = tab.page
    tab.open("?dataset=ba-2motifs")
    take_the_lasso(page)
    number = page.get_by_label("Graph, 0 to").input_value()
    x, y = lonely(page)
    draw(page, x - 7, y - 7, x + 7, y + 7)
    page.get_by_text("1 graph inside the lasso").wait_for()
    page.locator(IDLE).wait_for()
    assert page.get_by_label("Graph, 0 to").input_value() == number  # it is listed, not picked
    page.wait_for_timeout(500)
    one = page.locator('.st-key-cards-lasso [data-testid="stButton"] button')
    number = one.inner_text().removeprefix("graph ")
    one.click()
    page.get_by_text(re.compile(rf"for graph {number}\?")).wait_for()
    assert len(page.context.pages) == 1  # in the same tab, which has the session


def test_a_lasso_around_a_graph_of_ones_own_lists_and_opens_it(tab):
    page = tab.page
    page.goto(f"{tab.server}/?dataset=fluoride-carbonyl&smiles=CC(=O)CF")
    take_the_lasso(page)
    box = page.locator(".st-key-map .nsewdrag").first.bounding_box()
    draw(page, box["x"] + 5, box["y"] + 5, box["x"] + box["width"] - 5, box["y"] + box["height"] - 5)
    page.get_by_text(re.compile(r"\d+ graphs inside the lasso, 1 of them your own")).wait_for()
    page.locator(IDLE).wait_for()
    card = page.locator('.st-key-cards-lasso [data-testid="stButton"] button').first
    assert card.inner_text() == "CC(=O)CF"
    card.click()
    page.get_by_role("heading", name="for CC(=O)CF?").wait_for()


def test_a_click_on_a_point_of_the_atlas_picks_that_graph_for_every_page(tab):
    page = tab.page
    tab.open("?dataset=ba-2motifs")
    page.get_by_role("link", name="Atlas").click()
    page.locator(".st-key-map .scatterlayer path.point").first.wait_for()
    page.locator(IDLE).wait_for()
    picked = page.get_by_label("Graph, 0 to").input_value()
    x, y = lonely(page)
    page.mouse.move(x, y)
    page.get_by_text(re.compile(r"graph \d+: (cycle|house), predicted")).wait_for()  # what lies under it
    page.locator(".st-key-hovered img").wait_for()  # and its picture, beside the pointer
    page.mouse.click(x, y)
    page.wait_for_url("**graph=**")
    page.locator(IDLE).wait_for()
    number = page.get_by_label("Graph, 0 to").input_value()
    assert number != picked
    page.get_by_role("link", name="Explain", exact=True).click()
    page.get_by_text(re.compile(rf"for graph {number}\?")).wait_for()
