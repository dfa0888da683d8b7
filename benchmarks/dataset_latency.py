"""Measures the time and memory of reading the largest dataset of each kind.

python -m benchmarks.dataset_latency

Writes a file of each kind that holds as much as `hpme.limits.DATASET_LIMITS` allows, reads it in a process of
its own, and prints the file's size, the seconds of a core, and how much the process grew at its peak.
"""

import io
import json
import zipfile
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from time import process_time

import numpy as np

from hpme.box import inside
from hpme.datasets.molecules import bundled_smiles
from hpme.limits import DATASET_LIMITS
from hpme.own_data import read_dataset
from hpme.shell.terminal import print_table

GRAPHS = DATASET_LIMITS.graphs
NODES = DATASET_LIMITS.nodes // GRAPHS  # of a graph
STEPS = DATASET_LIMITS.edges // DATASET_LIMITS.nodes // 2  # to each side, a node's neighbours on a ring


def ring() -> np.ndarray:
    """Returns the edges ``[2, E]`` of a graph as large as the limits allow on average, in both directions."""
    one = [(u, (u + step) % NODES) for step in range(1, STEPS + 1) for u in range(NODES)]
    return np.array(sorted(one + [(v, u) for u, v in one])).T


def table(count: int = GRAPHS) -> bytes:
    """Returns a table of the SMILES of so many real molecules, repeated where there are no more."""
    smiles = islice(cycle(bundled_smiles()), count)
    return "\n".join(["smiles,label", *(f"{text},{i % 2}" for i, text in enumerate(smiles))]).encode()


def lines() -> bytes:
    """Returns lines of node-link graphs with two features."""
    edges = [{"source": u, "target": v} for u, v in ring().T.tolist() if u < v]
    graph = {"nodes": [{"id": k, "x": [1.0, 2.0]} for k in range(NODES)], "edges": edges}
    return "\n".join(json.dumps({"y": i % 2} | graph) for i in range(GRAPHS)).encode()


def texts() -> bytes:
    """Returns a zip of the TU text format, with labels of nodes."""
    first = NODES * np.arange(GRAPHS)[:, None, None] + 1
    ends = (ring()[None] + first).transpose(0, 2, 1).reshape(-1, 2)
    parts = {
        "A": "\n".join(f"{u}, {v}" for u, v in ends.tolist()),
        "graph_indicator": "\n".join(str(i + 1) for i in range(GRAPHS) for _ in range(NODES)),
        "graph_labels": "\n".join(str(i % 2) for i in range(GRAPHS)),
        "node_labels": "\n".join(str(i % 3) for i in range(GRAPHS * NODES)),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(f"LARGE_{name}.txt", text)
    return buffer.getvalue()


def arrays() -> bytes:
    """Returns packed arrays."""
    edges, buffer = ring(), io.BytesIO()
    np.savez(
        buffer,
        x=np.zeros(NODES * GRAPHS, np.uint8),
        edge_index=np.tile(edges, GRAPHS).astype(np.uint8),
        nptr=NODES * np.arange(GRAPHS + 1),
        eptr=edges.shape[1] * np.arange(GRAPHS + 1),
        y=np.arange(GRAPHS) % 2,
    )
    return buffer.getvalue()


KINDS = {"csv": table, "jsonl": lines, "zip": texts, "npz": arrays}


def measure(kind: str, content: bytes) -> tuple[int, float, float]:
    """Returns graphs read, seconds of a core, and MB by which this process grew at its peak."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
    before = peak()
    inside.here = True  # what is measured is this process
    start = process_time()
    graphs = len(read_dataset(content, f"large.{kind}").graphs)
    return graphs, process_time() - start, peak() - before


def peak() -> float:
    """Returns the peak memory of this process in MB, on Linux."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024 / 1e6


if __name__ == "__main__":
    rows = []
    for name, write in KINDS.items():
        file = write()
        with get_context("spawn").Pool(1) as pool:
            count, took, grew = pool.apply(measure, (name, file))
        row = {"kind": name, "MB": len(file) / 1e6, "graphs": count, "s of a core": took, "MB more": grew}
        rows.append(row)
    print_table(rows, as_json=False)
