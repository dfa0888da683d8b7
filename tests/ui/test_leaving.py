import asyncio

from benchmarks._client import Session
from tests.browser.conftest import launched
from tests.ui.test_restart import lasting

GRAPH = b'{"nodes": [{"id": 0}, {"id": 1}], "edges": [{"source": 0, "target": 1}]}'
KEPT = "Your graphs in this session: 1"


async def look(address, name="", bring=False):
    """Opens the upload page, in an earlier session if it is there; returns its name and if it has a graph."""
    async with Session(address, name=name) as session:
        await session.open("upload")
        if bring:
            await session.upload("files", "pair.json", GRAPH)
        assert session.errors == []
        return session.name, any(KEPT in text for text in session.texts)


def test_a_browser_that_comes_back_in_time_finds_its_session_however_often_and_a_late_one_a_new_one():
    async def blink(address):
        name, kept = await look(address, bring=True)
        assert kept
        for _ in range(4):
            await asyncio.sleep(2.5)
            assert await look(address, name) == (name, True)
        await asyncio.sleep(6.5)
        late, kept = await look(address, name)
        assert late != name
        assert not kept

    with launched(STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL="6") as (address, _):
        lasting(blink(address))
