"""A chemist pastes a molecule with its salt, reads every model's answer, and sends the link."""

import pytest

from tests.browser.tab import IDLE, Tab

pytestmark = pytest.mark.browser
SALT = "CC1=C(C=C(C=C1)NC(=O)C2=CC=C(C=C2)CN3CCN(CC3)C)NC4=NC=CC(=N4)C5=CN=CC=C5.CS(=O)(=O)O"
ANSWERS = ("not both", "neither", "benzene ring", "logP 4.61")


def answered(page):
    """Waits for what every model says, and for the nearest molecules, which are shown last."""
    for words in ANSWERS:
        page.get_by_text(words).first.wait_for()
    page.locator(IDLE).wait_for(timeout=120_000)
    assert page.get_by_text("Nearest training molecules").count() == 5
    assert page.get_by_text("Of 2 pieces that are not joined").count() == 1
    keeps = page.get_by_text("Keeps 2 × benzene ring, 12 of 37 atoms")
    assert keeps.count() == 1
    drawn = "images => images.every(image => image.complete && image.naturalWidth)"
    assert page.get_by_test_id("stImage").locator("img:visible").evaluate_all(drawn)


def test_imatinib_with_its_salt_is_answered_by_all_models_and_its_link_opens_for_anybody(
    tab, chromium, server
):
    tab.open()
    main = tab.page.get_by_test_id("stMain")
    main.get_by_role("textbox", name="Ask about my molecule").fill(SALT)
    main.get_by_role("button", name="Ask all models").click()
    answered(tab.page)
    link = tab.page.url
    assert "/ask?smiles=CC1" in link
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    try:
        other = Tab(context.new_page(), server)
        other.page.goto(link)
        answered(other.page)
        other.page.get_by_role("button", name="Open on Explain").nth(3).click()
        other.page.get_by_role(
            "heading", name="Why does GINE predict “benzene ring” for imatinib?"
        ).wait_for()
        other.page.get_by_text("HPME keeps 2 × benzene ring: 12 of 37 atoms").wait_for()
        other.page.wait_for_url("**smiles=Cc1ccc**")
        other.page.locator(IDLE).wait_for()
        assert [trouble for trouble in other.troubles if "(Not Found)" not in trouble] == []
    finally:
        context.close()
