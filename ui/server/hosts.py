"""Whom the server answers: browsers that call it by its own name and, on a websocket, from its own pages.

A page elsewhere can have its name lead to this machine (DNS rebinding), and a browser would then let it read
the explorer. An address in digits cannot be made to lead elsewhere. Streamlit by itself would look up the
server's outer address on the network for each foreign page that calls.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

REFUSED = (
    "Expected an address of this explorer (got another name); open it by its address in digits, or let who "
    "runs it put this name into server.allowedHosts"
)


class OwnHosts:
    """Middleware that refuses hosts and origins that are not the server's own, without asking anybody.

    Args:
        app: The server's application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or refuses with 403."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        socket = scope["type"] == "websocket"
        if not is_own_host(host) or (socket and not is_own_origin(origin, host)):
            if socket:
                await send({"type": "websocket.close", "code": 1008})
            else:
                await PlainTextResponse(REFUSED, 403)(scope, receive, send)
            return
        await self.app(_called_by_its_origin(scope, origin) if socket and origin else scope, receive, send)


def is_own_host(host: str) -> bool:
    """Returns whether a Host header names this server: localhost, digits, or what its operator names."""
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    return name in ("", "localhost") or _is_digits(name) or any(_fits(name, own) for own in _names())


def is_own_origin(origin: str | None, host: str) -> bool:
    """Returns whether a page's origin is the host that it calls, or one that the operator allows.

    What is no page has none.
    """
    if origin is None or not config.get_option("server.enableCORS"):
        return True
    return _host_of(origin) == host or origin in _origins()


def _called_by_its_origin(scope: Scope, origin: str) -> Scope:
    """The same call with the host that the page's own address names, as some proxies put another one.

    Where both are one, Streamlit looks nothing up.
    """
    others = [pair for pair in scope["headers"] if pair[0] != b"host"]
    return {**scope, "headers": [*others, (b"host", _host_of(origin).encode("latin-1"))]}


def _host_of(origin: str) -> str:
    return origin.partition("://")[2]


def _names() -> set[str]:
    origins = {urlsplit(origin).hostname or "" for origin in _origins()}
    hosts = {host.strip().lower().rstrip(".") for host in config.get_option("server.allowedHosts")}
    return origins | hosts | {config.get_option("browser.serverAddress").lower()}


def _origins() -> set[str]:
    return {origin.strip().rstrip("/") for origin in config.get_option("server.corsAllowedOrigins")}


def _fits(name: str, own: str) -> bool:
    return own in ("*", name) or (own.startswith("*.") and name.endswith(own[1:]))


def _is_digits(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
