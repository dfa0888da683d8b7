"""Graphs and explanations from and to files.

What a file is, `sniff` finds out before it is read. Each format is a module with
``read(source: Source) -> Contents``, and ``write(record) -> bytes`` if it can be written. Records are plain
values; `record` checks for all formats that they make a valid graph.
"""

from collections.abc import Mapping
from types import ModuleType

from torch_geometric.data import Data

from hpme import checks
from hpme.io import graphml, node_link, tensors
from hpme.io.describe import describe_guess
from hpme.io.formats import FORMATS, Format
from hpme.io.opened import Opened, open_apart, open_files, paired
from hpme.io.record import EDGE_FIELDS, GRAPH_FIELDS, NODE_FIELDS
from hpme.io.recorded import from_graph
from hpme.io.sniff import sniff
from hpme.io.source import Choice, Guess
from hpme.io.summary import describe_graph
from hpme.io.table import csv_bytes

WRITERS: dict[str, ModuleType] = {"json": node_link, "graphml": graphml, "safetensors": tensors}


def read_graphs(content: bytes, filename: str, choice: Choice | None = None) -> list[Data]:
    """Reads the graphs in a file; nothing in it is trusted.

    Args:
        content: The file's bytes.
        filename: Its name; what the file is, its content tells, see `sniff`, and where that does not, the
            ending of its name. A ``.zip`` holds several files, a ``.gz`` one.
        choice: What the file is, where the guess would be wrong.

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
    return read_files({filename: content}, {} if choice is None else {filename: choice})


def read_files(files: Mapping[str, bytes], choices: Mapping[str, Choice] | None = None) -> list[Data]:
    """Reads the graphs in several files, by name; a table of nodes describes the nodes of one of edges.

    Raises:
        ValueError: As `read_graphs` does; the limits hold for all files together.
    """
    return [graph for opened in open_files(files, choices) for graph in opened.graphs]


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
    checks.known(kind, WRITERS, "kind of file")
    return WRITERS[kind].write(from_graph(graph, explanation))


__all__ = [
    "EDGE_FIELDS",
    "FORMATS",
    "GRAPH_FIELDS",
    "NODE_FIELDS",
    "WRITERS",
    "Choice",
    "Format",
    "Guess",
    "Opened",
    "csv_bytes",
    "describe_graph",
    "describe_guess",
    "open_apart",
    "open_files",
    "paired",
    "read_files",
    "read_graphs",
    "sniff",
    "write_graph",
]
