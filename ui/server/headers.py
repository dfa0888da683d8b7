"""Headers of every response: browsers run only the explorer's scripts, and talk only to its server."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import streamlit
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.server.index import own_script

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"

DEVICES = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "serial", "usb")


def content_security_policy() -> str:
    """The policy as a header: of scripts inside the page, only Streamlit's and our own are allowed."""
    inside = re.findall(r"<script>(.*?)</script>", INDEX.read_text(), flags=re.DOTALL)
    hashes = (
        f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
        for script in (*inside, own_script())
    )
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(("'self' blob:", *hashes)),  # blob: is how a component's script comes
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self' ws: wss:",
        "worker-src": "'self' blob:",
        "frame-src": "'self' data: blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


class SecurityHeaders:
    """Middleware that adds them to every response.

    Args:
        app: The server's application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        headers = {
            "content-security-policy": content_security_policy(),
            "cross-origin-opener-policy": "same-origin",
            "permissions-policy": ", ".join(f"{device}=()" for device in DEVICES),
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
        }
        self.headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers with the headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name for name, _ in self.headers}
                message["headers"] = [pair for pair in message["headers"] if pair[0].lower() not in names]
                message["headers"] += self.headers
            await send(message)

        await self.app(scope, receive, with_headers)
