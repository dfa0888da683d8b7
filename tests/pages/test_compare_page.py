import pytest

from tests.opened import healthy, open_app, panels_shown, widget
from ui.plain import plain


def open_compare(**query):
    app = open_app(**query)
    app.switch_page("pages/compare.py")
    for key, value in query.items():
        app.query_params[key] = str(value)
    return healthy(app.run())


def table(app, column):
    return next(frame.value for frame in app.dataframe if column in frame.value)


@pytest.fixture
def app():
    return open_compare(below="Tables", rows="Explainers")


def test_all_explainers_keep_as_many_nodes_as_hpme_until_told_otherwise(app):
    assert app.subheader[0].value == "Which explainer shows why GIN predicts “cycle” for graph 6?"
    rows = table(app, "explainer")
    assert rows["explainer"].tolist() == ["HPME", "Saliency", "Integrated gradients", "GradCAM"]
    assert rows["nodes kept"].tolist() == [5] * 4
    assert rows["Edge AUC"][0] > 0.9
    healthy(widget(app, "k").set_value(7).run())
    assert table(app, "explainer")["nodes kept"].tolist() == [7] * 4


def test_a_threshold_cuts_each_by_its_own_score(app):
    healthy(widget(app, "by").set_value("a threshold").run())
    rows = table(app, "explainer")
    assert rows["nodes kept"][0] == 5
    assert len(set(rows["nodes kept"])) > 1
    healthy(app.slider[0].set_value(1.0).run())
    assert table(app, "explainer")["nodes kept"].tolist() == [0] * 4


@pytest.mark.parametrize("page", ["compare", "tour", "browse"])
def test_what_an_address_asked_for_on_the_first_page_holds_on_the_next(page):
    app = open_app(dataset="benzene", label="benzene ring")
    app.query_params.clear()  # as a browser's address does with the page
    app.switch_page(f"pages/{page}.py")
    healthy(app.run())
    assert widget(app, "dataset").value == "benzene"
    assert widget(app, "label").value == "benzene ring"


def test_what_is_picked_on_one_page_stays_picked_on_the_other():
    app = open_compare()
    healthy(widget(app, "graph").set_value(17).run())
    app.switch_page("pages/explain.py")
    healthy(app.run())
    assert widget(app, "graph").value == 17
    healthy(widget(app, "seed").set_value(3).run())
    app.switch_page("pages/compare.py")
    healthy(app.run())
    assert (widget(app, "graph").value, widget(app, "seed").value) == (17, 3)


def test_nodes_and_edges_are_told_one_by_one(app):
    healthy(widget(app, "rows").set_value("Nodes").run())
    rows = table(app, "kept by")
    kept = rows[["HPME, kept", "Saliency, kept", "Integrated gradients, kept", "GradCAM, kept"]].sum(axis=1)
    assert rows["kept by"].tolist() == kept.tolist()
    healthy(widget(app, "rows").set_value("Edges").run())
    assert len(table(app, "edge")) == 25
    assert app.get("download_button")


def test_agreement_is_shown_as_two_matrices():
    app = open_compare(below="Agreement")
    assert len(app.get("plotly_chart")) == 2


def test_hpme_leaks_nothing_and_a_soft_mask_says_how_much(app):
    healthy(widget(app, "below").set_value("What leaked").run())
    theirs, ours = app.metric
    assert (ours.label, ours.value) == ("Leaked by HPME", "0%")
    assert theirs.label == "Mask mass that leaked"
    assert any("edges outside the explanation still pass messages" in text.value for text in app.caption)
    assert panels_shown(app) == 2


def test_a_slow_explainer_can_be_cancelled_and_started_again(app):
    healthy(widget(app, "with").set_value(["gnnexplainer"]).run())
    assert table(app, "explainer")["explainer"].tolist() == ["HPME"]
    healthy(widget(app, "below").set_value("What leaked").run())
    assert app.info[0].value == "This needs the soft mask of GNNExplainer, which is not ready; see above."
    healthy(widget(app, "with").set_value([]).run())
    assert app.info[0].value == "Add an explainer with soft masks above."
    healthy(widget(app, "with").set_value(["gnnexplainer"]).run())
    healthy(app.button(key="cancel-gnnexplainer").click().run())
    assert any(text.value == "**GNNExplainer.** Cancelled." for text in app.caption)
    healthy(app.button(key="retry-gnnexplainer").click().run())
    assert app.button(key="cancel-gnnexplainer")


def test_a_slow_explainer_joins_when_its_job_is_done():
    app = open_compare(below="Tables", rows="Explainers")
    healthy(widget(app, "with").set_value(["gnnexplainer"]).run())
    (job,) = app.session_state.jobs.values()
    assert job.wait(120)
    assert job.state == "done", job.error
    healthy(app.run())
    assert table(app, "explainer")["explainer"].tolist() == ["HPME", "GNNExplainer"]
    healthy(widget(app, "rows").set_value("Nodes").run())  # and it stays
    assert not app.session_state.jobs


def test_each_panel_and_each_table_of_the_comparison_can_be_saved():
    app = open_compare(below="Export")
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels == [
        "Consensus, SVG",
        "HPME, SVG",
        "Saliency, SVG",
        "Integrated gradients, SVG",
        "GradCAM, SVG",
        "All panels, SVG",
        "Interactive page, HTML",
        "Report, HTML",
        "Nodes, CSV",
        "Edges, CSV",
        "Explainers, CSV",
    ]


def test_what_the_results_note_is_shown_once():
    app = open_app(dataset="fluoride-carbonyl", model="gin")
    app.query_params.clear()  # as a browser's address does with the page
    healthy(app.switch_page("pages/compare.py").run())
    notes = [text.value for text in app.markdown if "edge_attr" in text.value]
    assert len(notes) == 1
    assert notes[0].startswith(":orange-badge[About the model] :small[The graphs have edge_attr")


def test_the_page_opens_with_what_the_comparison_comes_to(app):
    said = next(text.value for text in app.markdown if " of the mixed graphs" in text.value)
    assert said == plain(
        "All 4 find the true part (node IoU of at least 0.5); "
        "all 4 carry “cycle” into at least 90% of the mixed graphs (HPME's own criterion); "
        "the soft mask of Saliency removes nothing."
    )


def test_explainers_are_sorted_by_a_measure_and_shown_as_given():
    app = open_compare(below="Tables", rows="Explainers", sort="edge_auc")
    rows = table(app, "explainer")
    assert rows["Edge AUC"].is_monotonic_decreasing
    assert len(rows) == 4
    healthy(widget(app, "masks").set_value("as given (soft)").run())
    assert table(app, "explainer")["explainer"].tolist() == rows["explainer"].tolist()
