from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import launched
from tests.ui.calls import call, knock, listening
from ui.server import hosts

PUBLIC = "https://explorer.example.org"


def set_options(monkeypatch, **options):
    known = {"server.allowedHosts": [], "server.corsAllowedOrigins": [], "server.enableCORS": True}
    known |= {"browser.serverAddress": "localhost"} | options
    monkeypatch.setattr(hosts.config, "get_option", known.__getitem__)


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1:8501", True),
        ("LOCALHOST", True),
        ("localhost.:8501", True),
        ("192.168.1.7:8501", True),
        ("[::1]:8501", True),
        ("", True),
        ("evil.example:8501", False),
        ("localhost.evil.example", False),
        ("localhost@evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("[::1", False),
    ],
)
def test_a_host_is_own_if_it_is_localhost_or_in_digits(monkeypatch, host, own):
    set_options(monkeypatch)
    assert hosts.is_own_host(host) is own


def test_a_host_is_own_if_the_operator_names_it(monkeypatch):
    set_options(
        monkeypatch, **{"server.allowedHosts": ["*.inside.org"], "server.corsAllowedOrigins": [PUBLIC]}
    )
    assert hosts.is_own_host("explorer.example.org")
    assert hosts.is_own_host("a.inside.org:80")
    assert not hosts.is_own_host("inside.org")
    assert not hosts.is_own_host("example.org")
    set_options(monkeypatch, **{"server.allowedHosts": ["*"]})
    assert hosts.is_own_host("example.org")


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        (None, True),
        ("http://127.0.0.1:8501", True),
        (PUBLIC, True),
        ("http://127.0.0.1:9999", False),
        ("http://localhost:8501", False),
        ("https://explorer.example.org:444", False),
        ("http://evil.example", False),
        ("null", False),
    ],
)
def test_an_origin_is_own_if_it_is_the_host_that_it_calls_or_allowed(monkeypatch, origin, own):
    set_options(monkeypatch, **{"server.corsAllowedOrigins": [PUBLIC + "/"]})
    assert hosts.is_own_origin(origin, "127.0.0.1:8501") is own


def test_no_page_elsewhere_is_let_in_and_none_is_looked_up(tmp_path):
    options = {"STREAMLIT_SERVER_CORS_ALLOWED_ORIGINS": PUBLIC}
    with launched(**listening(tmp_path), **options) as (address, _):
        here = urlsplit(address).netloc
        for origin in ("http://evil.example", "http://127.0.0.1:9", "null", "http://[::1"):
            assert knock(address, Origin=origin) == 403
        assert knock(address, Host="evil.example", Origin="http://evil.example") == 403
        status, text = call(address, Host="evil.example")
        assert (status, text) == (403, hosts.REFUSED)
        for headers in ({}, {"Origin": address}, {"Origin": PUBLIC}, {"Origin": PUBLIC, "Host": here}):
            assert knock(address, **headers) == 101
        assert knock(address, Origin=PUBLIC, Host=urlsplit(PUBLIC).netloc) == 101
        assert call(address, Host=urlsplit(PUBLIC).netloc)[0] == 200
        assert (tmp_path / "heard").read_text() == ""
