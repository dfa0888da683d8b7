"""Uploads files that are made to crash, to hang or to take memory, while another session goes on.

python -m benchmarks.hostile

For each file it says how long the sentence took, how long the other session waited for a graph at worst
meanwhile, and by how many MiB the server and its processes grew at their peak.
"""

import asyncio
import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter
from typing import Any

import numpy as np
import typer
from safetensors.numpy import save

from benchmarks._client import Session
from benchmarks.app_latency import ROOT, answers, explorer, free_port, wait
from benchmarks.load import memory
from hpme.shell.terminal import print_table

PRIME = 2**61 - 1  # Python's hash of its multiples is 0


def molfile(atoms: int, bonds: list[tuple[int, int]], kind: int = 8, symbol: str = "*") -> bytes:
    """Returns a molfile (V3000)."""
    rows = [f"M  V30 {i} {symbol} {i} 0 0 0" for i in range(1, atoms + 1)]
    links = [f"M  V30 {i} {kind} {u + 1} {v + 1}" for i, (u, v) in enumerate(bonds, 1)]
    lines = ["", "", "", "  0  0  0     0  0            999 V3000", "M  V30 BEGIN CTAB"]
    lines += [f"M  V30 COUNTS {atoms} {len(bonds)} 0 0 0", "M  V30 BEGIN ATOM", *rows, "M  V30 END ATOM"]
    lines += ["M  V30 BEGIN BOND", *links, "M  V30 END BOND", "M  V30 END CTAB", "M  END", ""]
    return "\n".join(lines).encode()


def complete(atoms: int) -> bytes:
    """Returns a molfile in which every atom is bound to every other one."""
    return molfile(atoms, [(i, j) for i in range(atoms) for j in range(i + 1, atoms)])


def grid(side: int) -> bytes:
    """Returns a molfile of a square lattice."""
    rows = [(i * side + j, i * side + j + 1) for i in range(side) for j in range(side - 1)]
    return molfile(side * side, rows + [(i, i + side) for i in range(side * (side - 1))])


