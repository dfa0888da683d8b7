# ruff: noqa: E501 - a grammar is a line
"""Containers written by grammars: pickles, archives, workbooks, arrays and tensors that lie about themselves."""

import io
import json
import random
import struct
import zlib
from collections.abc import Callable

import numpy as np
import own_files
import torch
from growing import book
from packs import pack
from safetensors.torch import save
from test_attacks import SAMPLES, pickled, saved, tensor, zipped
from truth import HOT, Case, Truth, shaken

KINDS = ("FloatStorage", "LongStorage", "ByteStorage", "BoolStorage", "ComplexFloatStorage", "UntypedStorage")
NAMES = (("torch._utils", "_rebuild_tensor_v2"), ("collections", "OrderedDict"), ("torch", "Size"), ("os", "system"),
         ("torch._utils", "_rebuild_parameter"), ("builtins", "getattr"), ("numpy", "ndarray"))  # fmt: skip
NUMBERS = (0, 1, 2, 3, 8, 255, 2**16, 2**31 - 1, 2**31, 2**32 - 1, 2**63, 2**64 - 1)
TYPES = (
    "F32",
    "F64",
    "F16",
    "BF16",
    "I64",
    "I32",
    "I16",
    "I8",
    "U8",
    "U16",
    "U32",
    "U64",
    "BOOL",
    "F8_E4M3",
    "C64",
    "X",
)
ARRAYS = (
    "x",
    "edge_index",
    "nptr",
    "eptr",
    "y",
    "node_gt",
    "edge_gt",
    "bond_type",
    "edge_attr",
    "train_index",
    "test_index",
)


def word(text: str) -> bytes:
    return b"X" + struct.pack("<I", len(text.encode())) + text.encode()


def opcode(rng: random.Random) -> bytes:
    """One step of a pickle, with what it needs."""
    plain = b"( N } ] ) a e s u t \x85 \x86 \x87 2 0 1 R Q b \x81 \x8f \x90 \x91 \x93 \x94 \x88 \x89 d l . \x92 \x97 \x98"
    number = rng.choice(NUMBERS)
    match rng.randrange(9):
        case 0:
            return word(
                rng.choice(
                    (
                        "edge_index",
                        "x",
                        "y",
                        "num_nodes",
                        "z",
                        "storage",
                        "cpu",
                        "0",
                        "a" * 300,
                        "edge_attr",
                        "feature_names",
                    )
                )
            )
        case 1:
            module, name = rng.choice(NAMES)
            return f"c{module}\n{name}\n".encode()
        case 2:
            return f"ctorch\n{rng.choice(KINDS)}\n".encode()
        case 3:
            return rng.choice(
                (
                    b"K%c" % (number % 256),
                    b"M" + struct.pack("<H", number % 65536),
                    b"J" + struct.pack("<I", number % 2**32),
                    f"I{number}\n".encode(),
                    f"F{rng.choice(('1e999', 'nan', '0.5'))}\n".encode(),
                    b"\x8a\x08" + struct.pack("<Q", number % 2**64),
                    b"G" + rng.randbytes(8),
                )
            )
        case 4:
            return rng.choice((b"q", b"h")) + bytes([rng.randrange(4)])
        case 5:
            return rng.choice((b"r", b"j", b"\x8b", b"B", b"X")) + struct.pack("<I", number % 2**32)
        case 6:
            return rng.choice((b"\x8d", b"\x8e", b"\x96", b"\x95")) + struct.pack("<Q", number % 2**64)
        case 7:
            return b"((Vstorage\nctorch\nLongStorage\nV0\nVcpu\nI1\ntQI0\n(I2\nI1\nt(I0\nI1\ntI00\n(dt"
        case _:
            return rng.choice(plain.split())


def pickles(rng: random.Random) -> Case:
    """Steps of pickles in any order, alone or within a good one."""
    steps = b"".join(opcode(rng) for _ in range(rng.choice((1, 3, 10, 40))))
    if rng.random() < 0.15:
        ends = [(u, u + 1) for u in range(rng.randrange(1, 6))]
        data = {"edge_index": torch.tensor(ends).t().contiguous(), "x": torch.ones(len(ends) + 1, 1)}
        return Case(
            {"a.pt": saved(data)}, (Truth(len(ends) + 1, frozenset(ends), x=(1.0,) * (len(ends) + 1)),)
        )
    good = tensor("(I2\nI1\nt(I1\nI1\nt")
    place = rng.randrange(len(good))
    script = b"\x80\x02" + steps + b"." if rng.random() < 0.5 else good[:place] + steps + good[place:]
    return Case({"a.pt": pickled(script, rng.randbytes(16))})


