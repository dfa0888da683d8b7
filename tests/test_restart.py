import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks._client import Session
from tests.browser.conftest import ROOT, launched

VIEW = {"dataset": "ba-2motifs", "graph": "17", "with": ["saliency", "gnnexplainer"], "seed": "2"}


def children(process):
    """Ids of the processes that a process has started and that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue  # it has just ended
        if int(parent) == process and state != "Z":
            found.append(int(stat.parent.name))
    return found


def files():
    """The explorer's own files, and when they were written."""
    folders = [path for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")]
    found = [path for folder in [ROOT, *folders] for path in folder.glob("**/*" if folder != ROOT else "*")]
    return {path: path.stat().st_mtime_ns for path in found if path.is_file() and path.suffix != ".pyc"}


def heading(address, page):
    async def opened():
        async with Session(address) as session:
            await session.open(page, **VIEW)
            assert session.errors == []
            return session.heading

    # In a thread of its own: the browser tests before this one leave Playwright's event loop in the main one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(opened())).result()


def test_a_killed_server_leaves_no_file_behind_and_the_address_shows_the_same_view_again():
    before = files()
    with launched() as (address, server):
        seen = heading(address, "compare")
        working = children(server.pid)
        assert working, "GNNExplainer should be at work"
        server.kill()
        server.wait()
        end = time.monotonic() + 60
        while any(Path(f"/proc/{process}").exists() for process in working):
            assert time.monotonic() < end, "the job outlived its server"
            time.sleep(0.1)
    assert files() == before
    with launched() as (address, _):
        assert heading(address, "compare") == seen
        assert "graph 17" in seen
