"""Graphs and explanations from and to files.

Each format is a module with ``read(content) -> list[Record]``, and ``write(record) -> bytes`` if it can be
written. Records are plain values; `record` checks for all formats that they make a valid graph.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from types import ModuleType

from torch_geometric.data import Data

from hpme.io import archive, edge_list, graphml, molfile, node_link, pasted, pt, smiles, tensors
from hpme.io.record import EDGE_FIELDS, GRAPH_FIELDS, NODE_FIELDS, Record, from_graph, record_graphs
from hpme.io.summary import describe_graph
from hpme.io.table import csv_bytes
from hpme.io.text import quote
from hpme.limits import cap

FORMATS: dict[str, ModuleType] = {
    "json": node_link,
    "graphml": graphml,
    "csv": edge_list,
    "smi": smiles,
    "txt": pasted,
    "sdf": molfile,
    "mol": molfile,
    "pt": pt,
    "safetensors": tensors,
}
WRITERS: dict[str, ModuleType] = {"json": node_link, "graphml": graphml, "safetensors": tensors}


def read_graphs(content: bytes, filename: str) -> list[Data]:
    """Reads the graphs in a file; nothing in it is trusted.

    Args:
        content: The file's bytes.
        filename: Its name; its ending is the format, one of `FORMATS`, or ``.zip`` for several files. A
            ``.txt`` may hold any of the formats that are text.

    Returns:
        Undirected graphs with ``edge_index`` (both directions, sorted), and whatever the file has of: ``x``
        ``[N, F]`` (else ``num_nodes``), int64 where the file has only integers, else float32, and its
        ``feature_names``; ``element`` of each node; ``edge_attr`` float32 ``[E, D]``, alike in both
        directions of an edge, and its ``edge_feature_names``; `NODE_FIELDS`, `EDGE_FIELDS` and
        `GRAPH_FIELDS`. Nodes keep the file's order. ``left_out`` has words for each thing in the file that
        the graph has not.

    Raises:
        ValueError: If the file holds no valid graphs, or more than `hpme.limits` allows; one sentence says
            what is wrong.

    Example:
        >>> ethanol = read_graphs(b"CCO ethanol", "mine.smi")[0]
        >>> ethanol.element, ethanol.edge_index.tolist(), ethanol.name
        (['C', 'C', 'O'], [[0, 1, 1, 2], [1, 0, 2, 1]], 'ethanol')
        >>> ethanol.edge_feature_names, ethanol.edge_attr[0].tolist()
        (['single', 'double', 'triple', 'aromatic'], [1.0, 0.0, 0.0, 0.0])
    """
    return read_files({filename: content})


def read_files(files: Mapping[str, bytes]) -> list[Data]:
    """Reads the graphs in several files, by name; ``nodes.csv`` describes the nodes of ``edges.csv``.

    Raises:
        ValueError: As `read_graphs` does; the limits hold for all files together.
    """
    cap("files", len(files), least=1)
    cap("bytes", sum(map(len, files.values())))
    unpacked: dict[str, bytes] = {}
    for name, content in files.items():
        inside = archive.unpack(content) if _ending(name) == "zip" else {"": content}
        unpacked |= {f"{name}/{path}".rstrip("/"): inner for path, inner in inside.items()}
    cap("files", len(unpacked), least=1)
    records = [*_records(unpacked)]
    cap("graphs", len(records), least=1)
    cap("nodes", sum(len(record.nodes) for record in records), least=1)
    cap("edges", sum(len(record.edges) for record in records))
    return record_graphs(records)


def paired(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Returns the files that are read together: ``edges.csv`` with ``nodes.csv``, every other one alone."""
    known = dict.fromkeys(names)
    nodes = {name: re.sub(r"edges(?=\.csv$)", "nodes", name, flags=re.I) for name in known}
    together = {name: other for name, other in nodes.items() if other != name and other in known}
    alone = [name for name in known if name not in together.values()]
    return [(name, together[name]) if name in together else (name,) for name in alone]


def write_graph(graph: Data, explanation: Data | None, kind: str) -> bytes:
    """Writes a graph, and its explanation if there is one, as a file that `read_graphs` reads back.

    Args:
        graph: Undirected graph: both directions of each edge, with equal values.
        explanation: Its explanation; masks and scores go into the file beside the graph's own fields.
        kind: A key of `WRITERS`.

    Raises:
        ValueError: If the kind is unknown, or the graph is not undirected or not finite.

    Example:
        >>> import torch
        >>> from torch_geometric.data import Data
        >>> pair = Data(x=torch.ones(2, 1), edge_index=torch.tensor([[0, 1], [1, 0]]), y=torch.tensor([1]))
        >>> content = write_graph(pair, None, "json")
        >>> read_graphs(content, "pair.json")[0]
        Data(x=[2, 1], edge_index=[2, 2], y=[1])
    """
    return _format(kind, WRITERS).write(from_graph(graph, explanation))


def _records(files: Mapping[str, bytes]) -> Iterator[Record]:
    for name, *nodes in paired(files):
        if nodes:
            yield edge_list.join(files[nodes[0]], files[name])
        else:
            yield from _format(_ending(name), FORMATS).read(files[name])


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower().removeprefix(".")


def _format(kind: str, formats: Mapping[str, ModuleType]) -> ModuleType:
    if kind not in formats:
        raise ValueError(
            f"Expected a file of kind {' or '.join(formats)} (got {quote(kind, 20)}); convert it"
        )
    return formats[kind]


__all__ = [
    "EDGE_FIELDS",
    "FORMATS",
    "GRAPH_FIELDS",
    "NODE_FIELDS",
    "WRITERS",
    "csv_bytes",
    "describe_graph",
    "paired",
    "read_files",
    "read_graphs",
    "write_graph",
]
