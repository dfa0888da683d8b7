import re

import pytest

from tests.browser.tab import IDLE

pytestmark = pytest.mark.browser
CARD = "stPageLink-NavLink"


def cards(tab):
    """Goes to the Browse page; returns the headings of its cards."""
    tab.page.get_by_role("link", name="Browse").click()
    tab.page.get_by_text("of the 100 test graphs match").wait_for()
    tab.page.locator(IDLE).wait_for()
    return tab.page.get_by_test_id(CARD)


def shown(page, card):
    number = card.removeprefix("Graph ")
    page.get_by_role("heading", name=re.compile(rf"for graph {number}\?")).wait_for()


def test_a_card_opens_its_graph_in_this_tab_and_in_a_new_one(tab):
    tab.open()
    card = cards(tab).nth(3)
    words = card.inner_text()
    with tab.page.context.expect_page() as opened:
        card.click(button="middle")
    shown(opened.value, words)
    card.click()
    shown(tab.page, words)
    assert card.count() == 0


def test_a_card_opens_a_graph_of_its_own_dataset(tab):
    tab.open("?dataset=benzene")
    tab.page.get_by_role("link", name="Browse").click()
    tab.page.get_by_text("658 of the 658 test graphs match.").wait_for()
    tab.page.locator(IDLE).wait_for()
    card = tab.page.get_by_test_id(CARD).nth(3)
    words = card.inner_text()
    card.click()
    shown(tab.page, words)
    tab.page.wait_for_url("**dataset=benzene**")


def test_links_lead_to_the_explorer_under_any_path_that_it_is_served_at(tab):
    tab.open()
    address = cards(tab).first.get_attribute("href")
    tab.page.get_by_role("link", name="Tour").click()
    link = tab.page.get_by_role("link", name="See the result on the Explain page")
    for href in (address, link.get_attribute("href")):
        assert href.startswith("./?dataset=ba-2motifs&model=")


def test_a_card_opens_its_graph_though_one_of_ones_own_was_shown(tab):
    page = tab.page
    tab.open()
    page.get_by_role("link", name="Upload").click()
    page.get_by_role("heading", name="Explain graphs of your own").wait_for()
    page.locator(IDLE).wait_for()
    page.get_by_test_id("stTextArea").get_by_role("textbox").fill("source,target\n0,1\n1,2\n2,0")
    page.get_by_role("button", name="Add the text").click()
    page.get_by_role("button", name="Explain", exact=True).click()
    page.get_by_role("heading", name=re.compile("for pasted")).wait_for()
    page.locator(IDLE).wait_for()
    assert page.get_by_label("Graph, 0 to").input_value() == ""
    card = cards(tab).nth(3)
    words = card.inner_text()
    card.click()
    shown(page, words)
