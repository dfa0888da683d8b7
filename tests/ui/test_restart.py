import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks._client import Session
from tests.browser.conftest import ROOT, launched
from tests.processes import children, command

VIEW = {"dataset": "ba-2motifs", "graph": "17", "with": ["saliency", "gnnexplainer"], "seed": "2"}


def workers(process):
    """Ids of the processes that do jobs for a server; one that reads files is always there, too."""
    return [child for child in children(process) if "jobs/worker" in command(child)]


def files():
    """The explorer's own files, and when they were written."""
    folders = [path for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")]
    listed = [path for folder in [ROOT, *folders] for path in folder.glob("**/*" if folder != ROOT else "*")]
    return {path: path.stat().st_mtime_ns for path in listed if path.is_file() and path.suffix != ".pyc"}


def lasting(coroutine):
    """What a coroutine gives, once it has ended."""
    # In a thread of its own: the browser tests before this one leave Playwright's event loop in the main one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(coroutine)).result()


def heading(address, page, view):
    async def opened():
        async with Session(address) as session:
            await session.open(page, **view)
            assert session.errors == []
            return session.heading

    return lasting(opened())


async def visit(address, name):
    """A session that brings a graph of that name, looks at every page and leaves."""
    graph = {
        "graph": {"name": name},
        "nodes": [{"id": name}, {"id": 1}],
        "edges": [{"source": name, "target": 1}],
    }
    async with Session(address) as session:
        for page in ("", "browse", "compare", "tour", "upload"):
            await session.open(page, **VIEW)
            assert session.errors == []
        await session.upload("files", f"{name}.json", json.dumps(graph).encode())
        assert any(name in text for text in session.texts)
        assert session.errors == []


def test_nothing_of_a_session_stays_on_disk_after_it(tmp_path):
    own = files()
    with launched(TMPDIR=str(tmp_path), HOME=str(tmp_path)) as (address, _):
        lasting(visit(address, "okapi-one"))
        first = {path for path in tmp_path.rglob("*") if path.is_file()}
        lasting(visit(address, "okapi-two"))
        second = {path for path in tmp_path.rglob("*") if path.is_file()}
        assert second == first  # the first one leaves what libraries generate once for all
        assert not [path for path in second if b"okapi" in path.read_bytes()]
    assert files() == own


def test_a_killed_server_leaves_no_file_behind_and_the_address_shows_the_same_view_again():
    before = files()
    with launched() as (address, server):
        for graph in range(17, 27):  # until one is caught whose explainer is still at work
            view = VIEW | {"graph": str(graph)}
            seen = heading(address, "compare", view)
            if at_work := workers(server.pid):
                break
        assert at_work, "GNNExplainer should be at work"
        working = children(server.pid)
        server.kill()
        server.wait()
        end = time.monotonic() + 60
        while any(Path(f"/proc/{process}").exists() for process in working):
            assert time.monotonic() < end, "the job outlived its server"
            time.sleep(0.1)
    assert files() == before
    with launched() as (address, _):
        assert heading(address, "compare", view) == seen
        assert f"graph {graph}?" in seen
