import asyncio
import gzip

import pytest
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response

from ui.server import compressed
from ui.server.compressed import FOREVER, Compressed

TEXT = "const one = 1;\n" * 500
HASHED = "/_stcore/bidi-components/hpme.trio/trio.0123456789abcdef.js"
ANSWERS = {
    "/static/font": Response(b"0" * 5000, media_type="font/woff2"),
    "/static/none.js": PlainTextResponse(TEXT, 404),
}


async def answer(scope, receive, send):
    default = PlainTextResponse(TEXT, media_type="application/javascript")
    await ANSWERS.get(scope["path"], default)(scope, receive, send)


def get(server, path, accepted="gzip, br"):
    """Headers and body of the answer to a browser that takes what is named."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "headers": [(b"accept-encoding", accepted.encode())],
    }
    asyncio.run(server(scope, None, send))
    return Headers(raw=sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent[1:])


@pytest.fixture
def server():
    return Compressed(answer)


def test_scripts_are_compressed_once_for_those_who_take_them_so(server, monkeypatch):
    times, pack = [], gzip.compress

    def counted(body, mtime):
        times.append(len(body))
        return pack(body, mtime=mtime)

    monkeypatch.setattr(compressed.gzip, "compress", counted)
    for _ in range(2):
        headers, body = get(server, "/static/js/index.js")
        assert headers["content-encoding"] == "gzip"
        assert int(headers["content-length"]) == len(body) < len(TEXT) / 10
        assert gzip.decompress(body).decode() == TEXT
    assert times == [len(TEXT)]
    headers, body = get(server, "/static/js/index.js", "identity")
    assert "content-encoding" not in headers
    assert body.decode() == TEXT
    assert headers["vary"].lower() == "accept-encoding"


@pytest.mark.parametrize("path", ["/media/file.js", "/", "/static/font", "/static/none.js"])
def test_what_users_bring_what_is_packed_already_and_refusals_stay_as_they_are(server, path):
    assert "content-encoding" not in get(server, path)[0]


def test_only_files_with_a_hash_in_their_name_are_kept_by_browsers(server):
    assert get(server, HASHED)[0]["cache-control"] == FOREVER
    assert "cache-control" not in get(server, "/static/js/index.js")[0]
