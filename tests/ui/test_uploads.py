import asyncio
import time
from contextlib import suppress
from pathlib import Path

import pytest
from aiohttp import WSMsgType

from benchmarks._client import Session
from hpme.limits import LIMITS, UPLOAD_LIMITS
from tests.browser.conftest import launched
from tests.ui.calls import call
from tests.ui.test_restart import lasting

TOKEN = {"Authorization": "Bearer token"}
MB = 10**6
GRAPH = b'{"nodes": [{"id": 0}, {"id": 1}], "edges": [{"source": 0, "target": 1}]}'


@pytest.fixture(scope="module")
def quick():
    """Address and process of an explorer that gives up soon on browsers that have left, and shows metrics."""
    with launched(HPME_METRICS="token", STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL="2") as (address, process):
        yield address, process


def held(address):
    """Bytes of uploaded files that the server holds, from its metrics, which are up to 5 s old."""
    time.sleep(5.5)
    lines = call(address, "/_stcore/metrics", **TOKEN)[1].splitlines()
    return sum(float(line.split()[-1]) for line in lines if "UploadedFileManager" in line)


def memory(process):
    """Resident bytes of a process."""
    return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * 4096


async def ended(session):
    """Waits until the server has ended a websocket."""
    with suppress(RuntimeError):
        while True:
            await session._receive()


async def refusals(session, count, size):
    """What became of some files brought for no box: the sentences of those that were not taken."""
    sentences = []
    for number in range(count):
        try:
            await session.put(f"{number}.json", GRAPH.ljust(size))
        except RuntimeError as error:
            sentences.append(str(error))
    return sentences


def test_sixty_files_of_ten_megabytes_are_not_all_taken_and_what_was_is_freed_when_the_browser_leaves(quick):
    address, process = quick

    async def attack():
        async with Session(address) as session:
            await session.open("upload")
            before = memory(process)
            sentences = await refusals(session, 60, 10 * MB)
            assert (
                len(sentences) == 60 - UPLOAD_LIMITS.session_bytes // (10 * MB) + 1
            )  # a form is some bytes more
            assert "got status 413: Expected at most 200 files of 50 MB in all in a session" in sentences[0]
            assert memory(process) - before < 120 * MB
            await session.open("upload")
            assert session.errors == []

    lasting(attack())
    assert held(address) == 0


def test_no_session_of_an_address_takes_more_than_the_address_may(quick):
    address, _ = quick

    async def attack():
        sessions = [Session(address) for _ in range(7)]
        counts = []
        for session in sessions:
            await session.__aenter__()
            await session.open("upload")
            counts.append(4 - len(await refusals(session, 4, 10 * MB)))
        for session in sessions:
            await session.__aexit__(None, None, None)
        assert sum(counts) == 24
        assert counts[0] == 4

    lasting(attack())
    assert held(address) == 0


def test_a_made_up_address_has_no_room_of_its_own(quick):
    address, _ = quick
    caller = {"X-Forwarded-For": "203.0.113.7"}

    async def bring():
        async with Session(address, headers=caller) as session:
            await session.open("upload")
            assert await refusals(session, 1, MB) == []

    lasting(bring())


def test_one_who_brings_files_lot_by_lot_is_never_refused(quick):
    address, _ = quick

    async def bring():
        async with Session(address) as session:
            await session.open("upload")
            for turn in range(8):
                await session.upload("files", f"{turn}.json", GRAPH.ljust(LIMITS.bytes - 1000))
                assert session.errors == []

    lasting(bring())


def test_a_page_that_speaks_no_protocol_is_left_without_a_word_in_the_log(tmp_path):
    async def speak(address):
        for said in ((b"\xff\xff\xff", WSMsgType.BINARY), (b"text", WSMsgType.TEXT)):
            async with Session(address) as session:
                await session.open("upload")
                await session._socket._writer.send_frame(*said)
                await ended(session)

    with launched(log=tmp_path / "log") as (address, _):
        lasting(speak(address))
        assert "Traceback" not in (tmp_path / "log").read_text()


def test_a_file_that_ends_after_its_session_is_not_kept(quick):
    address, _ = quick

    async def slow():
        yield b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n' + b"x" * MB
        await asyncio.sleep(5)
        yield b"\r\n--x--\r\n"

    async def bring():
        async with Session(address) as session:
            await session.open("upload")
            path = (await session._file_urls("a")).upload_url
            headers = {"Content-Type": "multipart/form-data; boundary=x"} | await session._xsrf()
            sending = asyncio.create_task(session._http.put(address + path, data=slow(), headers=headers))
            await asyncio.sleep(1)
            await session._socket.close()
            assert (await sending).status in (204, 400)

    lasting(bring())
    assert held(address) == 0
