import pytest

pytestmark = pytest.mark.browser
IDLE = ".stApp[data-test-script-state=notRunning]"


def test_the_results_are_filtered_sorted_and_a_ticked_row_opens_the_explain_page(tab):
    page = tab.page
    tab.open()
    page.get_by_role("link", name="Benchmark").click()
    page.locator(".js-plotly-plot .scatterlayer").first.wait_for()
    page.get_by_role("combobox", name="Dataset").click()
    for name in ("benzene", "nitro-amine"):
        page.keyboard.type(name)  # a click on a list that scrolls can go astray
        page.get_by_role("option", name=name).wait_for()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{name}**")
        page.locator(IDLE).wait_for()
    page.keyboard.press("Escape")
    table = page.get_by_test_id("stDataFrame").first
    cell = table.locator("canvas td")  # a canvas, with an unseen table for screen readers
    cell.filter(has_text="benzene").first.wait_for(state="attached")
    assert cell.filter(has_text="fluoride-carbonyl").count() == 0
    box = table.bounding_box()
    for _ in range(2):  # upwards, then downwards; a head's menu stands at its right end
        page.mouse.click(box["x"] + 50, box["y"] + 17)
        page.wait_for_timeout(500)
    cell.filter(has_text="nitro-amine").first.wait_for(state="attached")
    page.mouse.click(box["x"] + 17, box["y"] + 52)  # the box of the first row
    page.wait_for_url("**dataset=nitro-amine**")
    tab.settled()
    assert page.get_by_role("combobox", name="Dataset").input_value() == "nitro-amine"
