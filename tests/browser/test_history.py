"""Back and Forward: one entry a step, and each shows the page and the pick that it showed before."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.tab import IDLE

pytestmark = pytest.mark.browser


def follow(tab, name):
    tab.page.get_by_role("link", name=name, exact=True).click()


def entries(tab):
    return tab.page.evaluate("history.length")


def test_back_and_forward_restore_page_and_pick_with_one_entry_a_step(tab):
    page = tab.page
    graph = page.locator(".st-key-graph input")
    tab.open("?dataset=ba-2motifs&graph=22")
    start = entries(tab)
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**graph=29**")
    tab.settled()
    follow(tab, "Compare")
    page.get_by_role("heading", name="for graph 29?").wait_for()
    page.wait_for_url("**/compare?*graph=29**")
    follow(tab, "Browse")
    page.get_by_text("of the 100 test graphs match").wait_for()
    page.locator(IDLE).wait_for()
    assert entries(tab) == start + 3

    page.go_back()
    page.get_by_role("heading", name=re.compile("^Which explainer .* for graph 29")).wait_for()
    expect(graph).to_have_value("29")
    page.go_back()
    page.get_by_role("heading", name=re.compile("^Why does .* for graph 29")).wait_for()
    expect(graph).to_have_value("29")
    page.go_back()
    page.get_by_role("heading", name="for graph 22?").wait_for()
    expect(graph).to_have_value("22")
    page.go_forward()
    page.get_by_role("heading", name="for graph 29?").wait_for()
    assert entries(tab) == start + 3


def test_a_card_of_another_page_opens_it_and_back_leads_to_the_cards_again(tab):
    page = tab.page
    tab.open()
    start = entries(tab)
    page.get_by_role("button", name="Show me").last.click()
    page.get_by_text("Mask mass that leaked").wait_for()
    page.wait_for_url("**/compare?*graph=417**")
    assert "below=What+leaked" in page.url
    assert entries(tab) == start + 1
    page.go_back()
    page.get_by_role("heading", name=re.compile("^Why does .* for graph 6")).wait_for()
    expect(page.get_by_role("button", name="Show me")).to_have_count(6)
    page.go_forward()
    page.get_by_text("Mask mass that leaked").wait_for()


def test_a_link_of_ones_own_molecule_opens_it_elsewhere_and_back_restores_it(tab, chromium, server):
    page = tab.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{server}/?dataset=benzene&smiles=CCOC")
    ours = page.get_by_role("heading", name="for CCOC?")
    ours.wait_for()
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**graph=**")
    page.locator(IDLE).wait_for()
    assert "smiles" not in page.url
    page.go_back()
    ours.wait_for()
    page.wait_for_url("**smiles=CCOC**")
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Copied").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")

    elsewhere = chromium.new_context()
    other = elsewhere.new_page()
    other.goto(link)
    other.get_by_role("heading", name="for CCOC?").wait_for(timeout=60_000)
    elsewhere.close()
