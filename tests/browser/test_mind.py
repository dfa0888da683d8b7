import re

import pytest

from tests.browser.tab import IDLE

pytestmark = pytest.mark.browser


def test_a_panel_without_bars_ends_below_its_drawing(tab):
    tab.open("?dataset=crippen-logp")
    bars = tab.page.locator(".panel .verdicts")
    assert bars.count() == 4  # those of the three views, and what each node adds
    assert [bars.nth(place).is_visible() for place in range(4)] == [True, True, True, False]


def test_a_molecule_is_flipped_and_what_if_shows_the_same_prediction(tab):
    page = tab.page
    tab.open("?dataset=benzene&tool=Change+its+mind")
    page.get_by_text("single changes that flip the prediction lie inside the part").wait_for()
    card = (
        page.get_by_test_id("stVerticalBlock")
        .filter(has=page.get_by_role("button", name="Open in What if"))
        .last
    )
    caption = card.get_by_text("the kept part").inner_text()
    predicted, sure = re.match(r"(.+) \((\d+%)\)", caption).groups()
    card.get_by_role("button", name="Open in What if").click()
    page.get_by_text("The prediction changes from").wait_for()
    page.locator(IDLE).wait_for()
    said = page.get_by_text("The prediction changes from").inner_text()
    assert said.endswith(f"to “{predicted}” ({sure}).")
    page.wait_for_url("**edits=**")
    page.reload()  # the link alone makes the same graph
    page.get_by_text("The prediction changes from").wait_for()
    assert page.get_by_text("The prediction changes from").inner_text() == said
