import re

import pytest

from tests.browser.tab import IDLE

pytestmark = pytest.mark.browser


def test_the_gallery_of_pieces_is_filtered_and_opens_a_graph_in_the_same_tab(tab):
    page = tab.page
    tab.open("?dataset=ba-2motifs")
    page.get_by_role("link", name="Overall").click()
    page.get_by_text(re.compile(r"Of 100 graphs HPME keeps a part of")).wait_for(timeout=120_000)
    page.locator(IDLE).wait_for(timeout=120_000)
    page.get_by_role("combobox", name="Class").click()
    page.get_by_role("option", name="house", exact=True).click()
    page.get_by_text(re.compile(r"Of 50 graphs HPME keeps a part of")).wait_for()
    page.locator(IDLE).wait_for()
    picture = page.locator('.st-key-cards [data-testid="stImage"]').first.bounding_box()
    page.mouse.click(picture["x"] + picture["width"] / 2, picture["y"] + picture["height"] / 2)
    page.wait_for_url("**piece=**")
    page.get_by_role("button", name="All pieces").wait_for()
    page.locator(IDLE).wait_for()
    link = page.locator(".st-key-cards").get_by_role("link").first
    number = link.inner_text().removeprefix("Graph ").strip()
    picture = page.locator('.st-key-cards [data-testid="stImage"]').first.bounding_box()
    page.mouse.click(picture["x"] + picture["width"] / 2, picture["y"] + picture["height"] / 2)
    page.get_by_text(re.compile(rf"for graph {number}\?")).wait_for(timeout=60_000)
    assert len(page.context.pages) == 1
