"""The explorer's own scripts and style in the page that Streamlit serves.

The scripts have to run before Streamlit's do. The style is there from the first, so that nothing jumps when
it comes, and it is behind Streamlit's own, so that it counts where both say something.

With the page comes a cookie for the browser: see `ui.held`.
"""

import secrets
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ASSETS = Path(__file__).parents[2] / "assets"
SCRIPTS = (ASSETS / "scripts" / "history.js", ASSETS / "scripts" / "keys_list.js")
STYLES = (ASSETS / "page.css", ASSETS / "navigation.css")
COOKIE = "hpme_browser"  # by which a session's work is found again after its page was loaded anew
UNFIT = ("etag", "last-modified", "accept-ranges")  # they are of the file without the script


@cache
def own_script() -> str:
    """The scripts, as they stand in the page."""
    return _joined(SCRIPTS)


@cache
def own_style() -> str:
    """The style, as it stands in the page."""
    return _joined(STYLES)


def _joined(paths: tuple[Path, ...]) -> str:
    return "\n".join(path.read_text(encoding="utf8") for path in paths)


class Index:
    """Middleware that puts the script in front of all others and the style behind, and sets the cookie.

    Args:
        app: The server's application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers; a browser that opens a page gets it with the script."""
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        start: Message = {}
        parts = list[bytes]()

        async def gather(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                await _send_page(scope, start, b"".join(parts), send)

        asked = ("accept-encoding", "if-none-match", "if-modified-since", "range")
        headers = [pair for pair in scope["headers"] if pair[0].decode("latin-1").lower() not in asked]
        await self.app({**scope, "headers": headers}, receive, gather)


async def _send_page(scope: Scope, start: Message, body: bytes, send: Send) -> None:
    headers = MutableHeaders(raw=start["headers"])
    if headers.get("content-type", "").startswith("text/html"):
        body = body.replace(b"<head>", f"<head><script>{own_script()}</script>".encode(), 1)
        body = body.replace(b"</body>", f"<style>{own_style()}</style></body>".encode(), 1)
        for name in UNFIT:
            del headers[name]
        headers["content-length"] = str(len(body))
        if not HTTPConnection(scope).cookies.get(COOKIE):
            safe = "; Secure" * (scope.get("scheme") == "https")
            cookie = f"{COOKIE}={secrets.token_urlsafe(32)}; Path=/; HttpOnly; SameSite=Lax{safe}"
            headers.append("set-cookie", cookie)
    await send({**start, "headers": headers.raw})
    await send({"type": "http.response.body", "body": body})
