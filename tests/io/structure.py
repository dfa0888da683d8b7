"""Fuzz of structure: ``structure.py SECONDS FOLDER [KIND ...]``, or ``structure.py KIND NUMBER`` for one.

Grammars write files, of which the number of the input is the seed. Each kind is read in a process of its own;
one that dies, or reads for too long, is replaced, and what it read is named. What should be read is compared
with what its grammar wrote. Prints a line of JSON for each kind; what was found wrong is left in the folder.
"""

import json
import mmap
import os
import random
import signal
import struct
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import grammar_graphs
import grammar_molecules
import grammar_packed
from bounds import SECONDS, bound_memory
from test_attacks import judge
from test_dataset_attacks import judge_dataset
from truth import Case, assert_read

from hpme.box import inside
from hpme.io import read_files

GRAPHS = grammar_molecules.GRAMMARS | grammar_graphs.GRAMMARS | grammar_packed.GRAPHS
KINDS: dict[str, Callable[[random.Random], Case]] = GRAPHS | grammar_packed.DATASETS
FIELDS = struct.Struct("5q")  # number, tried, accepted, those that were true, and whether one is being read
FOUND = 20  # after so many, a kind is done
RESULTS: list[dict[str, object]] = []  # of this test run, for its summary


def written(kind: str, number: int) -> Case:
    """The input of a number."""
    return KINDS[kind](random.Random(f"{kind} {number}"))


def read(kind: str, case: Case) -> bool:
    """Whether a case is read; checks what it is read as."""
    if kind in grammar_packed.DATASETS:
        return judge_dataset(*next(iter(case.files.items())))
    if case.truths:
        assert_read(read_files(case.files), case.truths)
    return judge(case.files)


def work(kind: str, first: int, tally: mmap.mmap, folder: Path) -> None:
    """Reads inputs from a number on, and never ends."""
    inside.here = True
    bound_memory()
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    number, tried, accepted, true, _ = FIELDS.unpack(tally[:])
    for number in range(first, sys.maxsize):
        case = written(kind, number)
        tally[:] = FIELDS.pack(number, tried, accepted, true, 1)
        start = time.process_time()
        try:
            taken = read(kind, case)
            if time.process_time() - start > SECONDS:
                raise TimeoutError(f"{time.process_time() - start:.1f} s")
        except BaseException:
            (folder / f"{kind}-{number}.txt").write_text(traceback.format_exc(limit=-6))
            taken = False
        tried, accepted, true = tried + 1, accepted + taken, true + bool(case.truths)
        tally[:] = FIELDS.pack(number + 1, tried, accepted, true, 0)


def fuzz(kind: str, seconds: float, folder: Path) -> dict[str, object]:
    """Reads inputs of a kind for so many seconds; returns what came of it."""
    tally, end = mmap.mmap(-1, FIELDS.size), time.monotonic() + seconds
    tally[:] = bytes(FIELDS.size)
    while time.monotonic() < end and len([*folder.glob(f"{kind}-*.txt")]) < FOUND:
        first = FIELDS.unpack(tally[:])[0]
        child = os.fork()
        if not child:
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            try:
                work(kind, first, tally, folder)
            finally:
                os._exit(99)
        how = watch(child, tally, end)
        number, *_, busy = FIELDS.unpack(tally[:])
        if how:
            (folder / f"{kind}-{number}.txt").write_text(f"{how}{' while it was read' * busy}")
            tally[:] = FIELDS.pack(number + 1, *FIELDS.unpack(tally[:])[1:4], 0)
    _, tried, accepted, true, _ = FIELDS.unpack(tally[:])
    found = sorted(path.stem.rpartition("-")[2] for path in folder.glob(f"{kind}-*.txt"))
    return {
        "kind": kind,
        "tried": tried,
        "accepted": accepted,
        "refused": tried - accepted,
        "true": true,
        "found": found,
    }


def watch(child: int, tally: mmap.mmap, end: float) -> str:
    """Waits for a process until the time is over; returns how it died, or nothing."""
    seen, since = b"", time.monotonic()
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return f"ended with {os.waitstatus_to_exitcode(status)}"
        if tally[:] != seen:
            seen, since = tally[:], time.monotonic()
        late = time.monotonic() - since > 4 * SECONDS  # on the clock, beside others
        if (
            late
            or (time.monotonic() > end and not FIELDS.unpack(seen)[4])
            or time.monotonic() > end + 4 * SECONDS
        ):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return "too long" if late else ""
        time.sleep(0.02)


def main(seconds: float, folder: Path, kinds: list[str]) -> None:
    """Fuzzes kinds one after the other, with an equal share of the time each."""
    for kind in kinds:
        sys.stdout.write(json.dumps(fuzz(kind, seconds / len(kinds), folder)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1] in KINDS:
        inside.here = True
        one = written(sys.argv[1], int(sys.argv[2]))
        for name, content in one.files.items():
            Path(sys.argv[3] if len(sys.argv) > 3 else ".", name).write_bytes(content)
        print(one.truths, read(sys.argv[1], one))  # noqa: T201
    else:
        main(float(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:] or [*KINDS])
