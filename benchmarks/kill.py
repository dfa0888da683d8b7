"""Kills processes at random moments, and looks at what that has cost and left.

python -m benchmarks.kill [--times 50] [--seed 0]

In turn, the explorer with a job at work, `hpme bench --jobs 2`, `hpme train` and `hpme fit` are started. At a
random moment, ``kill -9`` hits the process that was started or, half of the time, one of its workers. Rows
are lost if a results file had them before; a file is half written if it cannot be read; an orphan still runs
30 s after the process that was started has ended; left over is every other file, in the folder for temporary
files, too. Where a worker is hit, the explorer must serve another session, and the benchmark must end by
itself. Linux only.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from random import Random
from time import monotonic, perf_counter, sleep
from typing import Any

import typer
from safetensors import SafetensorError, safe_open

from benchmarks._client import Session
from benchmarks.app_latency import ROOT, answers, explorer, free_port, wait
from hpme.shell.terminal import print_table

MARK = "HPME_KILL_MARK"  # a variable of all processes of one try
GRACE = 30.0  # seconds after which a process that still runs is an orphan, not one that has yet to import
PATIENCE = 60.0  # seconds for a benchmark to notice that a worker is gone
BENCH = "bench --dataset ba-2motifs --explainer degree,random --seeds 1000 --graphs 20 --jobs 2 --json"
SHELL = {
    "bench": (BENCH, 25.0),
    "train": ("train ba-2motifs --epochs 3", 12.0),
    "fit": ("fit ba-2motifs --model gin", 12.0),
}  # commands, and within how many seconds they are hit
VIEW: dict[str, str | list[str]] = {"dataset": "ba-2motifs", "with": ["pgexplainer"]}  # fitted in a job
STAY = 8.0  # seconds within which the explorer is hit once its job was asked for


@dataclass
class Outcome:
    """What one kill has cost and left."""

    what: str
    hit: str
    lost: int = 0
    half: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    wrong: str = ""
    answer: float = 0.0  # seconds that another session waited for a page meanwhile


class Try:
    """A command in a folder of its own, with everything that it starts."""

    def __init__(self, what: str, folder: Path, draws: Random) -> None:
        self.what, self.folder, self.draws = what, folder, draws
        self.mark = f"{MARK}={draws.random()}"
        for name in ("out", "home", "tmp"):
            (folder / name).mkdir(exist_ok=True)
        self.before = names(folder)

    def start(self, command: list[str]) -> None:
        """Starts the command."""
        places = {"HPME_HOME": self.folder / "home", "TMPDIR": self.folder / "tmp", "OMP_NUM_THREADS": 1}
        environment = os.environ | {name: str(value) for name, value in places.items()}
        environment |= dict([self.mark.split("=")])
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet, start_new_session=True
        )

    def strike(self) -> str:
        """Kills the process, or one of its workers; returns which."""
        workers = [
            number
            for number, command in self.running().items()
            if number != self.process.pid and "resource_tracker" not in command  # nobody misses that one
        ]
        if workers and self.draws.random() < 0.5:
            with suppress(ProcessLookupError):
                os.kill(self.draws.choice(workers), signal.SIGKILL)
            return "worker"
        self.process.kill()
        return "parent"

    def running(self) -> dict[int, str]:
        """Returns the ids of all processes of this try that run, and their commands."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it has just ended; of one that has, the variables are gone
                if self.mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                    words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
                    found[int(folder.name)] = " ".join(words).strip()
        return found

    def end(self, outcome: Outcome) -> Outcome:
        """Waits until nothing runs; notes what does so for too long, and ends that."""
        self.process.wait()
        end = monotonic() + GRACE
        while self.running() and monotonic() < end:
            sleep(0.05)
        for number, command in self.running().items():
            outcome.orphans.append(command)
            with suppress(OSError):
                os.kill(number, signal.SIGKILL)
        fresh = names(self.folder) - self.before
        outcome.half = sorted(path for path in names(self.folder) if not whole(self.folder / path))
        outcome.left = sorted(path for path in fresh if Path(path).suffix not in (".json", ".safetensors"))
        return outcome


def names(folder: Path) -> set[str]:
    """Returns all files below a folder, and empty folders of temporary files."""
    files = {path for path in folder.rglob("*") if path.is_file()}
    return {str(path.relative_to(folder)) for path in files | {*(folder / "tmp").iterdir()}}