def archive(rng: random.Random, files: dict[str, bytes]) -> bytes:
    """An archive whose directory may lie about names, sizes, places, methods and checksums."""

    def lie(number: int, bits: int = 32) -> int:
        return (
            number
            if rng.random() < 0.93
            else rng.choice((*NUMBERS, number + 1, max(number - 1, 0))) % 2**bits
        )

    body, directory, places = b"", b"", [0]
    for name, content in files.items():
        said = (
            name if rng.random() < 0.95 else rng.choice((*files, "../a.smi", "", "a\0b", "/a.smi", "a/"))
        ).encode()
        squeeze = zlib.compressobj(wbits=-15)
        packed = squeeze.compress(content) + squeeze.flush() if rng.random() < 0.5 else content
        method = (
            lie(8 if packed is not content else 0, 16)
            if rng.random() < 0.9
            else rng.choice((9, 12, 14, 93, 99))
        )
        flags = rng.choice((0, 0, 0, 0, 1, 8, 0x800, 0x2041))
        sizes = lie(zlib.crc32(content)), lie(len(packed)), lie(len(content))
        more = rng.choice(
            (b"",) * 6 + (struct.pack("<HHQQQ", 1, 24, *rng.choices(NUMBERS, k=3)), rng.randbytes(7))
        )
        places.append(len(body))
        body += (
            struct.pack(
                "<4sHHHHHIIIHH",
                b"PK\3\4",
                lie(20, 16),
                flags,
                method,
                0,
                33,
                *sizes,
                lie(len(said), 16),
                len(more),
            )
            + said
            + more
            + packed
        )
        place = lie(places[-1] if rng.random() < 0.95 else rng.choice(places))
        directory += (
            struct.pack(
                "<4sHHHHHHIIIHHHHHII",
                b"PK\1\2",
                20,
                lie(20, 16),
                flags,
                method,
                0,
                33,
                *sizes,
                lie(len(said), 16),
                len(more),
                0,
                0,
                0,
                0,
                place,
            )
            + said
            + more
        )
    count = len(files)
    end = struct.pack(
        "<4sHHHHIIH", b"PK\5\6", 0, 0, lie(count, 16), lie(count, 16), lie(len(directory)), lie(len(body)), 0
    )
    return (
        rng.choice((b"",) * 9 + (b"before",))
        + body
        + directory
        + rng.choice((b"",) * 9 + (b"PK\6\6" + rng.randbytes(52) + b"PK\6\7" + rng.randbytes(16),))
        + end
    )


def zips(rng: random.Random) -> Case:
    parts = {
        name: SAMPLES[name]
        for name in rng.sample(("aspirin.smi", "house.json", "house.gml", "ring.csv"), rng.randrange(1, 4))
    }
    return Case({"a.zip": archive(rng, parts)})


