"""Files of 26 November 2026 that killed or froze the server, uploaded as a browser uploads them."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from benchmarks.hostile import DATASETS, GRAPHS, Attack
from tests.browser.conftest import launched


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, int]]:
    with launched() as (address, process):
        uploaded(Attack(address, process.pid).run("a.smi", b"CCO", dataset=False))  # all is imported
        yield address, process.pid


def uploaded(attack: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any]:
    """What comes of it, in a thread of its own: browser tests leave their event loop in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(attack)).result()


@pytest.mark.parametrize("title", [*GRAPHS, *DATASETS])
def test_it_ends_in_a_sentence_and_another_session_is_served_meanwhile(server, title):
    name, make = (GRAPHS | DATASETS)[title]
    row = uploaded(Attack(*server).run(name, make(), dataset=title in DATASETS))
    assert row["errors"] == []
    assert "Expected " in row["says"]
    assert row["s"] < 30  # 5 s of a processor
    assert row["other waits, s"] < 10  # python -m benchmarks.hostile says how long on a quiet machine
    assert row["MiB more"] < 1200  # at most 1 GiB of them in the box, which comes with what it shares