def archive(**files: bytes) -> bytes:
    """Returns a zip of a folder called a."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(f"a/{name.replace('__', '/')}", content)
    return file.getvalue()


def storage(key: bytes) -> bytes:
    """Returns the opcodes of a reference to a storage."""
    return b"(X\7\0\0\0storagectorch\nFloatStorage\n" + key + b"X\3\0\0\0cpuK\x01tQ"


def pickled(script: bytes, **storages: bytes) -> bytes:
    """Returns a ``.pt`` file of opcodes."""
    return archive(**{"data.pkl": b"\x80\x02" + script + b"."}, **storages)


def integers() -> bytes:
    """Returns the opcodes of a dict whose keys all have one hash."""
    keys = ((k * PRIME).to_bytes(12, "little") for k in range(1, 200_001))
    return b"}(" + b"".join(b"\x8a\x0c" + key + b"K\x01" for key in keys) + b"u"


def nodes_of_one_hash() -> bytes:
    """Returns JSON whose ids all have one hash."""
    ids = [k * PRIME for k in range(1, 20_001)]
    edges = [{"source": ids[-1 - i % 9_999], "target": ids[-10_001 + i % 9_000]} for i in range(90_000)]
    return json.dumps({"nodes": [{"id": name} for name in ids], "edges": edges}).encode()


def texts(columns: int = 1, label: str = "0.5") -> bytes:
    """Returns a zip in the text format of the TU collection: 20,000 nodes, and one label of a graph."""
    nodes = "".join(", ".join([str(i % 1000)] * columns) + "\n" for i in range(20_000))
    return archive(
        **{
            "a_A.txt": b"1, 2\n2, 1\n",
            "a_graph_indicator.txt": "".join(f"{1 + i // 1000}\n" for i in range(20_000)).encode(),
            "a_graph_attributes.txt": "".join(f"{label if i == 3 else i / 7}\n" for i in range(20)).encode(),
            "a_node_labels.txt": nodes.encode(),
        }
    )


def arrays(label: float) -> bytes:
    """Returns a packed dataset of 20 pairs of nodes, and one label."""
    file, labels = io.BytesIO(), [label, *(i / 7 for i in range(19))]
    ptr, edges = 2 * np.arange(21), np.tile(np.array([[0, 1], [1, 0]]), 20)
    np.savez(file, x=np.ones((40, 1), np.float32), edge_index=edges, nptr=ptr, eptr=ptr, y=np.array(labels))
    return file.getvalue()


GRAPHS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "complete graph of 60 aromatic atoms": ("k.sdf", lambda: complete(60)),
    "complete graph of 100 aromatic atoms": ("k.mol", lambda: complete(100)),
    "lattice of 3,600 aromatic atoms": ("k.sdf", lambda: grid(60)),
    "chain of 100,000 atoms": ("k.sdf", lambda: molfile(100_000, [(i, i + 1) for i in range(99_999)], 1)),
    "cage of 20 carbons, each bound to all": ("k.sdf", lambda: complete(20).replace(b" * ", b" C ")),
    "pickle: nested key, 26 deep": ("a.pt", lambda: pickled(storage(b"K\x01" + b"2\x86" * 26))),
    "pickle: nested key, 60 deep": ("a.pt", lambda: pickled(storage(b"K\x01" + b"2\x86" * 60))),
    "pickle: a storage named 350 times": (
        "a.pt",
        lambda: pickled(b"](" + storage(b"X\1\0\0\0" + b"0") * 350 + b"e", data__0=bytes(19_000_000)),
    ),
    "pickle: 200,000 keys of one hash": ("a.pt", lambda: pickled(integers())),
    "pickle: number of 40,000 bits": (
        "a.pt",
        lambda: pickled(
            b"}X\x09\0\0\0num_nodes\x8b"
            + (5001).to_bytes(4, "little")
            + (1 << 39_999).to_bytes(5001, "little")
            + b"s"
        ),
    ),
    "JSON: 20,000 ids of one hash": ("a.json", nodes_of_one_hash),
    "safetensors: U64 beyond int64": (
        "a.safetensors",
        lambda: save({"edge_index": np.array([[0], [2**63]], dtype=np.uint64)}),
    ),
}
DATASETS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "TU: 10 columns of 1,000 kinds": ("a.zip", lambda: texts(10)),
    "TU: 40 columns of 1,000 kinds": ("a.zip", lambda: texts(40)),
    "TU: 500 columns of 1,000 kinds": ("a.zip", lambda: texts(500)),
    "TU: a label of 1e20": ("a.zip", lambda: texts(label="1e20")),
    "npz: a label of 1e20": ("a.npz", lambda: arrays(1e20)),
}


class Attack:
    """Two sessions: one uploads a file, one steps through graphs.

    Args:
        address: Where the explorer listens.
        process: Its process.
    """

    def __init__(self, address: str, process: int) -> None:
        self.address, self.process = address, process
        self.waits: list[float] = []  # of the other session, in seconds
        self.before = self.peak = memory(process)

    async def run(self, name: str, content: bytes, *, dataset: bool) -> dict[str, Any]:
        """Uploads a file; returns the sentences that the page shows, and the figures."""
        async with Session(self.address) as attacker, Session(self.address) as other:
            await other.open(dataset="ba-2motifs")
            await self._open(attacker, dataset)
            beside = [asyncio.create_task(work(other)) for work in (self._step, self._watch)]
            await asyncio.sleep(0.5)
            start = perf_counter()
            await attacker.upload("own_file" if dataset else "files", name, content)
            if dataset:
                await attacker.click("own_read")
            seconds = perf_counter() - start
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await other.open(dataset="ba-2motifs")  # it is still served
            return {
                "s": seconds,
                "other waits, s": max(self.waits, default=seconds),
                "MiB more": self.peak - self.before,
                "says": "\n".join(attacker.plain),
                "errors": [*attacker.errors, *other.errors],
            }

    async def _open(self, session: Session, dataset: bool) -> None:
        await session.open("upload", upload="A whole dataset" if dataset else "Graphs")

    async def _step(self, session: Session) -> None:
        while True:
            start = perf_counter()
            await session.click("step1")
            self.waits.append(perf_counter() - start)
            await asyncio.sleep(0.1)

    async def _watch(self, _: Session) -> None:
        while True:
            self.peak = max(self.peak, memory(self.process))
            await asyncio.sleep(0.05)


def main() -> None:
    """Prints a row for each file; exits with 1 if the server or a page broke."""
    port = free_port()
    server = subprocess.Popen(explorer(port), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address, rows, broken = f"http://127.0.0.1:{port}", [], False
    try:
        wait(lambda: answers(address))
        asyncio.run(Attack(address, server.pid).run("a.smi", b"CCO", dataset=False))  # all is imported
        for files, dataset in ((GRAPHS, False), (DATASETS, True)):
            for title, (name, make) in files.items():
                content, row = make(), {"file": title}
                with suppress(RuntimeError, OSError):
                    row |= asyncio.run(Attack(address, server.pid).run(name, content, dataset=dataset))
                broken |= server.poll() is not None or bool(row.pop("errors", ["no answer"]))
                row["says"] = next(
                    (line for line in row.get("says", "").splitlines() if "xpected" in line), ""
                )
                rows.append(row | {"bytes": len(content)})
    finally:
        server.terminate()
        server.wait()
    print_table(rows, as_json=False)
    raise typer.Exit(broken)


if __name__ == "__main__":
    typer.run(main)
