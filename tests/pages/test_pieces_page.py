import pytest

from tests.opened import healthy, open_app, widget


def open_overall(**query):
    app = open_app(**query)
    app.query_params.clear()  # as a browser's address does with the page
    app.switch_page("pages/pieces.py")
    return healthy(app.run())


def sentence(app):
    return next(text.value for text in app.markdown if text.value.startswith("Of "))


def cards(app):
    """The first line of each card, which is the button that opens it."""
    return {
        button.key.removeprefix("open-"): button.label
        for button in app.button
        if button.key.startswith("open-")
    }


@pytest.fixture
def app():
    return open_overall(dataset="ba-2motifs")


def test_pieces_are_counted_and_a_click_lists_their_graphs_with_links(app):
    assert sentence(app).startswith(
        "Of 100 graphs HPME keeps a part of 100, everything of 0 and nothing of 0."
    )
    first = cards(app)["0"]
    count = int(first.split()[0])
    healthy(next(button for button in app.button if button.key == "open-0").click().run())
    links = app.get("page_link")
    assert len(links) == min(count, 24)
    assert all(link.proto.label.startswith("Graph ") for link in links)
    healthy(next(button for button in app.button if button.label == "← All pieces").click().run())
    assert cards(app)["0"] == first


def test_filters_of_the_sidebar_count_anew_and_sorting_changes_the_order(app):
    before = sentence(app)
    healthy(widget(app, "label").select("house").run())
    assert sentence(app).startswith("Of 50 graphs")
    assert "ring of 5" not in sentence(app).split("·")[0]
    healthy(widget(app, "label").select("any").run())
    assert sentence(app) == before
    healthy(widget(app, "by").select("Largest").run())
    sizes = [text.value for text in app.markdown if " nodes with " in text.value and "**" in text.value]
    assert sizes[0].startswith("**7 nodes")
    healthy(widget(app, "answer").select("wrong").run())
    assert app.info[0].value.startswith("None of these graphs match;")


def test_everything_and_nothing_are_counted_as_such_and_listed():
    app = open_overall(dataset="benzene")
    assert {"nothing", "everything"} <= {*cards(app)}
    assert "benzene ring" in sentence(app)
    healthy(widget(app, "piece").select("Nothing kept").run())
    assert len(app.get("page_link")) == 24
    assert all("0 of " in text.value for text in app.caption if "nodes kept" in text.value)


def test_pieces_are_downloaded_as_a_table_and_as_a_page(app):
    assert [button.label for button in app.get("download_button")] == ["Table, CSV", "Gallery, HTML"]


def test_numbers_and_nodes_have_pieces_as_well():
    app = open_overall(dataset="ba-motif-volume")
    assert cards(app)
    app = open_overall(dataset="tree-cycles")
    assert sentence(app).startswith("Of 99 nodes")
