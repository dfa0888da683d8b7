"""Where calls come from, for what is counted by address."""

import os
from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

TRUSTED = "FORWARDED_ALLOW_IPS"  # uvicorn's variable: the proxies whose X-Forwarded-For is believed
HERE = "127.0.0.1"


class Callers:
    """Middleware that believes no X-Forwarded-For unless the operator says whose.

    Without a word from the operator, uvicorn believes those that come from this machine, and many a proxy
    passes on what a browser has made up. All calls with such a header then count as one caller's.

    Args:
        app: The server's application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, with the address that counts in place of the caller's."""
        if scope["type"] in ("http", "websocket"):
            host, port = scope.get("client") or (HERE, 0)  # none on a socket that is a file
            made_up = TRUSTED not in os.environ and "x-forwarded-for" in Headers(scope=scope)
            scope = {**scope, "client": (HERE if made_up else whole_network(host), port)}
        await self.app(scope, receive, send)


def whole_network(host: str) -> str:
    """Returns the address that stands for a caller: of IPv6 the network, whose addresses one caller has."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address) or address.is_loopback:
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> 64 << 64))
