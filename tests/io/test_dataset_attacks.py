# ruff: noqa: E501 - a case is a line
"""Hostile and broken files of whole datasets: each ends in good graphs, or in one sentence that refuses it."""

import gzip
import io
import json
import random
import struct

import numpy as np
import own_files
import pytest
from bounds import bounded
from packs import pack
from test_attacks import SCRIPTS, assert_good, assert_sentence, zipped

from hpme.limits import DATASET_LIMITS
from hpme.own_data import label_columns, read_dataset


def judge_dataset(name: str, content: bytes) -> bool:
    """Whether a dataset is read; checks what it is read as, or the sentence that refuses it."""
    try:
        label_columns(content, name)
        data = read_dataset(content, name)
    except ValueError as error:
        assert_sentence(error)
        return False
    assert_good(data.graphs if data.graph is None else [data.graph, *data.graphs[:50]], DATASET_LIMITS)
    texts = [data.spec.name, data.spec.title, data.spec.description, data.spec.source, *data.spec.classes]
    assert all(text.isprintable() for text in texts)
    assert not any(mark in name for name in data.spec.classes for mark in "<>[]`")
    return True


def packed(**changes: object) -> bytes:
    """A good pack with some of its arrays changed, or left out where the change is None."""
    buffer = io.BytesIO()
    np.savez(buffer, **{k: v for k, v in (pack(40) | changes).items() if v is not None})
    return buffer.getvalue()


GOOD = {
    "a.csv": own_files.write_csv(),
    "a.jsonl": own_files.write_lines(),
    "a.json": b"[" + own_files.write_lines().replace(b"\n", b",\n") + b"]",
    "a.zip": own_files.write_tu(),
    "a.npz": packed(),
    "b.json": own_files.write_nodes(),
    "a.graphml": own_files.write_node_graphml(),
}
TU = own_files.tu_parts(40)


