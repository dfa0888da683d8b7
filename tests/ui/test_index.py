import asyncio
import gzip

import pytest

from ui.server.headers import content_security_policy
from ui.server.index import Index, own_script, own_style

PAGE = b"<!DOCTYPE html><html><head><title>x</title></head><body>x</body></html>"


async def served(scope, receive, send):
    """A page, as Streamlit serves it; what is asked for packed is packed."""
    packed = any(name == b"accept-encoding" for name, _ in scope["headers"])
    kind = b"text/html; charset=utf-8" if scope["path"] == "/" else b"text/plain"
    headers = [(b"content-type", kind), (b"etag", b'"1"'), (b"content-length", b"57")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    body = gzip.compress(PAGE) if packed else PAGE
    await send({"type": "http.response.body", "body": body[:20], "more_body": True})
    await send({"type": "http.response.body", "body": body[20:]})


def answer(path, accept, *more, scheme="http"):
    sent = []

    async def send(message):
        sent.append(message)

    headers = [(b"accept", accept), (b"accept-encoding", b"gzip"), (b"if-none-match", b'"1"'), *more]
    scope = {"type": "http", "path": path, "headers": headers, "scheme": scheme}
    asyncio.run(Index(served)(scope, None, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return dict(sent[0]["headers"]), body


def test_a_page_has_the_script_in_front_of_all_others_and_is_never_taken_for_the_one_without():
    headers, body = answer("/", b"text/html,*/*")
    assert body.startswith(f"<!DOCTYPE html><html><head><script>{own_script()}</script><title>".encode())
    assert body.endswith(f"x<style>{own_style()}</style></body></html>".encode())
    assert headers[b"content-length"] == str(len(body)).encode()
    assert b"etag" not in headers


@pytest.mark.parametrize(("path", "accept"), [("/", b"*/*"), ("/a.js", b"text/html")])
def test_all_else_is_as_it_was(path, accept):
    headers, body = answer(path, accept)
    assert headers[b"etag"] == b'"1"'
    assert own_script().encode() not in body


def test_the_policy_lets_that_very_script_run_and_nothing_in_it_ends_it_early():
    assert content_security_policy().count("'sha256-") >= 2
    assert "</" not in own_script()
    assert "</" not in own_style()


def cookie(*more, **scope):
    return answer("/", b"text/html", *more, **scope)[0].get(b"set-cookie", b"").decode()


def test_a_browser_gets_a_random_cookie_once_that_no_script_and_no_page_elsewhere_can_use():
    first = cookie()
    name, _, value = first.partition(";")[0].partition("=")
    assert len(value) >= 43  # 256 random bits
    assert cookie() != first
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {*first.split("; ")}
    assert cookie(scheme="https").endswith("; Secure")
    assert cookie((b"cookie", f"{name}={value}".encode())) == ""
