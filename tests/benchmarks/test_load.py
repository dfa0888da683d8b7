import asyncio
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from benchmarks._client import Session
from benchmarks.load import Log, Person, memory, use
from tests.browser.conftest import launched

WORKING = """
import subprocess, sys
subprocess.run([sys.executable, "-c", "sum(range(10**7)); print(flush=True); input()"])
"""


def test_processor_time_and_memory_are_those_of_the_explorer_with_its_workers():
    before = use(os.getpid())
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", WORKING], **pipes) as explorer:
        explorer.stdout.readline()  # the worker has done its work
        now = use(explorer.pid)
        assert 0.05 < now["explorer"] < now["explorer"] + now["others"] + now["people"]
        assert now["people"] >= before["people"]
        assert memory(explorer.pid) > 10
        explorer.communicate(b"\n")


def test_two_people_at_once_do_everything_and_each_sees_their_own_graphs_alone():
    log = Log()

    async def person(address, number):
        async with Session(address) as session:
            someone = Person(number, session, log)
            for name in ("open", "pick", "next", "slide", "compare", "upload", "upload"):
                await someone.do(name)

    async def both(address):
        await asyncio.gather(*(person(address, number) for number in (0, 1)))

    # In a thread of its own: browser tests before this one leave Playwright's event loop in the main one.
    with launched() as (address, _), ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(both(address))).result()
    assert log.errors == []
    assert {name: len(times) for name, times in log.times.items()} == {
        **dict.fromkeys(("open", "next", "pick", "slide", "compare"), 2),
        "upload": 4,
    }
