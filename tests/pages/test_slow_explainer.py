"""A slow explainer on the Explain page: what was there stays, with the job above it."""

import pytest

from hpme.jobs.pool import Jobs
from tests.opened import healthy, open_app, panels_shown, sentence, title, widget
from ui.state import explained

SECONDS = 120


@pytest.fixture
def app():
    return open_app(dataset="ba-2motifs", graph=42)  # of which no other test keeps explanations


def is_whole(app):
    return panels_shown(app) == 1 and len(app.metric) > 6


def captions(app):
    return [text.value for text in app.caption]


def test_the_last_explanation_stays_while_a_job_explains_and_after_it_was_cancelled(app, monkeypatch):
    monkeypatch.setattr(Jobs, "_advance", lambda jobs: None)  # the job waits as long as it is looked at
    healthy(widget(app, "explainer").select("saliency").run())
    healthy(widget(app, "explainer").select("gnnexplainer").run())
    assert sentence(app).startswith("Saliency keeps ")
    assert is_whole(app)
    assert "Below is Saliency's explanation, not GNNExplainer's." in captions(app)
    (job,) = app.session_state.jobs.values()

    healthy(app.button(key="cancel-gnnexplainer").click().run())
    assert job.ended
    assert title(app).endswith("for graph 42?")
    assert sentence(app).startswith("Saliency keeps ")
    assert is_whole(app)
    assert "**GNNExplainer.** Cancelled." in captions(app)
    assert app.button(key="retry-gnnexplainer")


def test_hpme_stands_in_for_an_explainer_that_has_yet_to_explain_the_graph(app, monkeypatch):
    monkeypatch.setattr(explained, "PATIENCE", 0.0)
    healthy(widget(app, "explainer").select("gnnexplainer").run())
    assert all(job.wait(SECONDS) for job in app.session_state.jobs.values())
    healthy(app.run())
    assert sentence(app).startswith("GNNExplainer keeps ")
    healthy(app.button(key="step1").click().run())
    assert sentence(app).startswith("HPME keeps ")
    assert is_whole(app)
