"""What a graph says in lists of all its nodes: a label of each, and which of them are trained on."""

from collections.abc import Mapping, Sequence
from typing import Any

from hpme.forward.around import MASKS
from hpme.io.record import Fields

LISTS = ("y", *MASKS)


def spread(fields: Mapping[str, Any], rows: Sequence[Fields]) -> Fields:
    """Gives the nodes what stands in `LISTS` of as many values; returns the graph's other fields.

    Args:
        fields: What the graph has, by name.
        rows: What each node has, to be added to; a list beside what nodes have already stays where it is.
    """
    rest = dict(fields)
    for name in LISTS:
        values = rest.get(name)
        fits = isinstance(values, list) and len(values) == len(rows) > 1
        if values is None or not fits or any(name in row for row in rows):
            continue
        for row, value in zip(rows, rest.pop(name), strict=True):
            row[name] = value
    return rest
