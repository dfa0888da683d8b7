import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
LONG = 240_000  # milliseconds; a job starts an interpreter of its own, on a machine that may be busy


def test_of_four_explainers_one_is_cancelled_and_the_others_arrive_one_by_one(tab):
    page = tab.page
    tab.open("?dataset=ba-2motifs")
    page.get_by_role("link", name="Compare").click()
    panels = page.locator(".panel h3")
    panels.get_by_text("GradCAM", exact=True).wait_for(timeout=LONG)
    tab.settled()

    for name, title in (("gnnexplainer", "GNNExplainer"), ("subgraphx", "SubgraphX")):
        page.locator(".st-key-with input").click()
        page.get_by_role("option", name=title, exact=True).click()
        page.locator(f".st-key-cancel-{name} button").wait_for(timeout=LONG)
    page.keyboard.press("Escape")
    assert {"HPME", "Saliency", "GradCAM"} <= set(panels.all_inner_texts())  # the quick ones do not wait
    assert "SubgraphX" not in panels.all_inner_texts()

    page.locator(".st-key-cancel-subgraphx button").click()
    page.get_by_text("SubgraphX. Cancelled.").wait_for(timeout=LONG)
    panels.get_by_text("GNNExplainer", exact=True).wait_for(timeout=LONG)
    tab.settled()
    expect(page.locator(".st-key-retry-subgraphx button")).to_have_count(1, timeout=LONG)
    assert "SubgraphX" not in panels.all_inner_texts()
    assert len(set(map(str, tab.windows()))) == 1  # one layout, one window


def test_selection_zoom_and_pan_are_mirrored_across_the_whole_grid(tab):
    page = tab.page
    tab.open("?dataset=ba-2motifs")
    page.get_by_role("link", name="Compare").click()
    page.locator(".panel h3").get_by_text("GradCAM", exact=True).wait_for(timeout=LONG)
    tab.settled()
    places = tab.positions()
    assert len(places) == 5
    assert all(place == places[0] for place in places)
    tab.click_node(7, panel=2)
    assert tab.selected() == [[7]] * 5
    canvas = page.locator(".trio .canvas").nth(3)
    canvas.scroll_into_view_if_needed()
    start, box = tab.windows(), canvas.bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    tab.zoom(-300)
    zoomed = tab.windows()
    assert zoomed[0]["scale"] > start[0]["scale"]
    page.mouse.down()
    page.mouse.move(box["x"] + 130, box["y"] + 100, steps=5)
    page.mouse.up()
    page.wait_for_timeout(300)
    moved = tab.windows()
    assert moved[0]["x"] != zoomed[0]["x"]
    assert zoomed == [zoomed[0]] * 5
    assert moved == [moved[0]] * 5


def test_on_explain_the_page_stays_whole_under_a_slow_explainer(tab):
    page = tab.page
    tab.open("?dataset=ba-2motifs&graph=42")  # of which no other test asks SubgraphX
    panels = page.locator(".panel h3")
    before = panels.count()
    page.locator(".st-key-explainer input").click()
    page.keyboard.type("SubgraphX")  # the list shows a part of its options
    page.get_by_role("option", name="SubgraphX", exact=True).click()
    cancel = page.locator(".st-key-cancel-subgraphx button")
    cancel.wait_for()
    page.get_by_text("Below is HPME's explanation, not SubgraphX's.").wait_for()
    tab.settled()
    assert panels.count() == before
    assert cancel.bounding_box()["y"] < panels.first.bounding_box()["y"]
    cancel.click()
    page.get_by_text("SubgraphX. Cancelled.").wait_for(timeout=LONG)
    tab.settled()
    assert panels.count() == before
    assert page.get_by_role("heading", name="for graph 42?").is_visible()
