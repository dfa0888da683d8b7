"""Another class than the predicted one, picked on the pages of one graph."""

import pytest

from hpme import HPME, HPMEConfig, load_classifier, load_dataset
from tests.opened import healthy, open_app, sentence, title, widget
from ui import state

QUICK = HPMEConfig(rounds=1, min_steps=60, checkpoints=5, draws=2)
SECONDS = 200


@pytest.fixture(scope="module")
def for_cycles():
    """HPME fitted, quickly, for the class of cycles."""
    data, model = load_dataset("ba-2motifs"), load_classifier("ba-2motifs")
    return HPME(model, QUICK).fit(data.train[:200], target=0)


@pytest.fixture
def known(for_cycles):
    state.fits().put(("ba-2motifs", "gin", 0, 0), for_cycles)
    state.explainer.clear()


def of_house(**query):
    return open_app(dataset="ba-2motifs", graph=3, **query)


def test_the_predicted_class_is_explained_unless_another_is_picked(known):
    app = of_house()
    assert widget(app, "target").value == "predicted"
    assert title(app) == "Why does GIN predict “house” for graph 3?"
    healthy(widget(app, "target").select("0").run())
    assert title(app) == "What speaks for “cycle” in graph 3, for which GIN predicts “house”?"
    assert "The model predicts *cycle* for" in sentence(app)
    assert app.query_params["target"] == "0"
    healthy(widget(app, "target").select("1").run())  # that is the predicted one: nothing to fit
    assert title(app) == "Why does GIN predict “house” for graph 3?"


def test_where_hpme_is_not_fitted_for_the_class_a_job_fits_it_first():
    app = of_house(target=0, model="gcn")
    words = [text.value for text in app.markdown]
    assert "**HPME learns what speaks for “cycle” to GCN of BA-2Motifs**" in words
    assert title(app) == "Why does GCN predict “house” for graph 3?"  # until then
    assert app.query_params["target"] == "0"
    ((key, job),) = app.session_state["fits"].items()
    assert key == ("ba-2motifs", "gcn", 0, 0)
    healthy(widget(app, "target").select("predicted").run())  # the page does not wait for it
    assert title(app) == "Why does GCN predict “house” for graph 3?"
    job.cancel()


def test_explainers_are_asked_about_the_class_or_say_why_they_cannot(known):
    app = of_house(target=0)
    app.query_params.clear()
    healthy(app.switch_page("pages/compare.py").run())
    assert title(app) == (
        "Which explainer shows what speaks for “cycle” in graph 3, for which GIN predicts “house”?"
    )
    healthy(widget(app, "with").set_value(["saliency", "pgexplainer"]).run())
    (job,) = app.session_state.jobs.values()
    assert job.wait(SECONDS)
    healthy(app.run())
    assert any("PGExplainer" in text.value and "as target (got 0)" in text.value for text in app.caption)


def test_a_regression_has_no_class_to_pick():
    app = open_app(dataset="ba-motif-volume")
    assert "target" not in [box.key for box in app.selectbox]


def test_seeds_and_edits_stay_with_the_prediction(known):
    app = of_house(target=0, tool="Stability")
    assert any("seeds are those of the predicted class" in text.value for text in app.info)
    healthy(widget(app, "tool").set_value("What if").run())
    assert any(text.value == "No edits yet." for text in app.markdown)
