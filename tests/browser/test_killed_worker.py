import os
import signal

import pytest

from tests.browser.conftest import launched
from tests.browser.tab import Tab
from tests.ui.test_restart import workers

pytestmark = pytest.mark.browser
LONG = 240_000  # milliseconds; a job starts an interpreter of its own, on a machine that may be busy


def test_a_killed_worker_is_a_sentence_on_the_page_which_can_try_again(chromium):
    with launched() as (address, server):
        tab = Tab(chromium.new_page(), address)
        tab.open("?dataset=ba-2motifs&graph=17")
        tab.page.get_by_role("link", name="Compare").click()
        tab.page.locator(".st-key-with input").click()
        tab.page.get_by_role("option", name="SubgraphX", exact=True).click()
        tab.page.locator(".st-key-cancel-subgraphx button").wait_for(timeout=LONG)
        (worker,) = workers(server.pid)
        os.kill(worker, signal.SIGKILL)
        sentence = "SubgraphX stopped unexpectedly (signal 9); try again, or use less data"
        tab.page.get_by_text(sentence).wait_for(timeout=LONG)
        tab.settled()
        tab.page.locator(".st-key-retry-subgraphx button").click()
        tab.page.locator(".st-key-cancel-subgraphx button").wait_for(timeout=LONG)
        tab.page.close()
        assert tab.troubles == []
