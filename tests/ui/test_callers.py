import asyncio

import pytest

from ui.server.callers import TRUSTED, Callers, whole_network


def counted(client, **headers):
    """The address that counts for a call from an address, with headers."""
    heard = []

    async def app(scope, receive, send):
        heard.append(scope["client"][0])

    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(Callers(app)({"type": "http", "client": client, "headers": pairs}, None, None))
    return heard[0]


@pytest.mark.parametrize(
    ("address", "counts"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::1", "::1"),
        ("testclient", "testclient"),
    ],
)
def test_of_ipv6_the_network_counts(address, counts):
    assert whole_network(address) == counts


def test_a_forwarded_address_counts_only_where_the_operator_says_whose_is_believed(monkeypatch):
    monkeypatch.delenv(TRUSTED, raising=False)
    assert counted(("203.0.113.7", 0)) == "203.0.113.7"
    assert counted(("203.0.113.7", 0), x_forwarded_for="203.0.113.7") == "127.0.0.1"
    assert counted(None) == "127.0.0.1"
    monkeypatch.setenv(TRUSTED, "127.0.0.1")
    assert counted(("203.0.113.7", 0), x_forwarded_for="203.0.113.7") == "203.0.113.7"
