import pytest

from ui import held
from ui.held import Held


class Server:
    """A runtime that knows which sessions a browser is connected to."""

    def __init__(self):
        self.active = {"new"}

    def is_active_session(self, name):
        return name in self.active


@pytest.fixture
def server(monkeypatch):
    server = Server()
    monkeypatch.setattr(held.runtime, "exists", lambda: True)
    monkeypatch.setattr(held.runtime, "get_instance", lambda: server)
    return server


@pytest.fixture
def left():
    """What a session of a browser had when that left."""
    one = Held("browser", "old", {"own_datasets": {"mine": 1}, "own_graphs": {}})
    held._known.add(one)
    yield one
    held._known.discard(one)


def test_the_same_browser_takes_over_what_its_last_session_had_once(server, left):
    assert held._left_before(Held("browser", "new")) is left
    assert left.session == "new"
    assert held._left_before(Held("browser", "newer")) is None  # a page shows it


@pytest.mark.parametrize("browser", ["another", ""])
def test_another_browser_and_one_without_cookies_get_nothing(server, left, browser):
    left.browser = left.browser if browser else ""
    assert held._left_before(Held(browser, "new")) is None


def test_nothing_is_taken_from_an_open_page_nor_by_a_session_that_has_work_or_is_no_longer_new(server, left):
    server.active.add("old")
    assert held._left_before(Held("browser", "new")) is None
    server.active.discard("old")
    assert held._left_before(Held("browser", "new", {"own_datasets": {"other": 1}})) is None
    assert held._left_before(Held("browser", "new", since=held.monotonic() - held.SOON)) is None


def test_what_runs_stops_with_the_last_session_that_has_it(server, left):
    stopped = []
    left.stops.append(lambda: stopped.append("jobs"))
    assert held._left_before(Held("browser", "new")) is left
    held.end("old")
    assert stopped == []
    held.end("new")
    assert stopped == ["jobs"]
    assert left not in held._known
