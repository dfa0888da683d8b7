"""Measures the explorer with many people at once: is it quick, does it keep them apart, does it stop growing?

python -m benchmarks.load [--sessions 20] [--seconds 300]

Each session opens a dataset, then picks, steps, slides, compares and uploads at random, with pauses, as a
person would: one to five seconds from an answer to the next action, so that twenty people ask some six times
a second. After each action, the page must be the one that this session asked for. Times are what the person
waits; on a machine with other work they say more about that work, so the processor time of an action stands
below, and how much of the machine others took meanwhile.
"""

import asyncio
import os
import subprocess
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

import typer
from numpy import percentile

from benchmarks._client import Session
from benchmarks.app_latency import ROOT, answers, explorer, free_port, wait
from hpme.shell.terminal import print_table

DATASETS = ("ba-2motifs", "ba-3motifs", "ba-house-grid", "benzene")
ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"
ACTIONS = ("next", "pick", "slide", "compare", "upload")  # once a session is open
PAUSE = (1.0, 5.0)  # seconds between two actions of a session
SAMPLES = 8  # of the memory, over the run


@dataclass
class Log:
    """Times, errors and memory of all sessions."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)  # MiB
    opened: int = 0  # actions before every session had its first page
    shares: dict[str, float] = field(default_factory=dict)  # of processors, by who used them since then
    cost: float = 0.0  # seconds of a processor that the explorer spent on an action since then


class Person:
    """One session, and what its page must show."""

    def __init__(self, number: int, session: Session, log: Log) -> None:
        self.number, self.session, self.log = number, session, log
        self.draws = Random(number)
        self.dataset = DATASETS[number % len(DATASETS)]
        self.graph = self.uploads = 0

    async def live(self, seconds: float) -> None:
        """Acts until the time is over, once the page is open."""
        end = perf_counter() + seconds
        while perf_counter() < end:
            await asyncio.sleep(self.draws.uniform(*PAUSE))
            await self.do(self.draws.choice(ACTIONS))

    async def do(self, action: str) -> None:
        """Does one action, and notes how long it took and what went wrong."""
        work: Callable[[], Awaitable[None]] = getattr(self, f"_{action}")
        start = perf_counter()
        try:
            await work()
        except (KeyError, RuntimeError, TimeoutError, OSError) as error:
            self.log.errors.append(f"session {self.number}, {action}: {error!r}")
        self.log.times[action].append(perf_counter() - start)
        self.log.errors += [f"session {self.number}, {action}: {text}" for text in self.session.errors]

    def _expect(self, words: str) -> None:
        if words not in self.session.heading:
            raise RuntimeError(f"Expected {words!r} in the heading (got {self.session.heading!r})")

    async def _open(self) -> None:
        self.graph = self.draws.randrange(100)
        await self.session.open(dataset=self.dataset, graph=str(self.graph))
        self._expect(f"graph {self.graph}?")

    async def _next(self) -> None:
        before = self.session.heading
        await self.session.click("step1")
        if self.session.heading == before:
            raise RuntimeError(f"Expected another graph (got {before!r} again)")

    async def _pick(self) -> None:
        self.graph = self.draws.randrange(900)
        await self.session.set("graph", self.graph)
        self._expect(f"graph {self.graph}?")

    async def _slide(self) -> None:
        before = self.session.heading
        await self.session.set("step", [float(self.draws.randrange(30))])
        self._expect(before)

    async def _compare(self) -> None:
        shown = self.session.heading.partition(" graph ")[2].split(" ")[0].rstrip("?")
        await self.session.open("compare")
        self._expect(f" graph {shown}?")
        await self.session.open()
        self._expect(f" graph {shown}?")

    async def _upload(self) -> None:
        await self.session.open("upload")
        name = f"of-{self.number}-no-{self.uploads}"
        await self.session.upload("files", f"{name}.smi", f"{ASPIRIN} {name}".encode())
        self.uploads += 1
        listed = [text for text in self.session.texts if text.startswith("**`of-")]
        if not listed or any(not text.startswith(f"**`of-{self.number}-") for text in listed):
            raise RuntimeError(f"Expected this session's uploads alone (got {listed})")
        await self.session.open()
        self._expect(" graph ")


def family(process: int) -> list[list[int]]:
    """Returns what /proc/PID/stat says, from field 4 on, of a process and of all that descend from it."""
    numbers: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            numbers[int(folder.name)] = [*map(int, fields[1:])]
    found = {process} & set(numbers)
    while more := {child for child, row in numbers.items() if row[0] in found} - found:
        found |= more
    return [numbers[member] for member in found]


def memory(process: int) -> float:
    """Returns the resident MiB of a process and all that descend from it."""
    return sum(row[20] for row in family(process)) * os.sysconf("SC_PAGE_SIZE") / 2**20


def ticks(process: int) -> int:
    """Returns the processor time that a process and all that descend from it have used, in ticks."""
    return sum(sum(row[10:14]) for row in family(process))


def busy() -> int:
    """Returns the processor time that the whole machine has used, in ticks."""
    user, nice, system, _, _, *others = map(int, Path("/proc/stat").read_text().split("\n")[0].split()[1:9])
    return user + nice + system + sum(others)


def use(process: int) -> dict[str, float]:
    """Returns the seconds of processors used so far by the explorer, by this program, and by all others."""
    second = os.sysconf("SC_CLK_TCK")
    explorer_, program = ticks(process) / second, sum(os.times()[:2])
    return {"explorer": explorer_, "people": program, "others": busy() / second - explorer_ - program}


async def drive(address: str, process: int, sessions: int, seconds: float) -> Log:
    """Runs all sessions at once."""
    log, end, used, start = Log(), perf_counter() + seconds, use(process), perf_counter()

    async def person(number: int) -> None:
        nonlocal used, start
        async with Session(address) as session:
            someone = Person(number, session, log)
            await someone.do("open")
            if len(log.times["open"]) == sessions:  # all that had to be loaded first is there
                used, start, log.opened = use(process), perf_counter(), sum(map(len, log.times.values()))
            await someone.live(end - perf_counter())

    async def watch() -> None:
        for _ in range(SAMPLES):
            await asyncio.sleep(seconds / SAMPLES)
            log.memory.append(memory(process))

    await asyncio.gather(watch(), *map(person, range(sessions)))
    spent = {who: now - used[who] for who, now in use(process).items()}
    log.shares = {who: value / (perf_counter() - start) for who, value in spent.items()}
    log.cost = spent["explorer"] / max(1, sum(map(len, log.times.values())) - log.opened)
    return log


def main(sessions: int = 20, seconds: float = 300) -> None:
    """Prints one row per action, the memory over time, and all errors; exits with 1 if there were any."""
    port = free_port()
    server = subprocess.Popen(explorer(port), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        wait(lambda: answers(address))
        log = asyncio.run(drive(address, server.pid, sessions, seconds))
    finally:
        server.terminate()
        server.wait()
    rows = [
        {
            "action": action,
            "times": len(times),
            "median, ms": 1000 * median(times),
            "95 % below, ms": 1000 * float(percentile(times, 95)),
        }
        for action, times in log.times.items()
    ]
    print_table(rows, as_json=False)
    shares = ", ".join(f"{who} {share:.2f}" for who, share in log.shares.items())
    print(f"Processors used, of {os.cpu_count()}: {shares}; {1000 * log.cost:.0f} ms an action")  # noqa: T201
    print("Memory, MiB:", ", ".join(f"{value:.0f}" for value in log.memory))  # noqa: T201
    print(f"Errors: {len(log.errors)}", *log.errors[:20], sep="\n")  # noqa: T201
    raise typer.Exit(bool(log.errors))


if __name__ == "__main__":
    typer.run(main)