def workbooks(rng: random.Random) -> Case:
    cells = [
        ["source", "target", "weight"],
        *([f"n{i}", f"n{i // 2}", "0.5"] for i in range(1, rng.randrange(2, 8))),
    ]
    edges = frozenset((i // 2, i) for i in range(1, len(cells)))
    texts = sorted({text for row in cells for text in row})
    way = rng.choice(("s", "inlineStr", "str"))

    def cell(text: str, place: str) -> str:
        if way == "s":
            return f'<c r="{place}" t="s"><v>{texts.index(text)}</v></c>'
        return (
            f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'
            if way == "inlineStr"
            else f'<c r="{place}" t="str"><v>{text}</v></c>'
        )

    rows = "".join(
        f'<row r="{i}">{"".join(cell(text, f"{letter}{i}") for letter, text in zip("ABC", row, strict=True))}</row>'
        for i, row in enumerate(cells, start=1)
    )
    if rng.random() < 0.3:
        order: dict[str, int] = {}
        for u, v, _ in cells[1:]:
            order.setdefault(u, len(order))
            order.setdefault(v, len(order))
        placed = frozenset(
            (min(order[f"n{u}"], order[f"n{v}"]), max(order[f"n{u}"], order[f"n{v}"])) for u, v in edges
        )
        return Case({"a.xlsx": book([rows], texts=texts)}, (Truth(len(order), placed),))
    words = (
        "<c>",
        "<v>",
        'r="XFD1048576"',
        'r="A9999999"',
        't="s"',
        't="b"',
        't="e"',
        't="d"',
        "<row/>",
        "<f>1</f>",
        "<rPh>",
        "<r>",
        "ALL1",
    )
    return Case({"a.xlsx": book([shaken(rng, rows, words)], rng.choice((1, 3)), texts)})


def tensors(rng: random.Random) -> Case:
    ends = [(u, u + 1) for u in range(rng.randrange(1, 6))]
    known = {"edge_index": torch.tensor(ends).t().contiguous(), "x": torch.ones(len(ends) + 1, 1)}
    if rng.random() < 0.2:
        return Case(
            {"a.safetensors": save(known)},
            (Truth(len(ends) + 1, frozenset(ends), x=(1.0,) * (len(ends) + 1)),),
        )
    if rng.random() < 0.4:  # of other kinds, whose bytes are as many as they say
        kinds = (
            torch.uint8,
            torch.uint16,
            torch.uint32,
            torch.uint64,
            torch.int8,
            torch.bool,
            torch.float16,
            torch.bfloat16,
            torch.float64,
            torch.float8_e4m3fn,
            torch.complex64,
        )
        sizes = ((2, 3), (3, 2), (3,), (1,), (), (0,), (2, 0), (1, 3, 1), (2, 2, 2))
        names = (
            "edge_index",
            "x",
            "y",
            "z",
            "edge_attr",
            "node_gt",
            "edge_gt",
            "node_mask",
            "graph_id",
            "q",
            "\u202e",
        )
        made = {
            name: torch.from_numpy(np.frombuffer(rng.randbytes(128), np.uint8).copy())
            .view(rng.choice(kinds))
            .as_strided(size, [*(3, 1, 1)[: len(size)]], 0)
            .contiguous()
            for name in rng.sample(names, rng.randrange(4))
            for size in [rng.choice(sizes)]
        }
        fields = {
            "graph": json.dumps(
                {rng.choice(names): rng.choice((1, "a", None, [1], 1e300, 10**30, True)) for _ in range(3)}
            )
        }
        return Case({"a.safetensors": save(known | made, rng.choice((None, fields)))})
    header = {
        rng.choice(("edge_index", "x", "y", "z", "edge_attr", "q", "__metadata__")): {
            "dtype": rng.choice(TYPES),
            "shape": rng.choices((0, 1, 2, 3, 2**31, 2**63, -1, 1.5), k=rng.randrange(4)),
            "data_offsets": rng.choice(([0, 8], [0, 48], [8, 0], [0, 2**63], [-1, 4], [0], "a", [16, 64])),
        }
        for _ in range(rng.randrange(1, 4))
    }
    text = json.dumps(header)
    text = shaken(rng, text) if rng.random() < 0.5 else text
    raw = text.encode(errors="replace")
    return Case(
        {"a.safetensors": struct.pack("<Q", rng.choice((len(raw),) * 8 + NUMBERS[-3:])) + raw + bytes(64)}
    )


def npz(rng: random.Random) -> Case:
    arrays = pack(20)
    for name in rng.sample(ARRAYS, rng.randrange(3)):
        good = arrays.get(name, arrays["y"])
        kind = rng.choice(
            (
                np.uint8,
                np.uint64,
                np.int8,
                np.float16,
                np.float64,
                np.longdouble,
                np.bool_,
                np.complex64,
                "<M8[s]",
                "U3",
                "S2",
            )
        )
        values = (
            np.frombuffer(rng.randbytes(good.size * 16), np.uint8)[: good.size]
            if rng.random() < 0.3
            else good
        )
        with np.errstate(all="ignore"):
            made = np.asarray(values).astype(kind, casting="unsafe")
        arrays[name] = rng.choice(
            (
                made.reshape(good.shape),
                made.ravel(),
                made[..., None],
                made.T,
                np.asfortranarray(made.reshape(good.shape)),
                made.ravel()[:0],
            )
        )
    parts = {}
    for name, array in arrays.items():
        file = io.BytesIO()
        np.save(file, array)
        content = file.getvalue()
        if rng.random() < 0.06:
            words = (
                "'descr'",
                "'shape'",
                "True",
                "(1,)",
                "'<f8'",
                "'|O'",
                "'>i8'",
                "[('a', '<i4')]",
                "(2**3,)",
                "-1",
            )
            text = shaken(rng, content[10:128].decode("latin-1"), words).encode("latin-1", "replace")
            content = (
                content[:6]
                + rng.choice((b"\1\0", b"\2\0", b"\3\0", b"\x09\0"))
                + struct.pack("<H", len(text) % 65536)
                + text
                + content[128:]
            )
        parts[f"{name}.npy"] = content
    return Case({"a.npz": archive(rng, parts) if rng.random() < 0.2 else zipped(parts)})


def tu(rng: random.Random) -> Case:
    parts = own_files.tu_parts(20)
    parts["node_labels"] = "".join(f"{rng.randrange(5)}\n" for _ in parts["graph_indicator"].splitlines())
    for name in rng.sample([*parts], rng.randrange(1, 3)):
        parts[name] = shaken(rng, parts[name], ("1", "2", "\n", ", ", "1, 2", "99", "0", "-1"))
    files = {f"a/a_{name}.txt": text.encode(errors="replace") for name, text in parts.items()}
    return Case({"a.zip": archive(rng, files) if rng.random() < 0.1 else zipped(files)})


def rows(rng: random.Random) -> Case:
    """Datasets that are tables of molecules, or graphs a line."""
    name, content = rng.choice((("a.csv", own_files.write_csv(20)), ("a.jsonl", own_files.write_lines(20))))
    return Case(
        {
            name: shaken(rng, content.decode(), ("y", "label", "smiles", "nodes", "\n", *HOT)).encode(
                errors="replace"
            )
        }
    )


GRAPHS: dict[str, Callable[[random.Random], Case]] = {
    "pickles": pickles,
    "archives": zips,
    "workbooks": workbooks,
    "safetensors": tensors,
}
DATASETS: dict[str, Callable[[random.Random], Case]] = {"packed arrays": npz, "TU sets": tu, "rows": rows}
