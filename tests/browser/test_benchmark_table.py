import csv

import pytest

from tests.browser.tab import IDLE

pytestmark = pytest.mark.browser


def opened(tab, **filters):
    """The table of all explainers on the Benchmark page, after some filters were chosen."""
    page = tab.page
    tab.open()
    page.get_by_role("link", name="Benchmark").click()
    page.locator(".js-plotly-plot .scatterlayer").first.wait_for()
    for title, names in filters.items():
        page.get_by_role("combobox", name=title).click()
        for name in names:
            page.keyboard.type(name)  # a click on a list that scrolls can go astray
            page.get_by_role("option", name=name, exact=True).wait_for()
            page.keyboard.press("Enter")
            page.wait_for_url(f"**{name.lower().replace(' ', '-')}**")
            page.locator(IDLE).wait_for()
        page.keyboard.press("Escape")
    table = page.locator(".st-key-board").get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    return table


def tick_the_first_row(table):
    box = table.bounding_box()
    table.page.mouse.click(box["x"] + 17, box["y"] + 52)


def test_the_results_are_filtered_sorted_and_a_ticked_row_opens_the_explain_page(tab):
    page, table = tab.page, opened(tab, Dataset=["Benzene", "Nitro-Amine"], Model=["GINE"])
    cell = table.locator("canvas td")  # a canvas, with an unseen table for screen readers
    cell.filter(has_text="benzene").first.wait_for(state="attached")
    assert cell.filter(has_text="fluoride-carbonyl").count() == 0
    box = table.bounding_box()
    for _ in range(2):  # upwards, then downwards; a head's menu stands at its right end
        page.mouse.click(box["x"] + 50, box["y"] + 17)
        page.wait_for_timeout(500)
    cell.filter(has_text="nitro-amine").first.wait_for(state="attached")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    rows = list(csv.DictReader(download.value.path().read_text().splitlines()))
    assert {row["dataset"] for row in rows} == {"benzene", "nitro-amine"}
    tick_the_first_row(table)
    page.wait_for_url("**dataset=nitro-amine**")
    tab.settled()
    assert page.get_by_role("combobox", name="Dataset").input_value() == "Nitro-Amine"


def test_a_row_of_the_ground_truth_opens_hpme_on_its_dataset(tab):
    table = opened(tab, Dataset=["Benzene"], Model=["GINE"], Explainer=["Ground truth"])
    table.locator("canvas td").filter(has_text="Ground truth").first.wait_for(state="attached")
    tick_the_first_row(table)
    tab.page.wait_for_url("**dataset=benzene**")
    tab.settled()
    assert tab.page.get_by_role("combobox", name="Explainer").input_value() == "HPME"
    assert tab.page.get_by_text("does not exist;").count() == 0
