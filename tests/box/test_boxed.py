"""A call in a box ends as the function does, or in a sentence; nothing of it reaches this process."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from hpme import box
from hpme.classifiers import load_classifier_bytes
from hpme.io import open_files, paired, read_files, read_graphs, sniff
from hpme.limits import BoxLimits
from hpme.own_data import label_columns, read_dataset

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["split", "waiting"])
def way(request: pytest.FixtureRequest) -> None:
    """A program of one thread splits itself; one of several has a process that waits."""
    if request.param == "split":
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading, "active_count", lambda: 2)
        yield


@box.boxed(BoxLimits())
def give(value: object) -> object:
    return value, os.getpid()


@box.boxed(BoxLimits())
def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


@box.boxed(BoxLimits())
def leave() -> None:
    os._exit(3)


@box.boxed(BoxLimits(seconds=1))
def spin() -> None:
    while True:
        pass


@box.boxed(BoxLimits(wall=1))
def sleep() -> None:
    time.sleep(100)


@box.boxed(BoxLimits(memory=1 << 28))
def eat() -> None:
    taken = []
    while True:
        taken.append(bytes(10**7))


@box.boxed(BoxLimits(memory=1 << 28))
def eat_tensors() -> None:
    torch.ones(1 << 30)


@box.boxed(BoxLimits(output=10**6))
def write() -> bytes:
    return bytes(10**7)


@box.boxed(BoxLimits())
def fail() -> None:
    raise KeyError("the cause")


@box.boxed(BoxLimits())
def refuse(words: str) -> None:
    raise ValueError(words)


@box.boxed(BoxLimits())
def nest() -> int:
    return give(None)[1]


@box.boxed(BoxLimits(at_once=2))
def rest() -> tuple[float, float]:
    began = time.monotonic()
    time.sleep(0.5)
    return began, time.monotonic()


pytestmark = [
    pytest.mark.skipif(not box.AVAILABLE, reason="no box on this system"),
    pytest.mark.usefixtures("way"),
]


def test_a_result_comes_back_from_another_process():
    tensor = torch.arange(6).reshape(2, 3).t()
    (value, process) = give({"a": [tensor], "b": "text"})
    assert process != os.getpid()
    assert torch.equal(value["a"][0], tensor)
    value["a"][0][0, 0] = 5  # a tensor like any other
    assert nest() not in (os.getpid(), process)


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (crash, "on which its reader failed"),
        (leave, "on which its reader failed"),
        (spin, "within 1 s of a processor (got one that takes longer)"),
        (sleep, "within 1 s (got one that takes longer)"),
        (eat, "within 0.25 GiB of memory (got one that takes more)"),
        (eat_tensors, "within 0.25 GiB of memory (got one that takes more)"),
        (write, "at most 0.00093 GiB (got one that holds more)"),
        (fail, "on which its reader failed"),
    ],
)
def test_whatever_happens_in_a_box_is_one_sentence_here(work, words):
    with pytest.raises(ValueError, match=r"^Expected .*; ") as caught:
        work()
    assert words in str(caught.value)
    assert give(1)[0] == 1  # the next call is not concerned
    if work is fail:
        assert "KeyError: 'the cause'" in caught.value.__notes__[0]


def test_a_refusal_is_as_the_function_says_it():
    with pytest.raises(ValueError, match="Expected this") as caught:
        refuse("Expected this")
    assert caught.value.args == ("Expected this",)


def test_only_so_many_boxes_are_open_at_one_time():
    with ThreadPoolExecutor(4) as threads:
        spans = [future.result() for future in [threads.submit(rest) for _ in range(4)]]
    assert max(sum(began <= moment < ended for began, ended in spans) for moment, _ in spans) == 2


@pytest.mark.parametrize(
    ("work", "given"),
    [
        (read_graphs, (b"CCO", "a.smi")),
        (read_files, ({"a.smi": b"CCO"},)),
        (open_files, ({"a.smi": b"CCO"},)),
        (paired, ({"a.smi": b"CCO"},)),
        (sniff, (b"CCO", "a.smi")),
        (read_dataset, (b"smiles,y\nC,1\n", "a.csv")),
        (label_columns, (b"smiles,y\nC,1\n", "a.csv")),
        (load_classifier_bytes, (b"no weights", None)),
    ],
)
def test_readers_of_what_users_bring_run_in_a_box(work, given, monkeypatch):
    called = []
    monkeypatch.setattr(box, "_call", lambda *_: called.append(work) or [])
    with contextlib.suppress(ValueError, TypeError):  # nothing comes back
        work(*given)
    assert called


def _alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@box.boxed(BoxLimits(seconds=60))
def write_and_spin(path: str) -> None:
    Path(path).write_text(str(os.getpid()))
    while True:
        pass


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc to look in")
def test_a_box_ends_with_the_program_that_opened_it(tmp_path, request):
    threads = "patch(threading.Thread(target=time.sleep, args=(60,), daemon=True))"
    waiting = "waiting" in request.node.callspec.id
    script = (
        "import threading, time, sys\n"
        f"sys.path[:0] = [{str(ROOT)!r}, {str(Path(__file__).parent)!r}]\n"
        "import test_boxed\n"
        f"patch = lambda thread: thread.start()\n{threads if waiting else ''}\n"
        f"test_boxed.write_and_spin({str(tmp_path / 'pid')!r})\n"
    )
    program = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    end = time.monotonic() + 60
    while not ((tmp_path / "pid").exists() and (tmp_path / "pid").read_text()) and time.monotonic() < end:
        time.sleep(0.05)
    process = int((tmp_path / "pid").read_text())
    assert _alive(process)
    program.kill()
    program.wait()
    end = time.monotonic() + 5
    while _alive(process) and time.monotonic() < end:
        time.sleep(0.05)
    assert not _alive(process)