def broken() -> dict[str, tuple[str, bytes]]:
    cases = {}
    for name, content in GOOD.items():
        for part in (1, 3, 5, 8):
            cases[f"{name} cut to {part}/9"] = name, content[: len(content) * part // 9]
        cases[f"{name} twice"] = name, content * 2
        cases[f"{name} backwards"] = name, content[::-1]
        cases[f"{name} with zeros"] = name, content + b"\0" * 100
        cases |= {f"{name} as {other}": (other, content) for other in GOOD if other != name}
    for name in ("a.csv", "a.jsonl"):
        for encoding in ("utf-16", "utf-32", "utf-7", "cp037"):
            cases[f"{name} in {encoding}"] = name, GOOD[name].decode().encode(encoding)
        cases[f"{name} with latin-1"] = name, GOOD[name] + b"\xe9"
    unprintable = ",".join(["\U000e0001" * 20] * 9).encode()  # escapes are ten times as long
    cases["cells to be escaped"] = "a.csv", b"smiles,label\n" + unprintable
    cases["columns to be escaped"] = "a.csv", unprintable + b"\nCCO,a"
    return cases


def texts() -> dict[str, tuple[str, bytes]]:
    cases = {}
    for kind, text in SCRIPTS.items():
        raw = text.encode(errors="replace")
        line = json.dumps({"y": text, "nodes": [{"id": text, text: 1}], "edges": []}).encode()
        cases[f"{kind} as a class"] = "a.csv", GOOD["a.csv"].replace(b"amine", raw)
        cases[f"{kind} as a column"] = "a.csv", GOOD["a.csv"].replace(b"label", raw, 1)
        cases[f"{kind} as a molecule"] = "a.csv", GOOD["a.csv"] + b"\n" + raw + b",amine"
        cases[f"{kind} in a line"] = "a.jsonl", line + b"\n" + GOOD["a.jsonl"]
        cases[f"{kind} in every line"] = "a.jsonl", b"\n".join([line] * 20 + [GOOD["a.jsonl"]])
        cases[f"{kind} as a file name"] = text + ".csv", GOOD["a.csv"]
        node = {"id": text, "y": text, text: text, "name": text, "train_mask": text}
        others = [{"id": i, "y": i % 2, text: i} for i in range(40)]
        cases[f"{kind} at a node"] = "b.json", json.dumps({"nodes": [*others, node], "edges": []}).encode()
        cases[f"{kind} among numbers"] = "a.zip", own_files.zip_tu(TU | {"node_labels": text})
    return cases


def large() -> dict[str, tuple[str, bytes]]:
    many, half = DATASET_LIMITS.graphs + 1, DATASET_LIMITS.unpacked_bytes // 2
    chain = b"C" * 499
    deep = b'{"nodes":' * 50_000
    return {
        "too many rows": ("a.csv", b"smiles,label\n" + b"C,1\nC,0\n" * (many // 2 + 1)),
        "long molecules": ("a.csv", b"smiles,label\n" + b"\n".join(b"%s,%d" % (chain, i % 2) for i in range(many - 2))),
        "rings in every row": ("a.csv", b"smiles,label\n" + b"C12C3C4C1C5C2C3C45,1\nC12C3C4C1C5C2C3C45,0\n" * 5_000),
        "open rings in every row": ("a.csv", b"smiles,label\n" + b"C1CC,1\nC1CC,0\n" * 9_500),
        "a wide table": ("a.csv", (b"smiles,label" + b",a" * 100_000 + b"\n") * 3),
        "a huge cell": ("a.csv", b"smiles,label\n" + b"C" * 5_000_000 + b",1\n"),
        "deep lines": ("a.jsonl", b"\n".join([deep] * 20)),
        "a deep list": ("a.json", b"[" * 100_000),
        "an open list": ("a.json", b"[1," * 20_000),
        "a list of numbers": ("a.json", b"[" + b"1," * 49_000 + b"1]"),
        "a list of too many": ("a.json", b"[" + b"1," * many + b"1]"),
        "a bomb of gzip": ("a.csv.gz", gzip.compress(bytes(DATASET_LIMITS.unpacked_bytes + 1))),
        "many columns": ("a.csv", b"smiles," + b",".join(b"c%d" % i for i in range(900)) + b"\n" + b"".join(b"%s," % (b"C" * (1 + i % 20)) + b",".join([b"%d" % (i % 7)] * 900) + b"\n" for i in range(1_000))),
        "empty lines": ("a.jsonl", b"\n" * 50_000),
        "lines of numbers": ("a.jsonl", b"1\n" * 19_000),
        "a line of a million nodes": ("a.jsonl", b'{"y":1,"nodes":[' + b'{"id":1},' * 1_000_000 + b'{"id":1}],"edges":[]}'),
        "a bomb": ("a.zip", zipped({f"{i}_A.txt": bytes(half) for i in range(3)})),
        "a bomb of arrays": ("a.npz", zipped({f"{i}.npy": bytes(half) for i in range(3)})),
        "text as numbers": ("a.zip", own_files.zip_tu(TU | {"A": "9" * 5_000_000})),
        "one row": ("a.zip", own_files.zip_tu(TU | {"node_attributes": "1," * 1_000_000 + "1"})),
        "many labels": ("a.zip", own_files.zip_tu(TU | {"node_labels": "\n".join(map(str, range(200_000)))})),
        "huge numbers": ("a.zip", own_files.zip_tu(TU | {"A": "1e300, 1"})),
        "nodes of their own": ("b.json", json.dumps({"nodes": [{"id": i, f"k{i}": i, "y": i % 2} for i in range(50_000)], "edges": []}).encode()),
        "a million nodes": ("b.json", b'{"edges":[],"nodes":[' + b'{"id":1,"y":1},' * 1_000_000 + b'{"id":2,"y":0}]}'),
        "a label of its own of each node": ("b.json", json.dumps({"nodes": [{"id": i, "y": f"c{i}"} for i in range(50_000)], "edges": []}).encode()),
        "a deep label": ("b.json", b'{"edges":[],"nodes":[{"id":1,"y":' + b"[" * 900 + b"]" * 900 + b"}]}"),
        "one node for all": ("a.zip", own_files.zip_tu(TU | {"A": "1, 1\n" * 1_000_000})),
    }  # fmt: skip


def arrays() -> dict[str, tuple[str, bytes]]:
    good = pack(40)
    edges, count = good["edge_index"], len(good["x"])
    changes = {
        "no labels": {"y": None},
        "objects": {"y": np.array([{}] * 40, object)},
        "texts": {"y": np.array(["<b>"] * 40)},
        "complex labels": {"y": good["y"] + 1j},
        "infinite labels": {"y": np.full(40, np.inf)},
        "NaN": {"x": np.full((count, 2), np.nan)},
        "no features": {"x": np.zeros((count, 0))},
        "wide": {"x": np.zeros((count, DATASET_LIMITS.features + 1), np.uint8)},
        "a type of 2**40": {"x": np.full(count, 2**40)},
        "negative types": {"x": np.full(count, -1)},
        "cube": {"x": np.zeros((count, 2, 2))},
        "scalar": {"y": np.array(1)},
        "edges out of range": {"edge_index": edges + 5},
        "negative edges": {"edge_index": edges - 1},
        "float edges": {"edge_index": edges.astype(float)},
        "three rows of edges": {"edge_index": np.vstack([edges, edges[:1]])},
        "one way": {"edge_index": np.zeros_like(edges)},
        "pointers backwards": {"nptr": good["nptr"][::-1].copy()},
        "pointers beyond": {"nptr": good["nptr"] * 1000},
        "pointers of floats": {"eptr": good["eptr"].astype(float)},
        "short truth": {"node_gt": good["node_gt"][:3]},
        "truth of texts": {"edge_gt": np.array(["a"] * edges.shape[1])},
        "a split of others": {"train_index": np.array([0, 999]), "test_index": np.array([1])},
        "a split that overlaps": {"train_index": np.arange(40), "test_index": np.arange(40)},
        "dates": {"y": np.array(["2026-11-26"] * 40, "datetime64[D]")},
        "records": {"y": np.zeros(40, [("a", "i4")])},
        "no graphs": {"y": np.zeros(0, int), "nptr": np.zeros(1, int), "eptr": np.zeros(1, int)},
    }
    head = "{'descr': '<f8', 'fortran_order': False, 'shape': (%s,), }"
    raw = {
        "longer than its bytes": head % 10**12,
        "negative": head % -1,
        "of an expression": head % "__import__('os').system('true')",
        "deep": "[" * 5000,
        "of dtype object": head.replace("<f8", "|O") % 40,
    }
    heads = {
        name: b"\x93NUMPY\1\0" + struct.pack("<H", len(text) + 1) + text.encode() + b"\n"
        for name, text in raw.items()
    }
    return {f"array: {name}": ("a.npz", packed(**change)) for name, change in changes.items()} | {
        f"header: {name}": ("a.npz", zipped({"x.npy": content})) for name, content in heads.items()
    }


CORPUS = broken() | texts() | large() | arrays()


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_dataset_is_good_graphs_or_refused_in_one_sentence(name):
    with bounded():
        judge_dataset(*CORPUS[name])


@pytest.mark.parametrize("name", GOOD)
def test_datasets_with_random_changes_are_good_graphs_or_refused(name):
    rng = random.Random(name)
    taken = 0
    for _ in range(60):
        content = bytearray(GOOD[name])
        for _ in range(rng.randint(1, 4)):
            place = rng.randrange(len(content))
            content[place : place + rng.randint(0, 3)] = rng.choice(
                [b"-1", b"nan", b'"', b",", b"\0", b"9" * 20, b"}"]
            )
        with bounded():
            taken += judge_dataset(name, bytes(content))
    if name in ("a.zip", "a.npz"):
        assert taken < 60  # checksums tell of most changes
    else:
        assert taken > 0  # a row that cannot be read is left out


def test_good_datasets_are_taken():
    assert all(judge_dataset(name, content) for name, content in GOOD.items())
