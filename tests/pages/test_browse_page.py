import re

import pytest

from hpme.analysis.gallery import MEASURES
from tests.opened import healthy, open_app, widget


def open_browse(**query):
    app = open_app(**query)
    app.query_params.clear()  # as a browser's address does with the page
    app.switch_page("pages/browse.py")
    return healthy(app.run())


def captions(app):
    return [text.value for text in app.caption if "nodes kept" in text.value]


def values(app, pattern):
    return [float(re.search(pattern, text)[1]) for text in captions(app)]


def shown(app):
    return [int(link.proto.label.removeprefix("Graph ")) for link in app.get("page_link")]


@pytest.fixture
def app():
    return open_browse(dataset="ba-2motifs")


def test_the_test_graphs_stand_as_24_cards_a_page(app):
    assert any(text.value == "100 of the 100 test graphs match." for text in app.markdown)
    first = shown(app)
    assert len(first) == len(captions(app)) == 24
    assert first == sorted(first)
    assert captions(app)[0].startswith("**✓ ")
    healthy(widget(app, "page").set_value(5).run())
    assert len(shown(app)) == 4
    assert min(shown(app)) > max(first)


def test_cards_are_sorted_by_a_measure_from_either_end_and_start_again_at_page_one(app):
    healthy(widget(app, "page").set_value(3).run())
    healthy(widget(app, "sort").select("node_iou").run())
    assert widget(app, "page").value == 1
    worst = values(app, r"IoU ([0-9.]+)")
    assert worst == sorted(worst)
    healthy(widget(app, "order").set_value("high first").run())
    best = values(app, r"IoU ([0-9.]+)")
    assert best == sorted(best, reverse=True)
    assert best[0] == 1.0


def test_every_measure_of_a_single_graph_can_be_sorted_by_and_stands_on_the_card(app):
    assert len(widget(app, "sort").options) == len(MEASURES) + 2
    healthy(widget(app, "sort").select("robust_fid_plus").run())
    least = values(app, r"Robust Fid\+ (-?[0-9.]+)")
    assert len(least) == 24
    assert least == sorted(least)
    healthy(widget(app, "order").set_value("high first").run())
    assert values(app, r"Robust Fid\+ (-?[0-9.]+)")[0] > least[-1]


def test_filters_are_those_of_the_sidebar_and_an_empty_gallery_says_so(app):
    healthy(widget(app, "page").set_value(5).run())
    healthy(widget(app, "label").select("house").run())
    assert any(text.value == "50 of the 100 test graphs match." for text in app.markdown)
    assert widget(app, "page").value == 3  # there are no five pages any more
    healthy(widget(app, "answer").select("wrong").run())
    assert app.info[0].value.startswith("None of these graphs match;")


COUNTED = r"(\d+) of the 658 test graphs match and are marked (.*)\.$"


def badges(app):
    """What the cards are marked with, one text each."""
    return [text.value for text in app.markdown if text.value.startswith(":orange-badge[")]


def test_all_of_many_graphs_are_shown_and_failures_are_marked_and_filtered():
    app = open_browse(dataset="benzene", answer="wrong")
    assert any("of the 658 test graphs match." in text.value for text in app.markdown)
    assert captions(app)
    assert all(text.startswith("**✗ ") for text in captions(app))
    assert len(badges(app)) == len(captions(app))
    assert all(text.startswith(":orange-badge[Wrong prediction]") for text in badges(app))
    healthy(widget(app, "answer").select("any").run())
    assert widget(app, "page").max == 28  # the last of which has the last of all graphs
    healthy(widget(app, "only").set_value(["Everything kept", "Lost in mixes"]).run())
    assert 0 < len(captions(app)) <= 24
    assert len(badges(app)) == len(captions(app))
    assert all("Everything kept" in text or "Lost in mixes" in text for text in badges(app))
    (both,) = (re.match(COUNTED, text.value) for text in app.markdown if " marked " in text.value)
    assert both[2] == "“Everything kept” or “Lost in mixes”"
    healthy(widget(app, "only").set_value(["Lost in mixes"]).run())
    (one,) = (re.match(COUNTED, text.value) for text in app.markdown if " marked " in text.value)
    assert 0 < int(one[1]) <= int(both[1]) < 658
    assert not [text.value for text in app.markdown if text.value.startswith("658 of")]
    healthy(widget(app, "only").set_value(["Nothing kept"]).run())
    assert all(" 0 of " in f" {text.splitlines()[-1]}" for text in captions(app))


def test_pages_are_turned_below_the_cards(app):
    first = shown(app)
    healthy(next(button for button in app.button if button.label == "Next page").click().run())
    assert widget(app, "page").value == 2
    assert not {*shown(app)} & {*first}
    healthy(next(button for button in app.button if button.label == "Previous page").click().run())
    assert shown(app) == first


def test_numbers_are_browsed_as_well():
    app = open_browse(dataset="ba-motif-volume")
    healthy(widget(app, "sort").select("confidence").run())  # which numbers do not have
    assert len(captions(app)) == 24
    assert re.match(r"\*\*[✓✗] [0-9.]+\*\*", captions(app)[0])


def test_what_is_filtered_here_stays_filtered_on_the_explain_page(app):
    healthy(widget(app, "label").select("house").run())
    app.switch_page("pages/explain.py")
    healthy(app.run())
    assert widget(app, "label").value == "house"
    assert "“house”" in app.subheader[0].value
