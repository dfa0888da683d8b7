from pathlib import Path

import pytest

from tests.browser.tab import Tab

pytestmark = pytest.mark.browser

ATOMS = Path(__file__).parents[2] / "assets" / "samples" / "datasets" / "carbonyl.csv"
LONG = 300_000  # milliseconds; a job shares the cores with the other tests


def still(tab):
    """Waits until no script runs."""
    tab.page.wait_for_timeout(300)
    tab.page.locator(".stApp[data-test-script-state=notRunning]").wait_for(timeout=LONG)


def test_a_table_of_smiles_is_trained_on_fitted_explained_and_benchmarked(tab, chromium, server):
    page = tab.page
    tab.open("?dataset=ba-2motifs")
    page.get_by_role("link", name="Upload").click()
    page.get_by_text("A whole dataset", exact=True).click()
    still(tab)
    page.locator("input[type=file]").set_input_files(ATOMS)
    read = page.get_by_role("button", name="Read the dataset")
    read.click(timeout=LONG)
    page.get_by_text("Classes: carbonyl (60), no carbonyl (60)").wait_for()

    epochs = page.get_by_role("spinbutton", name="Epochs")
    epochs.fill("10")
    epochs.press("Enter")
    page.get_by_role("button", name="Train", exact=True).click()
    page.locator(".st-key-own_chart-train .js-plotly-plot").last.wait_for()
    page.get_by_text("Accuracy on held-out graphs").wait_for(timeout=LONG)

    page.get_by_role("button", name="Fit HPME").click()
    page.locator(".st-key-own_chart-fit .js-plotly-plot").last.wait_for(timeout=LONG)
    page.get_by_text("Predictions kept on mixed graphs").wait_for(timeout=LONG)
    still(tab)

    page.get_by_role("button", name="Benchmark", exact=True).click()
    with page.expect_download(timeout=LONG) as download:
        page.get_by_role("button", name="Download CSV").click(timeout=LONG)
    lines = download.value.path().read_text().splitlines()
    assert len(lines) == 1 + 5  # HPME and four others
    assert lines[1].split(",")[2] == "hpme"

    page.get_by_role("button", name="Explain", exact=True).click()
    page.wait_for_url("**dataset=carbonyl-**")
    tab.settled()
    assert page.get_by_text("Your own graphs, read from carbonyl.csv.").is_visible()
    assert page.locator("h3").first.inner_text().startswith("Why does GIN call graph ")

    context = chromium.new_context()
    other = Tab(context.new_page(), server)
    other.page.goto(page.url)
    other.page.get_by_text("which does not exist here").first.wait_for()
    other.settled()
    assert other.page.get_by_text("carbonyl.csv").count() == 0
    context.close()
    assert other.troubles == []
