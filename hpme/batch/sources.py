"""Rows of input files, in parts: SMILES of tables and lists, and graphs, one a line or packed."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import PurePosixPath
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet
from pyarrow import fs

from hpme import checks
from hpme.batch.config import BatchConfig, Format
from hpme.forward.packed import chunks
from hpme.io.smiles import EXTENSION
from hpme.io.text import quote, shown
from hpme.limits import DATASET_LIMITS, cap
from hpme.own_data.packed import unlabelled_arrays

TABLES = {".csv": ",", ".tsv": "\t"}
LISTS = (".smi", ".smiles", ".ism", ".can")
LINES = (".jsonl", ".ndjson")
ARRAYS = (".npz",)
OF_NODES = ("x", "element")  # arrays of a packed file, beside those of its edges
COMPRESSED = (".gz", ".bz2", ".zst", ".lz4")  # what Arrow unpacks as it reads
SUFFIXES = (*TABLES, *LISTS, *LINES, *ARRAYS, ".parquet")


class Row(NamedTuple):
    """One thing to be explained."""

    id: str
    text: str  # SMILES, or a graph as JSON
    error: str = ""  # why there is nothing to explain
    arrays: Mapping[str, np.ndarray] | None = None  # of a packed graph, by name


@dataclass(frozen=True)
class Part:
    """Rows that become one file."""

    name: str  # of that file
    format: Format
    rows: list[Row]

    def digest(self, settings: str) -> str:
        """Returns what tells apart parts of other rows, or explained with other settings."""
        whole = hashlib.sha256(settings.encode())
        for row in self.rows:
            whole.update(f"\n{len(row.id)} {len(row.text)} {row.id}{row.text}{row.error}".encode())
            for name, values in (row.arrays or {}).items():
                whole.update(f"\n{name} {values.dtype} {values.shape} ".encode() + values.tobytes())
        return whole.hexdigest()


def opened(address: str) -> tuple[fs.FileSystem, str]:
    """Returns the file system of a path or an address such as ``s3://bucket/folder``, and the path in it.

    Raises:
        ValueError: If Arrow knows no such file system.
    """
    if "://" not in address:
        return fs.LocalFileSystem(), str(PurePosixPath(address))
    try:
        return fs.FileSystem.from_uri(address)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise ValueError(
            f"Expected a path, or an address that Arrow opens (got {quote(address, 300)}: {error})"
        ) from error


@dataclass(frozen=True)
class InputFile:
    """A file of rows."""

    system: fs.FileSystem
    path: str
    format: Format
    stem: str  # with which the names of its parts begin


def input_files(config: BatchConfig) -> Iterator[InputFile]:
    """Yields the files that are named, and those in the folders that are.

    Raises:
        ValueError: If there is no such file, or it is of no known kind.
    """
    taken: set[str] = set()
    for system, path in _files(config.inputs):
        stem = PurePosixPath(path).name.split(".")[0] or "part"
        stem = next(name for name in _names(stem) if name not in taken)
        taken.add(stem)
        yield InputFile(system, path, _kind(path, config.format), stem)


def parts_in(file: InputFile, config: BatchConfig) -> Iterator[Part]:
    """Yields the rows of a file in parts of at most `part_rows`, reading no further than is asked for.

    Raises:
        KeyError: If it lacks a column that is named.
        ValueError: If it cannot be read, or has no column of SMILES.
    """
    rows = rows_in(file.system, file.path, file.format, config.columns)
    for number, some in enumerate(chunks(rows, config.part_rows)):
        yield Part(f"{file.stem}-{number:05d}.parquet", file.format, some)


def read_parts(config: BatchConfig) -> Iterator[Part]:
    """Yields the parts of all files, one after the other, as `input_files` and `parts_in` do."""
    for file in input_files(config):
        yield from parts_in(file, config)


def _names(stem: str) -> Iterator[str]:
    """The name, then the same with a number, from 2."""
    yield stem
    yield from (f"{stem}-{number}" for number in count(2))


def _files(inputs: Sequence[str]) -> Iterator[tuple[fs.FileSystem, str]]:
    """The files that are named, and those in the folders that are."""
    for address in inputs:
        system, path = opened(address)
        info = system.get_file_info(path)
        if info.type == fs.FileType.NotFound:
            raise ValueError(f"Expected a file or a folder (got {quote(address, 300)}); check its path")
        if info.type == fs.FileType.File:
            yield system, path
            continue
        inside = system.get_file_info(fs.FileSelector(path, recursive=True))
        found = sorted(one.path for one in inside if one.type == fs.FileType.File and _suffix(one.path))
        if not found:
            raise ValueError(
                f"Expected files ending in {', '.join(SUFFIXES)} in {quote(address, 300)} (got none)"
            )
        yield from ((system, one) for one in found)


def _suffix(path: str) -> str:
    """The suffix that says what a file is, without that of its compression; nothing if it is unknown."""
    suffixes = [suffix.lower() for suffix in PurePosixPath(path).suffixes]
    while suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
    return suffixes[-1] if suffixes and suffixes[-1] in SUFFIXES else ""


def _kind(path: str, wanted: Format | None) -> Format:
    suffix = _suffix(path)
    if not suffix:
        raise ValueError(
            f"Expected a file ending in {', '.join(SUFFIXES)} (got {quote(PurePosixPath(path).name)}); "
            "rename it"
        )
    kind: Format = "graphs" if suffix in LINES + ARRAYS else "smiles"
    if wanted not in (None, kind):
        raise ValueError(f"Expected {wanted} in {quote(PurePosixPath(path).name)} (got a file of {kind})")
    return kind


def rows_in(system: fs.FileSystem, path: str, kind: Format, columns: Mapping[str, str]) -> Iterator[Row]:
    """Yields the rows of a file; a row that cannot be read has an error.

    Args:
        system: Where it is.
        path: Its path there.
        kind: What its rows are.
        columns: Names of the columns that hold SMILES and ids, where they are called otherwise.

    Raises:
        ValueError: If the file cannot be read, or lacks a column.
    """
    suffix, name = _suffix(path), PurePosixPath(path).name
    try:
        if suffix in ARRAYS:
            yield from _of_arrays(system, path, name)
        elif kind == "graphs" or suffix in LISTS:
            yield from _of_lines(system, path, name, kind)
        elif suffix == ".parquet":
            yield from _of_parquet(system, path, name, columns)
        else:
            yield from _of_table(system, path, name, columns)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise ValueError(
            f"Expected a file that can be read to its end (got {quote(name)}: {error}); mend it"
        ) from error


def _of_arrays(system: fs.FileSystem, path: str, name: str) -> Iterator[Row]:
    """The graphs of a packed file."""
    with system.open_input_stream(path, compression="detect") as stream:
        content = stream.read(DATASET_LIMITS.bytes + 1)
    try:
        cap("bytes", len(content), limits=DATASET_LIMITS)
        arrays = unlabelled_arrays(content)
    except ValueError as error:
        raise ValueError(f"Expected a packed file of graphs (got {quote(name)}: {error}); mend it") from error
    nodes, edges = arrays.pop("nptr"), arrays.pop("eptr")
    cut = {
        key: np.split(values, (nodes if key in OF_NODES else edges)[1:-1], int(key == "edge_index"))
        for key, values in arrays.items()
    }
    for number, graph in enumerate(zip(*cut.values(), strict=True), 1):
        yield Row(f"{name}:{number}", "", arrays=dict(zip(cut, graph, strict=True)))


def _of_lines(system: fs.FileSystem, path: str, name: str, kind: Format) -> Iterator[Row]:
    """A row a line that is not empty: a graph as JSON, or SMILES, and perhaps a name behind them."""
    with system.open_input_stream(path, compression="detect") as stream:
        for number, line in enumerate(_lines(stream), 1):
            text = line.decode("utf-8-sig" if number == 1 else "utf-8", errors="replace").strip()
            place = f"{name}:{number}"
            if text and kind == "graphs":
                yield Row(place, text)
            elif text:
                smiles, *rest = EXTENSION.sub("", text).split(maxsplit=1)
                yield Row(rest[0] if rest else place, smiles)


def _lines(stream: pa.NativeFile, size: int = 1 << 20) -> Iterator[bytes]:
    rest = b""
    while block := stream.read(size):
        *whole, rest = (rest + block).split(b"\n")
        yield from whole
    if rest:
        yield rest


def _of_table(system: fs.FileSystem, path: str, name: str, columns: Mapping[str, str]) -> Iterator[Row]:
    """The rows of comma- or tab-separated text; one with another number of cells has an error."""
    bad: list[tuple[int, str]] = []

    def note(row: csv.InvalidRow) -> str:
        bad.append((row.number, f"Expected {row.expected_columns} cells (got {row.actual_columns})"))
        return "skip"

    options = csv.ParseOptions(
        delimiter=TABLES[_suffix(path)], invalid_row_handler=note, newlines_in_values=True
    )
    with system.open_input_stream(path, compression="detect") as stream:
        block = csv.ReadOptions(use_threads=False)
        first = csv.open_csv(stream, block, options, csv.ConvertOptions(strings_can_be_null=False))
        header = first.schema.names
    if len(header) == 1 and {*";\t|,"} & {*header[0]}:
        wanted = "tabs" if options.delimiter == "\t" else "commas"
        raise ValueError(
            f"Expected cells separated by {wanted} in {quote(name)} (got {quote(header[0])}); save it so"
        )
    bad.clear()
    smiles, ident = _roles(header, columns, name)
    as_text = csv.ConvertOptions(
        column_types=dict.fromkeys(header, pa.string()),
        include_columns=[smiles, *([ident] if ident else [])],
        strings_can_be_null=False,
    )
    with system.open_input_stream(path, compression="detect") as stream:
        number = 2  # the header is the first row
        for batch in csv.open_csv(stream, csv.ReadOptions(use_threads=False), options, as_text):
            texts = batch.column(smiles).to_pylist()
            ids = batch.column(ident).to_pylist() if ident else [""] * len(texts)
            for text, own in zip(texts, ids, strict=True):
                while bad and bad[0][0] <= number:
                    place, why = bad.pop(0)
                    yield Row(f"{name}:{place}", "", why)
                    number = place + 1
                yield Row(own or f"{name}:{number}", EXTENSION.sub("", text.strip()))
                number += 1
    yield from (Row(f"{name}:{place}", "", why) for place, why in bad)


def _of_parquet(system: fs.FileSystem, path: str, name: str, columns: Mapping[str, str]) -> Iterator[Row]:
    with system.open_input_file(path) as file, parquet.ParquetFile(file) as table:
        smiles, ident = _roles(table.schema_arrow.names, columns, name)
        number = 1
        for batch in table.iter_batches(columns=[smiles, *([ident] if ident else [])]):
            texts = batch.column(smiles).cast(pa.string()).to_pylist()
            ids = batch.column(ident).cast(pa.string()).to_pylist() if ident else [None] * len(texts)
            for text, own in zip(texts, ids, strict=True):
                place = own or f"{name}:{number}"
                smiles = EXTENSION.sub("", (text or "").strip())
                yield Row(place, smiles) if text else Row(place, "", "Expected SMILES (got nothing)")
                number += 1


def _roles(header: Sequence[str], columns: Mapping[str, str], name: str) -> tuple[str, str | None]:
    """The names of the columns of SMILES and of ids, the second of which may be missing."""
    for column in columns.values():
        checks.known(column, header, f"column of {name}")
    named = [one for one in header if "smiles" in one.lower()]
    smiles = columns.get("smiles") or next(iter(named), None)
    if smiles is None or (len(named) > 1 and "smiles" not in columns):
        got = ", ".join(shown(one) for one in (named or header)[:20])
        raise ValueError(
            f"Expected one column of SMILES in {quote(name)} (got {got}); name it: --columns smiles=NAME"
        )
    ident = columns.get("id") or next((one for one in header if one.lower() == "id"), None)
    return smiles, ident
