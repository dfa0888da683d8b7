from pathlib import Path

import pytest

from tests.browser.tab import IDLE, Tab

pytestmark = pytest.mark.browser

SAMPLES = Path(__file__).parents[2] / "assets" / "samples" / "datasets"
LONG = 300_000  # milliseconds; a job shares the cores with the other tests


def still(tab):
    """Waits until no script runs."""
    tab.page.wait_for_timeout(300)
    tab.page.locator(IDLE).wait_for(timeout=LONG)


def upload(tab, file, facts):
    """Uploads a dataset and waits until it was understood."""
    page = tab.page
    tab.open("?dataset=ba-2motifs")
    page.get_by_role("link", name="Upload").click()
    page.get_by_text("A whole dataset", exact=True).click()
    read = page.get_by_role("button", name="Read the dataset")
    read.wait_for()  # until then, the files are those of the other section
    still(tab)
    page.locator("input[type=file]").set_input_files(file)
    read.click(timeout=LONG)
    page.get_by_text(facts).wait_for()


def train_and_fit(tab, items="graphs", count=10):
    """Trains a model for a few epochs and fits HPME to it, with live charts."""
    page = tab.page
    epochs = page.get_by_role("spinbutton", name="Epochs")
    epochs.fill(f"{count}")
    epochs.press("Enter")
    page.get_by_role("button", name="Train", exact=True).click()
    page.locator(".st-key-own_chart-train .js-plotly-plot").last.wait_for()
    page.get_by_text(f"Accuracy on test {items}").wait_for(timeout=LONG)

    page.get_by_role("button", name="Fit HPME").click()
    page.locator(".st-key-own_chart-fit .js-plotly-plot").last.wait_for(timeout=LONG)
    page.get_by_text("Predictions that hold in mixes").wait_for(timeout=LONG)
    still(tab)


def explain(tab, file):
    """Opens the explanation of one of its graphs."""
    page = tab.page
    page.get_by_role("button", name="Explain", exact=True).click()
    page.wait_for_url(f"**dataset={file.stem}-**")
    tab.settled()
    assert page.get_by_text(f"Your own graphs, read from {file.name}.").is_visible()
    default = "GINE" if file.suffix in (".csv", ".npz") else "GIN"  # the first has bonds as features of edges
    assert page.locator("h3").first.inner_text().startswith(f"Why does {default} predict “")
    assert tab.trio("trio.views[0].nodes.length") >= 5


def test_a_table_of_smiles_is_trained_on_fitted_explained_and_benchmarked(tab, chromium, server):
    page = tab.page
    upload(tab, SAMPLES / "carbonyl.csv", "Classes: carbonyl (60), no carbonyl (60)")
    train_and_fit(tab)

    page.get_by_role("button", name="Benchmark", exact=True).click()
    with page.expect_download(timeout=LONG) as download:
        page.get_by_role("button", name="Download CSV").click(timeout=LONG)
    lines = download.value.path().read_text().splitlines()
    assert len(lines) == 1 + 5  # HPME and four others
    assert lines[1].split(",")[2] == "hpme"

    explain(tab, SAMPLES / "carbonyl.csv")
    context = chromium.new_context()
    other = Tab(context.new_page(), server)
    other.page.goto(page.url)
    other.page.get_by_text("The link was of a dataset of someone's own session").wait_for()
    other.settled()
    assert other.page.get_by_text("carbonyl.csv").count() == 0
    assert other.troubles == []
    context.close()


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("motifs.jsonl", "Classes: cycle (20), house (20)"),
        ("nitro.npz", "Classes: class 0 (60), class 1 (60)"),
        ("rings.zip", "Classes: class -1 (30), class 1 (30)"),
    ],
)
def test_each_other_kind_of_dataset_is_trained_on_fitted_and_explained(tab, name, facts):
    upload(tab, SAMPLES / name, facts)
    train_and_fit(tab)
    explain(tab, SAMPLES / name)
