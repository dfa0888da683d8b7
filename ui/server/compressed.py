"""The explorer's scripts and styles go out compressed; browsers keep those that carry a hash in their name.

Streamlit leaves its own scripts as they are, as it would compress them at every request. Here each file is
compressed once.
"""

import asyncio
import gzip
import re
from hashlib import sha256

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.server.doors import inner_path

FOLDERS = ("static/", "_stcore/bidi-components/")  # files of the explorer alone, none that users bring
KINDS = ("text/", "application/javascript", "application/json", "image/svg+xml")
LEAST = 1000  # bytes
HASHED = re.compile(r"_stcore/bidi-components/.*\.[0-9a-f]{16}\.(js|css)")
FOREVER = "public, immutable, max-age=31536000"


class Compressed:
    """Middleware that compresses files of the explorer.

    Args:
        app: The server's application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.files: dict[bytes, bytes] = {}  # compressed, by the hash of what they hold

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers; files whole, as soon as the last part is there."""
        path = inner_path(scope) if scope["type"] == "http" else ""
        if scope.get("method") != "GET" or not path.startswith(FOLDERS) or "range" in Headers(scope=scope):
            await self.app(scope, receive, send)
            return
        start: Message = {}
        body = bytearray()

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                await self._answer(scope, path, start, bytes(body), send)

        await self.app(scope, receive, collect)

    async def _answer(self, scope: Scope, path: str, start: Message, body: bytes, send: Send) -> None:
        headers = MutableHeaders(raw=start["headers"])
        if HASHED.fullmatch(path) and start["status"] == 200:
            headers["cache-control"] = FOREVER
        if (
            start["status"] == 200
            and len(body) >= LEAST
            and headers.get("content-type", "").startswith(KINDS)
        ):
            headers.add_vary_header("accept-encoding")
            if (
                "gzip" in Headers(scope=scope).get("accept-encoding", "")
                and "content-encoding" not in headers
            ):
                body = await self._compressed(body)
                headers["content-encoding"], headers["content-length"] = "gzip", str(len(body))
        await send(start)
        await send({"type": "http.response.body", "body": body})

    async def _compressed(self, body: bytes) -> bytes:
        name = sha256(body).digest()
        if name not in self.files:
            self.files[name] = await asyncio.to_thread(gzip.compress, body, mtime=0)
        return self.files[name]
