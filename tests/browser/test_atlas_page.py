import re

import pytest

pytestmark = pytest.mark.browser
IDLE = ".stApp[data-test-script-state=notRunning]"


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


def test_a_lasso_on_the_atlas_lists_graphs_and_opens_one(tab):
    page = tab.page
    tab.open()
    page.get_by_role("link", name="Atlas").click()
    page.locator(".st-key-map .scatterlayer path.point").first.wait_for()
    page.locator(IDLE).wait_for()
    box = page.locator(".st-key-map .nsewdrag").first.bounding_box()
    left, top, right, bottom = (
        box["x"] + 5,
        box["y"] + 5,
        box["x"] + box["width"] - 5,
        box["y"] + box["height"] - 5,
    )
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top)):
        page.mouse.move(x, y, steps=8)
    page.mouse.up()
    page.get_by_text(re.compile(r"\d+ graphs inside the lasso")).wait_for()
    page.locator(IDLE).wait_for()
    card = page.get_by_role("link", name=re.compile(r"^graph \d+$")).last
    number = card.inner_text().removeprefix("graph ")
    with page.context.expect_page() as opened:
        card.click()
    opened.value.get_by_text(re.compile(f"call graph {number} ")).wait_for()
