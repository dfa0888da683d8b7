"""Features of edges: a list at each edge, or columns with names, of which texts of few values become one-hot.

A text's columns depend on all graphs of a file, so those of one graph wait for `encode_edges`.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import one_hot
from torch_geometric.data import Data

from hpme import limits
from hpme.io.text import seen, shown
from hpme.io.values import to_column, to_line
from hpme.limits import Limits, cap

LIST = "edge_attr"  # all features of an edge as a list; in columns `edge_attr0`, `edge_attr1`, ...
LONGEST = 60  # characters of a text that stands for a kind of edges
LARGEST = torch.finfo(torch.float32).max


class Texts(NamedTuple):
    """A text at each edge."""

    words: list[str]
    codes: Tensor  # [E], the place of each edge's text in the words


Columns = dict[str, Tensor | Texts]


def read_columns(
    rows: Sequence[dict[str, Any]], where: Callable[[int], str], empty: Sequence[str] = ()
) -> tuple[Columns, list[str]]:
    """Returns the features of the edges of one graph by name, and words for each field that is left out.

    They are the lists `edge_attr`, else the columns `edge_attr0`, `edge_attr1`, ..., else all fields that are
    numbers, true or false, or short texts at every edge.

    Args:
        rows: Fields of each edge.
        where: Returns the ends of an edge in words.
        empty: Names of the columns, all of numbers, of a graph without edges.

    Raises:
        ValueError: If lists differ in length, or a value in them is no finite number.
    """
    if not rows:
        return {name: torch.zeros(0) for name in empty}, []
    present = Counter(name for row in rows for name, value in row.items() if value not in (None, ""))
    names = [name for name in dict.fromkeys(name for row in rows for name in row) if name]
    if any(isinstance(row.get(LIST), list) for row in rows):
        return {LIST: _lists(rows, where)}, [
            _beside(name) for name in names if name != LIST and present[name]
        ]
    numbered = [name for i in range(len(names)) if present[name := f"{LIST}{i}"]]
    if numbered[:1] == [f"{LIST}0"]:
        columns: Columns = {
            name: to_column(name, [row.get(name) for row in rows], torch.float32) for name in numbered
        }
        return columns, [_beside(name) for name in names if name not in columns and present[name]]
    columns, left_out = {}, []
    for name in names:
        if not present[name]:
            continue
        full = present[name] == len(rows)
        column = _column([row[name] for row in rows]) if full else "missing at some"
        if isinstance(column, str):
            left_out.append(f"{shown(name)} at edges ({column})")
        else:
            columns[to_line("the name of a feature", name)] = column
    return columns, left_out


def take_columns(columns: Columns, places: Tensor) -> Columns:
    """Returns the columns of the edges at these places."""
    return {
        name: Texts(column.words, column.codes[places]) if isinstance(column, Texts) else column[places]
        for name, column in columns.items()
    }


def describe_columns(columns: Columns) -> str:
    """Returns words for the columns that differ where two graphs' columns do not match."""
    rows = columns.get(LIST)
    if isinstance(rows, Tensor):
        return f"{rows.size(1) if rows.dim() == 2 else 1} edge features"
    names = [name + " (text)" * isinstance(column, Texts) for name, column in columns.items()]
    return f"the edge features {', '.join(names)}"[:100] if names else "no edge features"


def encode_edges(graphs: Sequence[Data], most: Limits | None = None) -> None:
    """Gives the graphs of a file `edge_attr` float ``[E, D]``, and `edge_feature_names` if there are names.

    A text becomes one-hot, with a column ``name=text`` for each text that any graph has there. A graph
    without edges gets the width of the others, where they agree.

    Args:
        graphs: Graphs whose `edge_columns`, as `read_columns` returns them, become their features.
        most: The most of each; default: those of an upload.

    Raises:
        ValueError: If there are more features or values than allowed.
    """
    words: dict[str, set[str]] = defaultdict(set)
    for graph in graphs:
        for name, column in graph.edge_columns.items():
            if isinstance(column, Texts):
                words[name].update(column.words)
    kinds = {name: {word: i for i, word in enumerate(sorted(found))} for name, found in words.items()}
    values = 0
    for graph in graphs:
        widths = [_width(name, column, kinds) for name, column in graph.edge_columns.items()]
        cap("features", sum(widths), limits=most)
        values += sum(widths) * graph.num_edges
        cap("values", values, limits=most)
        _encode(graph, kinds)
    _fill(graphs)


