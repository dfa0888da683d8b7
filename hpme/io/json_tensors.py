"""JSON with the lists of a graph of PyTorch Geometric: ``edge_index``, ``x``, ``edge_attr``, ``y``."""

from itertools import chain
from typing import Any

from hpme.io.of_each_node import spread
from hpme.io.one_way import lost_ways
from hpme.io.record import EDGE_FIELDS, NODE_FIELDS, Fields, Record
from hpme.io.text import shown
from hpme.limits import cap

OGB = {"node_feat": "x", "edge_feat": "edge_attr"}  # what some call them
ROWS = ("x", "edge_attr")  # of which one number is a row
PLACES = dict.fromkeys(("x", *NODE_FIELDS), "nodes") | dict.fromkeys(("edge_attr", *EDGE_FIELDS), "edges")


def of_tensors(data: dict[str, Any]) -> Record:
    """Returns the graph of such lists.

    Raises:
        ValueError: If they do not fit together.
    """
    data = {OGB[key] if key in OGB and OGB[key] not in data else key: value for key, value in data.items()}
    sources, targets = _ends(data["edge_index"])
    cap("edges", len(sources) // 2)
    size = data.get("num_nodes")
    if type(size) is not int:
        x = data.get("x")
        size = len(x) if isinstance(x, list) else max((*sources, *targets), default=-1) + 1
    cap("nodes", size, least=1)
    sizes = {"nodes": size, "edges": len(sources)}
    rows: dict[str, list[Fields]] = {where: [{} for _ in range(length)] for where, length in sizes.items()}
    graph: Fields = {}
    lost: list[str] = []
    for key, value in spread(data, rows["nodes"]).items():
        if key in PLACES and value is not None:
            where = PLACES[key]
            if not isinstance(value, list) or len(value) != sizes[where]:
                got = f"{len(value)} values" if isinstance(value, list) else shown(value)
                wanted = f"{sizes[where]} values at {key!r}"
                raise ValueError(f"Expected {wanted} (got {got}); give one for each of the {where}")
            for row, own in zip(rows[where], value, strict=True):
                row[key] = [own] if key in ROWS and not isinstance(own, list) else own
        elif key not in ("edge_index", "num_nodes"):
            graph[key] = only_value(value)
            if isinstance(graph[key], list | dict):
                lost.append(f"{shown(key)} beside 'edge_index'")
                del graph[key]
    pairs = [*zip(sources, targets, strict=True)]
    ways = lost_ways(pairs, [True] * len(pairs))
    edges = [(u, v, own) for (u, v), own in zip(pairs, rows["edges"], strict=True)]
    return Record(graph, [*enumerate(rows["nodes"])], edges, left_out=[*ways, *lost])


def only_value(value: Any) -> Any:
    """Returns the one value in a list, or in a list of one list, as tensors of a graph's label become."""
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value


def _ends(value: Any) -> tuple[list[int], list[int]]:
    """Returns the sources and the targets of the edges, which stand in two lists, or in pairs."""
    lists = isinstance(value, list) and all(isinstance(row, list) for row in value)
    if lists and len(value) != 2 and all(len(row) == 2 for row in value):
        value = [[row[0] for row in value], [row[1] for row in value]]
    fits = lists and len(value) == 2 and len(value[0]) == len(value[1])
    if not fits or not all(type(end) is int and end >= 0 for end in chain(*value)):
        raise ValueError(
            f"Expected two lists of places of nodes at 'edge_index' (got {shown(value)}); number them from 0"
        )
    return value[0], value[1]