def whole(path: Path) -> bool:
    """Returns whether a results file or weights can be read; others are not looked at."""
    try:
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf8"))
        elif path.suffix == ".safetensors":
            with safe_open(path, "pt") as file:
                [file.get_tensor(name) for name in file.keys()]  # noqa: SIM118 - it is no dict
    except (ValueError, SafetensorError):
        return False
    return True


def rows(path: Path) -> set[tuple[Any, ...]]:
    """Returns what identifies the rows of a results file."""
    if not path.exists():
        return set()
    found = json.loads(path.read_text(encoding="utf8"))["rows"]
    return {(row["explainer"], row["seed"]) for row in found}


def shell(what: str, folder: Path, draws: Random) -> Outcome:
    """Kills a command of the shell."""
    words, seconds = SHELL[what]
    attempt, out = Try(what, folder, draws), folder / "out" / "rows.json"
    known = rows(out)
    while True:
        attempt.start(
            [sys.executable, "-m", "hpme", *words.split(), *([str(out)] if what == "bench" else [])]
        )
        sleep(draws.uniform(0, seconds))
        if attempt.process.poll() is None:  # else it came too late
            break
    known |= rows(out)
    outcome = Outcome(what, attempt.strike())
    try:
        attempt.process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        outcome.wrong = f"still waits {PATIENCE:g} s after the loss of a worker"
        attempt.process.kill()
    attempt.end(outcome)
    outcome.lost = len(known - rows(out))
    return outcome


def serve(what: str, folder: Path, draws: Random) -> Outcome:
    """Kills an explorer, or its worker, while a session waits for its job."""
    attempt, port = Try(what, folder, draws), free_port()
    address = f"http://127.0.0.1:{port}"
    attempt.start(explorer(port))
    try:
        wait(lambda: answers(address))
        outcome = asyncio.run(hit_server(attempt, address))
    finally:
        attempt.process.kill()
    return attempt.end(outcome)


async def hit_server(attempt: Try, address: str) -> Outcome:
    """Opens a page that starts a job, strikes, and sees how another session fares if the server stays."""
    async with Session(address) as other, Session(address) as waiting:
        await other.open("browse", dataset="ba-2motifs")
        await waiting.open("compare", **VIEW)
        await asyncio.sleep(attempt.draws.uniform(0, STAY))
        outcome = Outcome(attempt.what, attempt.strike())
        if outcome.hit == "worker":
            begun = perf_counter()
            await other.open("browse", dataset="ba-2motifs")
            outcome.answer = perf_counter() - begun
            outcome.wrong = "; ".join(other.errors)
    return outcome


def kill(times: int, seed: int, kinds: tuple[str, ...] = ("explorer", *SHELL)) -> list[Outcome]:
    """Kills a number of times, the kinds in turn; the tries of one kind share a folder."""
    draws = Random(seed)
    with tempfile.TemporaryDirectory() as scratch:
        outcomes = []
        for what in islice(cycle(kinds), times):
            folder = Path(scratch) / what
            folder.mkdir(exist_ok=True)
            outcomes.append((serve if what == "explorer" else shell)(what, folder, draws))
    return outcomes


def main(times: int = 50, seed: int = 0) -> None:
    """Prints one row for each kind of process that was hit; exits with 1 where one cost more than it may."""
    outcomes = kill(times, seed)
    groups = sorted({(each.what, each.hit) for each in outcomes})
    table = []
    for what, hit in groups:
        group = [each for each in outcomes if (each.what, each.hit) == (what, hit)]
        table.append(
            {
                "started": what,
                "hit": hit,
                "times": len(group),
                "rows lost": sum(each.lost for each in group),
                "half written": sum(len(each.half) for each in group),
                "orphans": sum(len(each.orphans) for each in group),
                "left over": sum(len(each.left) for each in group),
                "wrong": sum(bool(each.wrong) for each in group),
                "slowest page, s": max(each.answer for each in group),
            }
        )
    print_table(table, as_json=False)
    bad = [each for each in outcomes if each.lost or each.half or each.orphans or each.wrong]
    print(*(each for each in outcomes if each in bad or each.left), sep="\n")  # noqa: T201
    raise typer.Exit(bool(bad))


if __name__ == "__main__":
    typer.run(main)
