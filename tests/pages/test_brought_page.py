"""The explorer started with an own model on an own dataset."""

import os
from uuid import uuid4

import pytest
from own_files import write_lines

from hpme.classifiers import own, register
from hpme.explainers.hpme.store import available_explainers
from hpme.jobs.pool import Jobs
from hpme.own_data import register_dataset, registered
from tests.opened import command, healthy, open_app, panels_shown, title, widget

PAGES = ("explain", "browse", "pieces", "compare", "atlas", "tour")
SECONDS = 120


@pytest.fixture(params=["own_models:Hub", "own_models:questioned"])
def reference(request, tmp_path, monkeypatch):
    """Stars and chains in a file, and a model that tells them apart by their middle; HPME is not fitted."""
    for variable in (own.VARIABLE, registered.VARIABLE):
        monkeypatch.setenv(variable, "")
    monkeypatch.setenv("HPME_HOME", str(tmp_path))
    name = f"stars-{uuid4().hex[:6]}"  # caches outlive a test
    file = tmp_path / f"{name}.jsonl"
    file.write_bytes(write_lines())
    register_dataset(name, file)
    register(name, request.param)
    return name, request.param


def fitted(app):
    """The app once the job that it shows has ended."""
    (job,) = app.session_state["fits"].values()
    assert job.wait(SECONDS)
    assert job.error == ""
    return healthy(app.run())


def test_an_own_model_on_an_own_dataset_is_explained_on_every_page_as_a_built_in_one(reference):
    name, model = reference
    app = open_app(dataset=name, model=model, graph=1, k=2)
    assert title(app) == f"HPME learns to explain {model.partition(':')[2]} of {name}"
    assert panels_shown(app) == 0
    assert any(text.value == "**Original graph: graph 1**" for text in app.markdown)  # stays while it fits
    assert any("edges. The model predicts class 1" in text.value for text in app.markdown)
    fitted(app)
    assert title(app).endswith("for graph 1?")
    assert "predict “class 1” for" in title(app)
    assert widget(app, "k").value == 2
    assert f"--data {os.environ['HPME_HOME']}/{name}.jsonl --model {model} --graph 1" in command(app)
    assert available_explainers(name, model) == [0]
    for page in PAGES[1:]:
        app.query_params.clear()
        healthy(app.switch_page(f"pages/{page}.py").run())
        assert widget(app, "dataset").value == name
        assert widget(app, "model").value == model
        if page == "compare":
            assert any(
                text.value.startswith("Saliency: Expected outputs that have a gradient") for text in app.text
            )


@pytest.mark.parametrize("page", ["browse", "pieces"])
def test_a_page_about_many_graphs_lists_what_is_predicted_of_them_below_the_first_fit(
    reference, page, monkeypatch
):
    monkeypatch.setattr(Jobs, "_advance", lambda jobs: None)  # the job waits as long as it is looked at
    name, model = reference
    app = open_app(dataset=name, model=model)
    healthy(app.switch_page(f"pages/{page}.py").run())
    assert title(app) == f"HPME learns to explain {model.partition(':')[2]} of {name}"
    assert any(button.label == "Cancel" for button in app.button)
    cards = [text.value for text in app.caption if "Label: class " in text.value]
    words = f"What is predicted of {len(cards)} test graphs is known already:"
    assert words in [text.value for text in app.markdown]
    assert all(text.startswith("**✓ class ") or text.startswith("**✗ class ") for text in cards)

    healthy(widget(app, "label").select("class 1").run())
    ones = [text.value for text in app.caption if "Label: class " in text.value]
    assert 0 < len(ones) < len(cards)
    assert all(text.endswith("Label: class 1") for text in ones)
    (job,) = app.session_state["fits"].values()
    job.cancel()


def test_a_fit_that_was_cancelled_can_be_tried_again(reference):
    name, model = reference
    app = open_app(dataset=name, model=model)
    (job,) = app.session_state["fits"].values()
    job.cancel()
    healthy(app.run())
    assert any("Cancelled." in caption.value for caption in app.caption)
    retry = next(button for button in app.button if button.label == "Try again")
    fitted(healthy(retry.click().run()))
