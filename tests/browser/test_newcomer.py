"""A newcomer pastes imatinib with its salt on the first screen, and sees what edit would flip it."""

import pytest

from benchmarks._in_browser import newcomer
from tests.browser.tab import Tab

pytestmark = pytest.mark.browser


def test_a_newcomer_gets_from_the_first_screen_to_these_atoms_and_the_edit_that_would_change_it(
    chromium, server
):
    context = chromium.new_context(viewport={"width": 1500, "height": 1000})
    try:
        tab = Tab(context.new_page(), server)
        tab.page.set_default_timeout(180_000)  # every change of 37 atoms is tried
        seen = newcomer(tab.page, server)
        assert [*seen] == ["box", "first answer", "all answers", "neighbours", "smallest flip"]
        page = tab.page
        page.get_by_role("heading", name="Why does GINE predict “not both” for imatinib?").wait_for()
        page.get_by_text("HPME keeps carbonyl: 2 of 37 atoms").wait_for()
        flip = page.get_by_text("The smallest change:").inner_text()
        assert "the model predicts fluorine and carbonyl" in flip
        page.get_by_role("button", name="Open in What if").first.wait_for()
        assert [trouble for trouble in tab.troubles if "(Not Found)" not in trouble] == []
    finally:
        context.close()
