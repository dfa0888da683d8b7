"""Work on an own dataset: noted while it is not saved, saved as one file, and opened from it."""

import pytest
from own_files import write_lines
from streamlit import config

from hpme import HPME, HPMEConfig
from hpme.classifiers import train_classifier
from hpme.jobs.work_file import SavedWork, pack_work
from hpme.own_data import as_floats, read_dataset
from tests.opened import healthy, open_app, title
from tests.pages.test_own_dataset_page import labels, opened, upload
from tests.pages.test_upload_page import texts

NAME = "stars.jsonl"


@pytest.fixture(scope="module")
def saved():
    data = as_floats(read_dataset(write_lines(), NAME))
    model, card = train_classifier(data, "gin", epochs=3)
    explainer = HPME(model, HPMEConfig(min_steps=60, rounds=1)).fit(data.train)
    row = {"explainer": "hpme", "graphs": 4, "edge_auc": 0.625}
    work = SavedWork(data, NAME, write_lines(), None, "", {"gin": (model, card)}, {("gin", 0): explainer})
    work.results["gin"] = [row]
    return pack_work(work)


def note(page):
    return [text.value for text in page.sidebar.text if text.value.startswith("Not saved yet")]


def saves(page):
    return [button.proto.label for button in page.get("download_button")]


def test_a_saved_file_brings_models_explainers_and_results_back_and_every_page_works_with_them(saved):
    page = opened()
    assert "Save as one file" not in saves(page)
    upload(page, "stars.hpme.zip", saved)
    assert "Rejected" not in texts(page)
    assert {"Predictions that hold in mixes"} <= {metric.label for metric in page.metric}
    assert page.dataframe[0].value["edge_auc"].tolist() == [0.625]
    assert "Save as one file" in saves(page)
    assert not note(page)
    assert "Explain" in labels(page)
    (name,) = page.session_state["own_datasets"]
    page.query_params["dataset"] = name
    healthy(page.switch_page("pages/explain.py").run())
    assert title(page).startswith("Why does GIN predict “")


def test_what_is_in_no_file_yet_is_noted_on_every_page_and_in_the_file_it_is_not(saved):
    page = opened()
    upload(page, "stars.hpme.zip", saved)
    page.session_state["saved_work"] = {}
    healthy(page.run())
    (words,) = note(page)
    assert words == "Not saved yet: stars. “Save as one file” is on Upload."
    healthy(page.switch_page("pages/benchmark.py").run())
    assert note(page)
    assert not note(open_app())


def test_a_damaged_file_is_refused_in_a_sentence_and_takes_nothing_along(saved):
    page = opened()
    upload(page, "stars.hpme.zip", saved[:-200] + bytes(200))
    assert "Expected a zip archive that opens" in texts(page)
    assert not page.session_state["own_datasets"]


def test_what_could_not_be_loaded_again_is_refused_before_it_is_saved(saved):
    page = opened()
    upload(page, "stars.hpme.zip", saved)
    assert any(text.value.startswith("It counts as saved once you click") for text in page.caption)
    before = config.get_option("server.maxUploadSize")
    config.set_option("server.maxUploadSize", 0)
    try:
        healthy(page.run())
    finally:
        config.set_option("server.maxUploadSize", before)
    assert "Save as one file" not in saves(page)
    assert "Expected at most 0 MB in one file, which can be loaded again (got 0.2)" in texts(page)
