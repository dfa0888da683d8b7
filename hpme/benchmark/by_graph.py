"""Values of single graphs in a results file: one short text for each metric."""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence

import numpy as np

from hpme.metrics.evaluate import DIGITS

Values = Sequence[float | None]
NONE = -(2**15)  # in the place of a graph without a value
SCALE = 10**DIGITS


def packed(by_graph: Mapping[str, Values] | None) -> dict[str, str] | None:
    """Returns the values of each metric, in [-3, 3], as text: a fifth of the room that a list takes.

    It is base64 of a zlib stream of 16-bit little-endian integers, each ten thousand times a value.
    """
    if by_graph is None:
        return None
    return {name: _text(values) for name, values in by_graph.items()}


def unpacked(by_graph: Mapping[str, str | Values] | None) -> dict[str, list[float | None]] | None:
    """Returns the values of each metric that `packed` made text of, or that are a list; None of old rows.

    Raises:
        ValueError: If a text is damaged.
    """
    if by_graph is None:
        return None
    return {name: _values(own) if isinstance(own, str) else [*own] for name, own in by_graph.items()}


def _text(values: Values) -> str:
    numbers = [NONE if value is None else round(value * SCALE) for value in values]
    return b64encode(zlib.compress(np.array(numbers, "<i2").tobytes(), 9)).decode()


def _values(text: str) -> list[float | None]:
    try:
        numbers = np.frombuffer(zlib.decompress(b64decode(text)), "<i2").tolist()
    except zlib.error as error:
        raise ValueError(f"Expected values of graphs as text (got {text[:20]!r}); measure again") from error
    return [None if number == NONE else number / SCALE for number in numbers]
