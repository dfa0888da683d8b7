"""Coverage-guided fuzz of the readers: ``python fuzzing.py SECONDS FOLDER [READER ...]``.

Each has a process of its own. Prints a line of JSON for each; the input that crashes it and the log of the
fuzzer are left in the folder. A status that is not 0 is a crash: 70 for an input that takes too long.
"""

import io
import json
import mmap
import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from bounds import SECONDS, bound_memory

READERS = (
    "json",
    "graphml",
    "gexf",
    "gml",
    "net",
    "gv",
    "mtx",
    "csv",
    "tables",
    "smi",
    "txt",
    "sdf",
    "mol",
    "mol2",
    "inchi",
    "pt",
    "safetensors",
    "zip",
)
DATASETS = ("csv dataset", "jsonl dataset", "json dataset", "zip dataset", "npz dataset")
DATASETS += ("json nodes", "graphml nodes")  # one graph each
TU = (
    "A",
    "graph_indicator",
    "graph_labels",
    "node_labels",
    "node_attributes",
    "graph_attributes",
    "edge_labels",
)
ARRAYS = ("x", "edge_index", "nptr", "eptr", "y", "node_gt", "edge_gt", "bond_type", "edge_attr")
CUT = b"\n\n"  # between the files of an archive
LONGEST = 4096  # bytes of an input
TALLY = "tried", "refused", "accepted"
RESULTS: dict[str, dict[str, int]] = {}  # of this test run, for its summary


def wrap(reader: str, data: bytes) -> dict[str, bytes]:
    """The files that an input stands for; what guards a container, lengths and checksums, is made to fit."""
    from test_attacks import pickled, zipped

    if reader == "tables":
        nodes, _, edges = data.partition(b"\0")
        return {"nodes.csv": nodes, "edges.csv": edges}
    if reader == "pt":
        return {"a.pt": pickled(data, b"\1" + b"\0" * 63)}
    if reader == "safetensors":
        header, _, body = data.partition(b"\n")
        return {"a.safetensors": struct.pack("<Q", len(header)) + header + body}
    if reader in DATASETS:
        kind, parts = reader.split()[0], data.split(CUT)
        if kind == "zip":
            data = zipped({f"a_{name}.txt": part for name, part in zip(TU, parts, strict=False) if part})
        if kind == "npz":
            data = zipped({f"{name}.npy": part for name, part in zip(ARRAYS, parts, strict=False)})
        return {f"a.{kind}": data}
    return {f"a.{reader}": data}


def seeds(reader: str) -> list[bytes]:
    """Inputs to start from: samples, and what is small of the attacks."""
    from test_attacks import CORPUS, SAMPLES, tensor

    if reader == "tables":
        return [SAMPLES["house_nodes.csv"] + b"\0" + SAMPLES["house_edges.csv"], b"id,x0\na,1\n\0a,a"]
    if reader == "pt":
        return [tensor("(I2\nI1\nt(I0\nI1\nt"), b"}.", b"]}a.", b"\x80\x02}X\x01\x00\x00\x00aK\x01s."]
    if reader in DATASETS:
        return _small_datasets()[reader]
    known = [(content, name) for name, content in SAMPLES.items()] + [*CORPUS.values()]
    samples = [content for content, name in known if name.endswith(f".{reader}") and len(content) <= LONGEST]
    if reader == "safetensors":
        return [content[8:].replace(b"}}", b"}}\n", 1) for content in samples]
    return samples


def _small_datasets() -> dict[str, list[bytes]]:
    """A dataset of each kind that is just large enough to be taken."""
    import own_files
    from packs import pack

    tu, arrays = own_files.tu_parts(20), pack(20)
    arrays["edge_attr"] = arrays["edge_gt"].astype("uint8")
    tu["edge_labels"] = "".join(f"{sum(map(int, row.split(','))) % 2}\n" for row in tu["A"].splitlines())
    arrays["edge_index"], arrays["y"] = arrays["edge_index"].astype("uint8"), arrays["y"].astype("uint8")
    return {
        "csv dataset": [own_files.write_csv(20), own_files.write_csv(20).replace(b",", b"\t")],
        "jsonl dataset": [own_files.write_lines(20).replace(b" ", b"")],
        "json dataset": [b"[" + own_files.write_lines(20).replace(b" ", b"").replace(b"\n", b",") + b"]"],
        "json nodes": [own_files.write_nodes(20).replace(b" ", b"")],
        "graphml nodes": [own_files.write_node_graphml(20)],
        "zip dataset": [CUT.join(tu.get(name, "").encode() for name in TU)],
        "npz dataset": [CUT.join(saved_array(arrays[name]) for name in ARRAYS)],
    }


def saved_array(array: np.ndarray) -> bytes:
    """An array as numpy saves it."""
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def fuzz(reader: str, seconds: int, folder: Path, tally: mmap.mmap) -> None:
    """Fuzzes one reader until the time is over or it fails; does not return."""
    import atheris
    from test_attacks import judge
    from test_dataset_attacks import judge_dataset

    from hpme.io.record import KNOWN

    counts = [0, 0, 0]

    def once(data: bytes) -> None:
        try:
            files = wrap(reader, data)
            accepted = judge_dataset(*files.popitem()) if reader in DATASETS else judge(files)
        except BaseException:  # the fuzzer itself leaves only what ends or stops the process
            (folder / f"{reader}-crash").write_bytes(data)
            raise
        counts[0] += 1
        counts[1 + accepted] += 1
        tally[:] = struct.pack("3q", *counts)

    corpus = folder / f"{reader}-corpus"
    corpus.mkdir()
    for i, seed in enumerate(seeds(reader)):
        (corpus / str(i)).write_bytes(seed)
    words = folder / f"{reader}-words"
    known = sorted({*KNOWN, "x0", "edge_attr0", "smiles", "label", "source", "target", "nodes", "edges"})
    words.write_text("".join(f'"{word}"\n' for word in known))
    bound_memory()
    options = {
        **{"max_total_time": seconds, "max_len": LONGEST, "timeout": SECONDS, "rss_limit_mb": 0, "seed": 1},
        **{"dict": words, "artifact_prefix": folder / f"{reader}-"},
    }
    atheris.Setup([reader, *(f"-{name}={value}" for name, value in options.items()), str(corpus)], once)
    atheris.Fuzz()


def run(work: Callable[[], None], log: Path) -> int:
    """Does a work in a fork of this process, all output to a file; returns its exit status."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with log.open("w") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    try:
        work()
    finally:
        os._exit(99)  # the fuzzer ends the process itself


def main(seconds: int, folder: Path, readers: list[str]) -> None:
    """Fuzzes readers one after the other, with an equal share of the time each."""
    import atheris

    with atheris.instrument_imports(include=["hpme.io", "hpme.own_data"]):
        import test_dataset_attacks  # noqa: F401 - and with it the readers

        from hpme.box import inside
    inside.here = True  # a fork of this process is box enough
    for reader in readers:
        tally, log = mmap.mmap(-1, 24), folder / f"{reader}.log"
        share = max(seconds // len(readers), 1)
        status = run(lambda r=reader, t=tally, s=share: fuzz(r, s, folder, t), log)
        counts = dict(zip(TALLY, struct.unpack("3q", tally[:]), strict=True))
        sys.stdout.write(json.dumps({"reader": reader, **counts, "status": status}) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:] or [*READERS, *DATASETS])
