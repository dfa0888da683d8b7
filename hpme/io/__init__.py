"""Graphs and explanations from and to files; every format a file.

A format is a module with ``read(content) -> list[Record]`` and ``write(record) -> bytes`` over plain records.
What a valid graph is, is checked for all of them in `record`.
"""

from pathlib import PurePath
from types import ModuleType

from torch_geometric.data import Data

from hpme.io import graphml, node_link
from hpme.io.record import EDGE_FIELDS, GRAPH_FIELDS, NODE_FIELDS, from_graph, to_graph

FORMATS: dict[str, ModuleType] = {"json": node_link, "graphml": graphml}
MAX_BYTES, MAX_GRAPHS, MAX_NODES, MAX_EDGES = 10_000_000, 1_000, 20_000, 100_000  # in one file


def read_graphs(content: bytes, filename: str) -> list[Data]:
    """Reads the graphs in a file; nothing in it is trusted.

    Args:
        content: The file's bytes, at most `MAX_BYTES`.
        filename: Its name; the ending tells the format, ``.json`` (node-link) or ``.graphml``.

    Returns:
        Undirected graphs with ``x`` float32 ``[N, F]``, ``edge_index`` (both directions, sorted), and what
        else the file tells of `NODE_FIELDS`, `EDGE_FIELDS` and `GRAPH_FIELDS`; nodes keep the file's order.

    Raises:
        ValueError: If the file holds no valid graphs, or too many; one sentence says what is wrong.
    """
    file_format = _format(PurePath(filename).suffix.lower().removeprefix("."))
    _cap("bytes", len(content), MAX_BYTES)
    records = file_format.read(content)
    _cap("graphs", len(records), MAX_GRAPHS)
    _cap("nodes", sum(len(record.nodes) for record in records), MAX_NODES)
    _cap("edges", sum(len(record.edges) for record in records), MAX_EDGES, least=0)
    return [to_graph(record) for record in records]


def write_graph(graph: Data, explanation: Data | None, kind: str) -> bytes:
    """Writes a graph, and its explanation if there is one, as a file that `read_graphs` reads back.

    Args:
        graph: Undirected graph: both directions of each edge, with equal values.
        explanation: Its explanation; masks and scores go into the file beside the graph's own fields.
        kind: ``"json"`` or ``"graphml"``.

    Raises:
        ValueError: If the kind is unknown, or the graph is not undirected or not finite.
    """
    return _format(kind).write(from_graph(graph, explanation))


def _format(kind: str) -> ModuleType:
    if kind not in FORMATS:
        raise ValueError(f"Expected a file of kind {' or '.join(FORMATS)} (got {kind!r}); convert it")
    return FORMATS[kind]


def _cap(what: str, count: int, most: int, least: int = 1) -> None:
    if not least <= count <= most:
        raise ValueError(
            f"Expected {least} to {most:,} {what} in a file (got {count:,}); choose another file"
        )


__all__ = ["EDGE_FIELDS", "FORMATS", "GRAPH_FIELDS", "NODE_FIELDS", "read_graphs", "write_graph"]
