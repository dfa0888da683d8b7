import json

import pytest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from benchmarks._client import Session
from tests.browser.conftest import launched
from tests.ui.calls import call
from tests.ui.test_restart import lasting
from ui.server import doors

SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:8501/oauth2callback"
cookie_secret = "a long random string"
client_id = "x"
client_secret = "x"
server_metadata_url = "http://127.0.0.1:9/"
"""
CLOSED = ["_stcore/metrics", "_stcore/upload_file/x/y", "_stcore/bidi-components/x", "_stcore/agent/interact"]
CLOSED += ["media/x.svg", "component/x", "app/static/x", "_stcore/anything"]
OPEN = ["_stcore/health", "_stcore/host-config", "", "atlas"]


def cookie(secret="a long random string", **user):
    """What the browser of somebody who has signed in sends."""
    user = {"origin": "http://127.0.0.1:8501", "is_logged_in": True} | user
    return "_streamlit_user=" + create_signed_value(secret, "_streamlit_user", json.dumps(user)).decode()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """Address of an explorer with sign-in."""
    home = tmp_path_factory.mktemp("home")
    (home / ".streamlit").mkdir()
    (home / ".streamlit" / "secrets.toml").write_text(SECRETS)
    with launched(HOME=str(home), HPME_METRICS="token") as (address, _):
        yield address


@pytest.fixture(scope="module")
def server():
    """Address of an explorer as it comes."""
    with launched() as (address, _):
        yield address


@pytest.mark.parametrize("path", CLOSED)
def test_before_sign_in_nothing_but_the_page_answers(guarded, path):
    for headers in ({}, {"Cookie": cookie("another string")}, {"Cookie": cookie(is_logged_in=False)}):
        for method in ("GET", "PUT", "DELETE", "OPTIONS"):
            assert call(guarded, f"/{path}", method, **headers) == (403, doors.REFUSED)


@pytest.mark.parametrize("path", OPEN)
def test_the_page_that_asks_for_sign_in_and_the_health_answer_to_everybody(guarded, path):
    assert call(guarded, f"/{path}")[0] == 200


@pytest.mark.parametrize("path", [path for path in CLOSED if "metrics" not in path])
def test_who_has_signed_in_is_let_through(guarded, path):
    assert call(guarded, f"/{path}", Cookie=cookie())[0] != 403


def test_an_upload_before_sign_in_is_not_taken(guarded):
    async def bring():
        async with Session(guarded) as session:
            await session.open()
            with pytest.raises(RuntimeError, match="got status 403"):
                await session.put("x.csv", b"0,1\n")

    lasting(bring())


def test_metrics_answer_to_their_token_alone(guarded):
    assert call(guarded, "/_stcore/metrics", Cookie=cookie())[0] == 403
    assert call(guarded, "/_stcore/metrics", Authorization="Bearer tokens")[0] == 403
    status, text = call(guarded, "/_stcore/metrics", Authorization="Bearer token")
    assert status == 200
    assert "# EOF" in text


def test_without_a_token_metrics_answer_to_nobody(server):
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
        assert call(server, "/_stcore/metrics", **headers)[0] == 403
    assert call(server, "/_stcore/health")[0] == 200


def test_secrets_that_cannot_be_read_let_nobody_in(tmp_path):
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text(SECRETS.replace('"x"', '"x'))
    with launched(HOME=str(tmp_path)) as (address, _):
        assert call(address, "/media/x.svg")[0] == 403
