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

    for name in ("gnnexplainer", "subgraphx"):
        page.locator(".st-key-with input").click()
        page.get_by_role("option", name=name, exact=True).click()
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
