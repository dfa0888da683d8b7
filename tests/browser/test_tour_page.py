import re

import pytest

from tests.browser.tab import IDLE, Tab

pytestmark = pytest.mark.browser


def test_the_tour_leads_from_the_first_step_to_the_last_in_dark_mode_too(chromium, server):
    context = chromium.new_context(viewport={"width": 800, "height": 1000}, color_scheme="dark")
    tab = Tab(context.new_page(), server)
    page = tab.page
    tab.open("?dataset=ba-2motifs")
    page.get_by_role("link", name="Tour").click()
    for number in range(1, 7):
        page.locator(f"[role=radio][aria-checked=true]:has-text('{number} ')").wait_for()
        page.locator(IDLE).wait_for()
        page.locator(".katex").first.wait_for()
        page.locator("[data-testid=stMain] img").first.wait_for()
        page.get_by_role("slider").or_(page.get_by_role("radio", name="zeroed")).first.wait_for()
        if number < 6:
            page.get_by_role("button", name="Next step").click()
            page.wait_for_url(re.compile(rf"step={number + 1}(\+|%20)"))
    assert page.get_by_role("button", name="Next step").is_disabled()
    wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= 800
    context.close()
    assert tab.troubles == []
