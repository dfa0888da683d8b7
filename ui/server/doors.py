"""What answers to whom: before sign-in the page that asks for it alone, metrics to those with their token."""

import hmac
import os

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from ui.server import sign_in

METRICS = "HPME_METRICS"  # the variable with the token of whoever may read metrics; unset: nobody
BEFORE = {"health", "host-config", "stream"}  # of Streamlit's own paths; the websocket shows sign-in alone
REFUSED = "Expected a visitor who has signed in, or the token of the metrics (got none); open the first page"
FOLDERS = {"media", "component", "app"}  # what pages have shown


class Doors:
    """Middleware that refuses what is not open to a visitor.

    Args:
        app: The server's application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or refuses with 403."""
        if scope["type"] != "http" or is_open(HTTPConnection(scope)):
            await self.app(scope, receive, send)
        else:
            await PlainTextResponse(REFUSED, 403)(scope, receive, send)


def is_open(call: HTTPConnection) -> bool:
    """Returns whether a path is open to who calls it."""
    folder, _, name = inner_path(call.scope).partition("/")
    if folder == "_stcore" and name == "metrics":
        return _may_read_metrics(call.headers)
    inside = folder in FOLDERS or (folder == "_stcore" and name not in BEFORE)
    return not inside or not sign_in.set_up() or sign_in.is_signed_in(call.cookies)


def inner_path(scope: Scope) -> str:
    """Returns the path of a call below the server's base path, without a slash in front."""
    base = config.get_option("server.baseUrlPath").strip("/")
    return f"{scope['path'].strip('/')}/".removeprefix(f"{base}/").strip("/")


def _may_read_metrics(headers: Headers) -> bool:
    token = os.environ.get(METRICS)
    said = headers.get("authorization", "")
    return bool(token) and hmac.compare_digest(said.encode(), f"Bearer {token}".encode())
