"""Files of 26 November 2026 that killed or froze the server, uploaded as a browser uploads them."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks.hostile import DATASETS, GRAPHS, Attack
from tests.browser.conftest import launched

READ = "cage of 20 carbons, each bound to all"  # odd, but a graph


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, int]]:
    with launched() as (address, process):
        yield address, process.pid


@pytest.mark.parametrize("title", [*GRAPHS, *DATASETS])
def test_it_ends_in_a_sentence_and_another_session_is_served_meanwhile(server, title):
    name, make = (GRAPHS | DATASETS)[title]
    attack = Attack(*server).run(name, make(), dataset=title in DATASETS)
    with ThreadPoolExecutor(
        1
    ) as thread:  # browser tests before this one leave their event loop in the main one
        row = thread.submit(lambda: asyncio.run(attack)).result()
    assert row["errors"] == []
    assert title == READ or "Expected " in row["says"]
    assert row["s"] < 30  # 5 s of a processor
    assert row["other waits, s"] < 10  # python -m benchmarks.hostile says how long on a quiet machine
    assert row["MiB more"] < 1200  # at most 1 GiB of them in the box, which comes with what it shares
