import asyncio
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from benchmarks._client import Session
from tests.browser.conftest import launched
from tests.ui.test_restart import children, lasting
from ui.server import messages


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (BackMsg(app_heartbeat=True), True),
        (BackMsg(stop_script=True), True),
        (BackMsg(clear_cache=True), False),
        (BackMsg(load_git_info=True), False),
        (BackMsg(set_run_on_save=True), False),
        (BackMsg(debug_shutdown_runtime=True), False),
        (BackMsg(), False),
        (BackMsg(backend_operation_request={"install_skills": {}}), False),
        (BackMsg(backend_operation_request={"dataframe_chunk": {}}), True),
        (BackMsg(file_urls_request={"file_names": ["a"] * 100}), True),
        (BackMsg(file_urls_request={"file_names": ["a"] * 100_000}), False),
    ],
)
def test_what_our_pages_say_is_heard_and_nothing_else(said, heard):
    assert messages.is_heard(said) is heard


def test_what_is_no_message_is_none():
    assert messages.parsed(b"\xff\xff\xff") is None
    assert messages.parsed(None) is None
    assert messages.parsed(b"") == BackMsg()


def test_no_visitor_ends_the_jobs_of_another_by_clearing_the_caches():
    async def visit(address, server):
        async with Session(address) as one, Session(address) as other:
            await one.open("compare", dataset="ba-2motifs", graph="17", **{"with": ["subgraphx"]})
            before = children(server.pid)
            await other.open("browse", dataset="ba-2motifs")
            await other._socket.send_bytes(BackMsg(clear_cache=True).SerializeToString())
            await other.open("browse", dataset="ba-2motifs")
            assert other.errors == []
            await asyncio.sleep(2)
            working = [worker for worker in before if "jobs" in Path(f"/proc/{worker}/cmdline").read_text()]
            assert working
            assert set(working) <= set(children(server.pid))

    with launched() as (address, server):
        lasting(visit(address, server))
