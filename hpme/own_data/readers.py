"""Which reader a dataset's file has: by the ending of its name, and by whether it is many graphs or one."""

from dataclasses import replace
from pathlib import PurePath
from types import ModuleType

from hpme.io import workbook
from hpme.io.archive import ungzip, unpack
from hpme.io.text import quote
from hpme.limits import DATASET_LIMITS, cap
from hpme.own_data import graph_lines, node_graph, packed, smiles_table, tu_text
from hpme.own_data.graph_items import is_one_graph
from hpme.own_data.label_columns import LabelColumn
from hpme.own_data.labels import one_line
from hpme.own_data.molecule_table import has_molecules, open_table
from hpme.own_data.packed_graph import is_graph, to_tensors
from hpme.own_data.raw import RawDataset
from hpme.own_data.tu_files import PARTS

GRAPHS: dict[str, ModuleType] = {  # readers of many graphs, by kind
    "npz": packed,
    "zip": tu_text,
    **dict.fromkeys(("csv", "tsv", "txt", "smi", "xlsx"), smiles_table),
    **dict.fromkeys(("jsonl", "json"), graph_lines),
}
TABLES = ("csv", "tsv", "txt", "smi", "xlsx")
ONE_GRAPH = ("graphml", "xml", "gexf", "gml", "dot", "gv", "pt", "safetensors")  # whose nodes have labels
READERS = (*GRAPHS, *ONE_GRAPH)  # all kinds


def read_raw(content: bytes, filename: str, label: str | None) -> RawDataset:
    """Reads a file with the reader that it has.

    Args:
        content: The file's bytes.
        filename: Its name.
        label: What the label is called; None: guessed.

    Raises:
        ValueError: If its kind is none of `READERS`, or it cannot be read.
    """
    kind, plain = kind_of(filename), _unpacked(content)
    if _of_nodes(kind, plain):
        return node_graph.read(_files(filename, plain), label)
    if kind in ("npz", "zip"):
        if label is not None:
            got = quote(label, 20)
            raise ValueError(f"Expected no label name for a .{kind}, which has one (got {got}); leave it out")
        return GRAPHS[kind].read(plain)
    sheet, notes = _sheet(plain)
    raw = GRAPHS[kind].read(sheet, label)
    return replace(raw, notes=(*raw.notes, *notes))


def find_columns(content: bytes, filename: str) -> list[LabelColumn]:
    """Returns what in a file can be its label; nothing where that needs no name.

    Raises:
        ValueError: If it cannot be read.
    """
    kind, plain = kind_of(filename), _unpacked(content)
    if _of_nodes(kind, plain):
        return node_graph.node_label_columns(_files(filename, plain))
    if kind in TABLES:
        return open_table(_sheet(plain)[0]).label_columns()
    return graph_lines.label_fields(plain) if kind in ("json", "jsonl") else []


def kind_of(filename: str) -> str:
    """Returns the ending of a file's name, without ``.gz``.

    Raises:
        ValueError: If it is none of `READERS`.
    """
    kind = ending(filename)
    if kind not in READERS:
        raise ValueError(
            f"Expected a dataset of kind {' or '.join(READERS)} (got {quote(kind, 20)}); convert the file"
        )
    return kind


def ending(filename: str) -> str:
    """Returns the ending of a file's name in small letters, without its dot and ``.gz``."""
    return _without_gz(filename).suffix.lower().removeprefix(".")


def stem(filename: str) -> str:
    """Returns a file's name without its ending."""
    return _without_gz(filename).stem


def _without_gz(filename: str) -> PurePath:
    path = PurePath(filename)
    return path.with_suffix("") if path.suffix.lower() == ".gz" else path


def _unpacked(content: bytes) -> bytes:
    cap("bytes", len(content), least=1, limits=DATASET_LIMITS)
    return ungzip("", content, DATASET_LIMITS)[1]


def _of_nodes(kind: str, content: bytes) -> bool:
    """Returns whether a file is one graph, whose nodes have labels.

    A dataset of graphs has many; so nothing is guessed where a file holds one.
    """
    if kind in ("json", "jsonl"):
        return is_one_graph(content)
    if kind in ("npz", "zip"):
        names = unpack(content, DATASET_LIMITS)
        return is_graph(names) if kind == "npz" else not any(map(PARTS.search, names))
    if workbook.is_workbook(content):
        return not any(map(has_molecules, workbook.unpack_sheets(content, DATASET_LIMITS).values()))
    return kind in ONE_GRAPH


def _files(filename: str, content: bytes) -> dict[str, bytes]:
    """Returns the file of one graph by its name; arrays become tensors."""
    name = PurePath(filename).name
    if ending(filename) == "npz":
        return {f"{stem(filename)}.safetensors": to_tensors(content)}
    return {name.removesuffix(".gz"): content}


def _sheet(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Returns what is in a file, of a workbook the first sheet of molecules.

    With it comes a sentence on the sheets that are not read, if there are any.
    """
    if not workbook.is_workbook(content):
        return content, ()
    sheets = workbook.unpack_sheets(content, DATASET_LIMITS)
    name = next((name for name, sheet in sheets.items() if has_molecules(sheet)), next(iter(sheets)))
    others = ", ".join(repr(one_line(other).removesuffix(".csv")) for other in sheets if other != name)
    return sheets[name], (f"Sheets that are not read: {others[:200]}.",) if others else ()
