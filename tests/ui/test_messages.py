import asyncio

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from benchmarks._client import Session
from tests.browser.conftest import launched
from tests.ui.test_restart import lasting, workers
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
        (BackMsg(rerun_script={"fragment_id": "0123456789abcdef"}), True),
        (BackMsg(rerun_script={"fragment_id": "a\nline that is forged"}), False),
        (BackMsg(rerun_script={"fragment_id": "a" * 1000}), False),
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


def test_nobody_gets_more_jobs_at_once_by_clearing_the_caches_of_all():
    async def visit(address, server):
        async with Session(address) as one, Session(address) as two, Session(address) as three:
            for session, seed in ((one, "0"), (two, "1"), (three, "2")):
                view = {"dataset": "ba-2motifs", "graph": "17", "with": ["subgraphx"], "seed": seed}
                await session.open("compare", **view)
                assert session.errors == []
                await session._socket.send_bytes(BackMsg(clear_cache=True).SerializeToString())
                await asyncio.sleep(1)
            assert len(workers(server.pid)) == 2

    with launched() as (address, server):
        lasting(visit(address, server))
