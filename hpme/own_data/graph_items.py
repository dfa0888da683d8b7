"""The graphs in a file of JSON, one after the other: each a line, or an item of a list."""

import json
import re
from collections.abc import Iterator
from typing import Any

from hpme.io import json_graphs
from hpme.io.text import decode, reason
from hpme.limits import DATASET_LIMITS, cap

PARTS = {"nodes", "edges", "links", "graph", "directed", "multigraph"}  # no fields of the graph
DECODER = json.JSONDecoder()
BLANKS = re.compile(r"\s*")


def graph_items(content: bytes) -> tuple[str, Iterator[tuple[int, Any]]]:
    """Returns what a graph is, a line or a graph of a list, and the graphs with their numbers.

    Args:
        content: The file's bytes.

    Returns:
        A word, and what `parse_item` takes.

    Raises:
        ValueError: If it is no text, or holds too many; from the iterator, if the list is no JSON.
    """
    text, _ = decode(content)
    if text.lstrip()[:1] == "[":
        return "graph", enumerate(_listed(text), start=1)
    cap("graphs", text.count("\n"), limits=DATASET_LIMITS)
    return "line", ((i, line) for i, line in enumerate(text.split("\n"), start=1) if line.strip())


def is_one_graph(content: bytes) -> bool:
    """Returns whether a file is one object, such as a graph, and not a list of graphs, or one a line.

    It is none a line where its first line is no whole object, and neither are its second and its last.

    Raises:
        ValueError: If it is no text.
    """
    text = decode(content)[0].strip()
    first, _, rest = text.partition("\n")
    if not first.startswith("{"):
        return False
    if not rest:
        return True
    second, last = rest.lstrip().partition("\n")[0], text[text.rindex("\n") + 1 :]
    return not _is_object(first) and not (_is_object(second) and _is_object(last))


def _is_object(line: str) -> bool:
    line = line.strip()
    try:
        return line.startswith("{") and DECODER.raw_decode(line)[1] == len(line)
    except (ValueError, RecursionError):
        return False


def parse_item(item: Any) -> Any:
    """Returns the values of a graph.

    Raises:
        ValueError: If it is a line that is no JSON.
    """
    return json_graphs.parse(item) if isinstance(item, str) else item


def graph_fields(data: Any) -> dict[str, Any]:
    """Returns what a graph has beside its nodes and edges: those under ``graph`` win."""
    if not isinstance(data, dict):
        return {}
    inner = data.get("graph")
    beside = {name: value for name, value in data.items() if name not in PARTS}
    return beside | inner if isinstance(inner, dict) else beside


def _listed(text: str) -> Iterator[Any]:
    """Yields the items of a list; all of them at once would take ten times the memory of their text."""
    place, count = text.index("[") + 1, 0
    while True:
        place = _skip(text, place)
        if text[place : place + 1] == "]" and not count:
            return
        item, place = _decoded(text, place)
        count += 1
        cap("graphs", count, limits=DATASET_LIMITS)
        yield item
        place = _skip(text, place) + 1
        if text[place - 1 : place] == "]":
            return
        if text[place - 1 : place] != ",":
            got = json.JSONDecodeError("Expecting ',' delimiter", text, place - 1)
            raise ValueError(f"Expected a list of graphs as JSON (got {got}); save it again")


def _decoded(text: str, place: int) -> tuple[Any, int]:
    """Returns the value that begins at a place of a text, and where it ends."""
    try:
        return DECODER.raw_decode(text, place)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"Expected a list of graphs as JSON (got {reason(error)}); save it again") from None


def _skip(text: str, place: int) -> int:
    found = BLANKS.match(text, place)
    return found.end() if found else place
