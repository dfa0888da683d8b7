"""The server is held to one processor; what it starts is not."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks._client import Session
from hpme import processors
from tests.browser.conftest import launched
from tests.processes import children
from ui.server import processor

LINUX = pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="no processors to choose")


@LINUX
def test_all_threads_of_the_server_have_one_processor_and_the_readers_of_files_all():
    async def visit(address):
        async with Session(address) as session:
            await session.open("upload")
            await session.upload("files", "a.smi", b"CCO ethanol")
            return session.errors

    with launched() as (address, process), ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: asyncio.run(visit(address))).result() == []
        threads = [int(path.name) for path in Path(f"/proc/{process.pid}/task").iterdir()]
        held = {frozenset(os.sched_getaffinity(number)) for number in threads}
        assert len(held) == 1
        assert len(held.pop()) == 1
        started = children(process.pid)
        assert started
        assert {frozenset(os.sched_getaffinity(child)) for child in started} == {
            frozenset(os.sched_getaffinity(0))
        }


@LINUX
@pytest.mark.parametrize("given", ["", "none", "100000"])
def test_a_variable_that_says_nothing_leaves_a_process_as_it_is(monkeypatch, given):
    monkeypatch.setenv(processors.VARIABLE, given)
    before = os.sched_getaffinity(0)
    processors.free(os.getpid())
    assert os.sched_getaffinity(0) == before
    assert processor.VARIABLE == processors.VARIABLE
