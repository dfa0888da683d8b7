"""Small files that would take long, or much memory, if a reader were not careful: all within the bounds."""

import io
import json
import zipfile

import numpy as np
import pytest
import torch
from bounds import bounded
from safetensors.torch import save

from hpme.io import read_files
from hpme.own_data import read_dataset

PRIME = 2**61 - 1  # all its multiples have the hash 0
EMPTY_TENSORS = b"ctorch._utils\n_rebuild_tensor_v2\n"


def packed(script: bytes, **storages: bytes) -> bytes:
    """A ``.pt`` file of a pickle and its storages."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/data.pkl", script)
        for name, content in storages.items():
            archive.writestr(f"a/data/{name}", content)
    return file.getvalue()


def pid(key: bytes, kind: bytes = b"ctorch\nFloatStorage\n") -> bytes:
    """Opcodes of the persistent id of a storage."""
    return b"(X\7\0\0\0storage" + kind + key + b"X\3\0\0\0cpuK\x01tQ"


def text(word: bytes) -> bytes:
    return b"X" + len(word).to_bytes(4, "little") + word


def integer(number: int) -> bytes:
    raw = number.to_bytes((number.bit_length() + 8) // 8, "little")
    return (
        b"\x8a" + bytes([len(raw)]) + raw
        if len(raw) < 256
        else b"\x8b" + len(raw).to_bytes(4, "little") + raw
    )


NEST = b"K\x01" + b"2\x86" * 60  # DUP TUPLE2: a tuple of two, each of which is a tuple of two ...
MANY = b"".join(integer(k * PRIME) + b"K\x01" for k in range(1, 200_000))
PICKLES = {
    "a key of a storage that is a nest": b"\x80\x02" + pid(NEST) + b".",
    "a type of a storage that is a nest": b"\x80\x02" + pid(text(b"0"), NEST) + b".",
    "a key of a dict that is a nest": b"\x80\x02}" + NEST + b"K\x01s.",
    "keys of a dict that are nests": b"\x80\x02}(" + NEST + b"K\x01u.",
    "a dict of nests at once": b"\x80\x02(" + NEST + b"K\x01d.",
    "a value that is a nest": b"\x80\x02}" + text(b"x") + NEST + b"s.",
    "a size that is a nest": b"\x80\x02"
    + EMPTY_TENSORS
    + b"("
    + pid(text(b"0"))
    + b"K\0"
    + NEST
    + b"K\x01\x85tR.",
    "a set of nests": b"\x80\x04\x8f(" + NEST + b"\x90.",
    "keys of one hash": b"\x80\x02}(" + MANY + b"u.",
    "an ordered dict of keys of one hash": b"\x80\x02ccollections\nOrderedDict\n]("
    + b"".join(integer(k * PRIME) + b"K\x01\x86" for k in range(1, 200_000))
    + b"e\x85R.",
    "a huge buffer": b"\x80\x05\x96" + (1 << 40).to_bytes(8, "little") + b".",
    "a long script": b"\x80\x02](" + b"N" * 19_000_000 + b"e.",
    "a number of nodes of 40,000 bits": b"\x80\x02}" + text(b"num_nodes") + integer(1 << 40_000) + b"s.",
}


@pytest.mark.parametrize("script", PICKLES.values(), ids=PICKLES)
def test_a_pickle_is_refused_in_one_sentence(script):
    content = packed(script, **{"0": bytes(400)})
    with bounded(), pytest.raises(ValueError, match=r"^Expected ") as caught:
        read_files({"a.pt": content})
    assert "4300 digits" not in str(caught.value)


def test_a_number_of_nodes_of_thousands_of_digits_is_refused():
    ends = EMPTY_TENSORS + b"(" + pid(text(b"0"), b"ctorch\nLongStorage\n") + b"K\0K\2K\1\x86K\1K\1\x86tR"
    script = b"\x80\x02}(" + text(b"edge_index") + ends + text(b"num_nodes") + integer(1 << 40_000) + b"u."
    with pytest.raises(ValueError, match=r"^Expected 1 to 20,000 nodes in a file \(got far more\)"):
        read_files({"a.pt": packed(script, **{"0": bytes(16)})})


def test_a_storage_that_is_named_many_times_takes_memory_once():
    names = b"".join(pid(text(b"0")) for _ in range(350))
    content = packed(b"\x80\x02](" + names + b"e.", **{"0": bytes(19_000_000)})
    with bounded(), pytest.raises(ValueError, match=r"^Expected a plain dict"):
        read_files({"a.pt": content})


def test_views_of_one_storage_are_read():
    whole = torch.arange(8.0)
    graphs = [{"x": whole[i : i + 2, None], "edge_index": torch.tensor([[0], [1]])} for i in range(6)]
    file = io.BytesIO()
    torch.save(graphs, file)
    read = read_files({"a.pt": file.getvalue()})
    assert [graph.x.flatten().tolist() for graph in read] == [[i, i + 1] for i in range(6)]


def test_ids_of_one_hash_are_read_as_fast_as_others():
    ids = [k * PRIME for k in range(1, 20_001)]
    edges = [{"source": ids[-1 - i % 9_999], "target": ids[-10_001 + i % 9_000]} for i in range(90_000)]
    content = json.dumps({"nodes": [{"id": name} for name in ids], "edges": edges}).encode()
    with bounded():
        (graph,) = read_files({"a.json": content})
    assert graph.num_nodes == 20_000


def test_an_id_that_is_text_and_one_that_is_a_number_are_two():
    content = json.dumps(
        {"nodes": [{"id": 1}, {"id": "1"}], "edges": [{"source": 1, "target": "1"}]}
    ).encode()
    (graph,) = read_files({"a.json": content})
    assert graph.edge_index.tolist() == [[0, 1], [1, 0]]


@pytest.mark.parametrize("dtype", [torch.uint8, torch.uint16, torch.uint32, torch.uint64])
def test_ends_of_edges_may_be_unsigned(dtype):
    ends = torch.tensor([[0], [1]], dtype=dtype)
    (graph,) = read_files({"a.safetensors": save({"edge_index": ends})})
    assert graph.edge_index.tolist() == [[0, 1], [1, 0]]


def test_an_end_beyond_what_is_signed_is_refused():
    ends = torch.tensor([[0], [-1]]).view(torch.uint64)
    with pytest.raises(ValueError, match=f"got {2**64 - 1}"):
        read_files({"a.safetensors": save({"edge_index": ends})})


@pytest.mark.parametrize("columns", [10, 40, 500])
def test_labels_in_many_columns_are_refused_before_they_take_memory(columns):
    """20,000 nodes with 1,000 kinds in each of so many columns: 100 times as many values as allowed."""
    count = 20_000
    files = {
        "A": "1, 2\n2, 1\n",
        "graph_indicator": "".join(f"{1 + i // 2000}\n" for i in range(count)),
        "graph_labels": "".join(f"{i % 2}\n" for i in range(10)),
        "node_labels": "".join(", ".join([str(i % 1000)] * columns) + "\n" for i in range(count)),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"a/a_{name}.txt", content)
    with bounded(), pytest.raises(ValueError, match=r"^Expected 0 to [0-9,]+ (features|values) in a file"):
        read_dataset(file.getvalue(), "a.zip")


LABELS = [1e20, *(i / 7 for i in range(19))]  # one that no class and no number of 32 bits can be


def numpy_pack() -> bytes:
    file = io.BytesIO()
    edges = np.tile(np.array([[0, 1], [1, 0]]), 20)
    ptr = 2 * np.arange(21)
    np.savez(file, x=np.ones((40, 1), np.float32), edge_index=edges, nptr=ptr, eptr=ptr, y=np.array(LABELS))
    return file.getvalue()


def tu_pack() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a/a_A.txt", "".join(f"{2 * i + 1}, {2 * i + 2}\n" for i in range(20)))
        archive.writestr("a/a_graph_indicator.txt", "".join(f"{1 + i // 2}\n" for i in range(40)))
        archive.writestr("a/a_graph_attributes.txt", "".join(f"{label}\n" for label in LABELS))
    return file.getvalue()


@pytest.mark.parametrize(("name", "make"), [("a.npz", numpy_pack), ("a.zip", tu_pack)])
def test_a_label_that_is_too_large_is_refused_in_one_sentence(name, make):
    with pytest.raises(ValueError, match=r"^Expected finite numbers .*\(got '?1e\+20"):
        read_dataset(make(), name)


@pytest.mark.parametrize("name", ["\u3164" * 50, "a" + "\u0301" * 900, "a\u2800", "a\u202eb"])
def test_a_name_that_is_not_seen_or_piles_up_is_refused(name):
    data = {"graph": {"name": name}, "nodes": [{"id": 0}], "edges": []}
    with pytest.raises(ValueError, match=r"^Expected 'name' to be text of one printable line") as caught:
        read_files({"a.json": json.dumps(data).encode()})
    assert "\u3164" not in str(caught.value)


@pytest.mark.parametrize("name", ["Việt", "Tie\u0302\u0301ng", "नमस्ते", "שָׁלוֹם", "👩‍🔬"[:1]])
def test_a_name_in_any_script_is_read(name):
    data = {"graph": {"name": name}, "nodes": [{"id": 0}], "edges": []}
    (graph,) = read_files({"a.json": json.dumps(data).encode()})
    assert graph.name == name
