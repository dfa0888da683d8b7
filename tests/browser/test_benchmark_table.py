from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError

pytestmark = pytest.mark.browser
IDLE = ".stApp[data-test-script-state=notRunning]"


def test_the_results_are_filtered_sorted_and_a_ticked_row_opens_the_explain_page(tab):
    page = tab.page
    tab.open()
    page.get_by_role("link", name="Benchmark").click()
    page.locator(".js-plotly-plot .scatterlayer").first.wait_for()
    page.get_by_role("combobox", name="Dataset").click()
    page.get_by_role("option", name="benzene").click()
    page.wait_for_url("**datasets=benzene**")
    page.keyboard.press("Escape")
    page.locator(IDLE).wait_for()
    for _ in range(5):  # on a busy machine the table may move, or be drawn anew, under a click
        box = page.get_by_test_id("stDataFrame").first.bounding_box()
        page.mouse.click(box["x"] + 80, box["y"] + 17)  # the head of the first column
        page.mouse.click(box["x"] + 17, box["y"] + 52)  # the box of the first row
        with suppress(TimeoutError):
            page.wait_for_url("**dataset=benzene**", timeout=10_000)
            break
    tab.settled()
    assert page.get_by_role("combobox", name="Dataset").input_value() == "benzene"