def _lists(rows: Sequence[dict[str, Any]], where: Callable[[int], str]) -> Tensor:
    width = next(len(row[LIST]) for row in rows if isinstance(row.get(LIST), list))
    for i, row in enumerate(rows):
        values = row.get(LIST)
        if not isinstance(values, list) or len(values) != width:
            got = f"{len(values) if isinstance(values, list) else 'none'} at {where(i)}"
            raise ValueError(
                f"Expected a list {LIST!r} of the same length at each edge (got {width} values at one, "
                f"{got}); give each edge all features"
            )
    cap("features", width)
    cap("values", width * len(rows))
    flat = [value for row in rows for value in row[LIST]]
    return to_column(LIST, flat, torch.float32).view(len(rows), width)


def _beside(name: str) -> str:
    return f"{shown(name)} at edges (beside {LIST!r})"


def _column(values: list[Any]) -> Tensor | Texts | str:
    """Returns the values as a column, or why they are none."""
    if all(isinstance(value, int | float) for value in values):
        if not all(abs(value) <= LARGEST for value in values):
            return "not all finite"
        return torch.tensor([float(value) for value in values])
    if not all(isinstance(value, str) or type(value) is int for value in values):
        return "neither numbers nor texts"
    texts = [str(value) for value in values]
    if not all(seen(text) == text and len(text) <= LONGEST for text in texts):
        return "long text"
    places = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    return Texts([*places], torch.tensor([places[text] for text in texts]))


def _width(name: str, column: Tensor | Texts, kinds: dict[str, dict[str, int]]) -> int:
    if isinstance(column, Tensor):
        return column.shape[1] if column.dim() == 2 else 1
    return len(kinds[name]) if len(kinds[name]) <= limits.LIMITS.categories else 0


def _encode(graph: Data, kinds: dict[str, dict[str, int]]) -> None:
    """Turns a graph's `edge_columns` into `edge_attr` and `edge_feature_names`."""
    blocks: list[Tensor] = []
    names: list[str] = []
    left_out: list[str] = []
    for name, column in graph.edge_columns.items():
        if isinstance(column, Tensor):
            blocks.append(column if column.dim() == 2 else column[:, None])
            names.append(name)
        elif _width(name, column, kinds):
            codes = torch.tensor([kinds[name][word] for word in column.words])[column.codes]
            blocks.append(one_hot(codes, len(kinds[name])).float())
            names += [f"{name}={word}" for word in kinds[name]]
        else:
            left_out.append(f"{shown(name)} at edges ({len(kinds[name])} different texts)")
    del graph.edge_columns
    if blocks:
        graph.edge_attr = torch.cat(blocks, dim=1)
        if names[0] not in (LIST, f"{LIST}0"):
            graph.edge_feature_names = names
    if left_out:
        graph.left_out = [*graph.get("left_out", []), *left_out]


def _fill(graphs: Sequence[Data]) -> None:
    """Gives graphs without edges features of the width that all others have."""
    full = [graph for graph in graphs if graph.num_edges]
    names = {tuple(graph.get("edge_feature_names", ())) for graph in full}
    widths = {graph.edge_attr.size(1) if "edge_attr" in graph else None for graph in full}
    if len(names) != 1 or len(widths) != 1 or widths == {None}:
        return
    for graph in (graph for graph in graphs if not graph.num_edges):
        graph.edge_attr = full[0].edge_attr[:0].clone()
        if "edge_feature_names" in full[0]:
            graph.edge_feature_names = full[0].edge_feature_names
