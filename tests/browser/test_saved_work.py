"""Work on an own dataset: still there after F5, in no other browser, and in the file that it is saved as."""

import pytest
from own_files import write_lines
from playwright.sync_api import expect

from hpme import HPME, HPMEConfig
from hpme.classifiers import train_classifier
from hpme.jobs.work_file import SavedWork, pack_work
from hpme.own_data import as_floats, read_dataset
from tests.browser.tab import IDLE

pytestmark = pytest.mark.browser
NAME, HELD = "stars.jsonl", "Predictions that hold in mixes"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Saved work: a model and an explainer, quickly made."""
    data = as_floats(read_dataset(write_lines(), NAME))
    model, card = train_classifier(data, "gin", epochs=3)
    fitted = HPME(model, HPMEConfig(min_steps=60, rounds=1)).fit(data.train)
    work = SavedWork(data, NAME, write_lines(), None, "", {"gin": (model, card)}, {("gin", 0): fitted})
    path = tmp_path_factory.mktemp("saved") / "stars.hpme.zip"
    path.write_bytes(pack_work(work))
    return path


def load(page, server, file):
    page.goto(f"{server}/upload?upload=A+whole+dataset")
    page.get_by_role("button", name="Read the dataset").wait_for()
    page.locator(IDLE).wait_for()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Read the dataset").click()
    page.get_by_text(HELD).wait_for()


def test_work_is_found_again_after_f5_by_its_browser_alone_saved_and_loaded_elsewhere(
    chromium, server, file, tmp_path
):
    here = chromium.new_context()
    page = here.new_page()
    page.set_default_timeout(60_000)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    load(page, server, file)
    note = page.locator(".st-key-unsaved")
    expect(note).to_have_count(0)
    page.get_by_role("button", name="Fit another seed").click()
    page.locator(".st-key-own_cancel-fit button").wait_for()
    note.wait_for()
    page.reload()
    assert asked == ["beforeunload"]
    page.get_by_text(HELD).wait_for()
    page.locator(".st-key-own_cancel-fit button").click()  # the fit has gone on
    page.get_by_text("Cancelled after").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as one file").click()
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)

    elsewhere = chromium.new_context()
    other = elsewhere.new_page()
    other.set_default_timeout(60_000)
    other.goto(page.url)
    other.get_by_role("button", name="Read the dataset").wait_for()
    other.locator(IDLE).wait_for()
    assert other.get_by_text(HELD).count() == 0
    load(other, server, saved)
    other.get_by_role("button", name="Explain", exact=True).click()
    other.get_by_role("heading", name="Why does GIN predict").wait_for()
    elsewhere.close()
    here.close()
