"""The capacity of hard subgraphs in bits, and the choice of a size along the capacity path."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache


@lru_cache(maxsize=4096)
def content_bits(kept: int, types: int, edge_types: int = 1) -> float:
    r"""Returns an upper bound on the information that a hard subgraph carries of its graph, in bits.

    .. math:: I(G; G^*) \le H(G^*) \le \log_2 \sum_{j \le k} d^j \, (e + 1)^{j(j-1)/2}

    So many labelled graphs have at most ``k`` nodes of ``d`` types and edges of ``e`` types. A soft mask with
    every value above zero has no such bound: the graph can be read off it.

    Args:
        kept: Number of kept nodes, ``k``.
        types: Number of node types, ``d >= 1``, as `hpme.method.types.count_types` counts them. With one
            type the bound speaks of structure alone.
        edge_types: In how many ways two nodes can be joined, ``e``, as `count_edge_types` there counts them;
            0 and 1 alike say that edges are there or not.

    Returns:
        Bits, ``>= 0``.

    Example:
        >>> content_bits(kept=0, types=2)  # one graph only: the empty one
        0.0
        >>> content_bits(kept=2, types=1)  # none, one node, two nodes with or without an edge: four graphs
        2.0
        >>> content_bits(kept=2, types=1, edge_types=3)  # and three graphs with an edge instead of one
        2.584962500721156
    """
    pair = math.log2(max(edge_types, 1) + 1)
    exponents = [j * math.log2(types) + pair * j * (j - 1) / 2 for j in range(kept + 1)]
    top = max(exponents)
    return top + math.log2(sum(2 ** (e - top) for e in exponents))


@dataclass(frozen=True)
class Checkpoint:
    """A point of the capacity path: the price there, and the size and worth of its subgraphs."""

    price: float  # lambda
    share: float  # mean kept share of the nodes, in [0, 1]
    bits: float  # mean bound on the information in a hard subgraph
    kept: float  # share of mixed validation graphs with the same prediction, mean over classes


MAX_SHARE = 0.8  # largest mean share of an explanation; above it hardly anything has been left out
PLATEAU_WIDTH = 0.15  # largest distance of a plateau's points from its middle, in the logarithm of the share
LONG = 0.5  # a plateau is long if it has at least this share of the longest one's points
EVERYTHING, NOTHING = 0.95, 0.02  # a point with a share above, or below, keeps (nearly) all or no nodes


def fall(path: Sequence[Checkpoint]) -> tuple[int, int]:
    """Finds the part of the path between keeping everything and keeping nothing.

    Args:
        path: Checkpoints by rising price, at least one.

    Returns:
        Indices of its first and last checkpoint: the one after the last that keeps everything, and the first
        from there that keeps nothing, or the path's last. Of the full path if it never falls.
    """
    first = max((i + 1 for i, point in enumerate(path) if point.share > EVERYTHING), default=0)
    if first == len(path):
        return 0, len(path) - 1
    return first, next((i for i in range(first, len(path)) if path[i].share < NOTHING), len(path) - 1)


def eligible(path: Sequence[Checkpoint], num_classes: float) -> list[int]:
    """Finds the checkpoints that can be chosen: they leave something out and still keep predictions.

    Args:
        path: Checkpoints by rising price.
        num_classes: Number of classes, ``C``; a constant prediction keeps ``1 / C`` (of a regression see
            `hpme.forward.ask.levels`), and more than half of what it loses has to be kept, too.

    Returns:
        Their indices, ascending.
    """
    enough = (1 + 1 / num_classes) / 2
    return [i for i in _partial(path) if path[i].kept > enough]


def kept_of_first(
    first: Sequence[Checkpoint], second: Sequence[Checkpoint], num_classes: float
) -> slice | None:
    """Finds which checkpoints of a first walk stand before those of a second, over the prices of its fall.

    Args:
        first: Checkpoints of the first walk by rising price.
        second: Those of the second.
        num_classes: As in `eligible`.

    Returns:
        The last point at which everything was kept, if there is one; None where the second walk has fallen to
        nothing before anything was learnt, so that the first stands alone.
    """
    if not eligible(second, num_classes):
        return None
    start, _ = fall(first)
    return slice(max(start - 1, 0), start)


def _partial(path: Sequence[Checkpoint]) -> list[int]:
    """Indices of the checkpoints that keep something, but not (nearly) everything."""
    return [i for i, point in enumerate(path) if 0 < point.share <= MAX_SHARE]


def plateau(path: Sequence[Checkpoint], num_classes: float, last: bool = False) -> list[int]:
    """Finds the first long plateau: a range of prices over which the explanation hardly changes its size.

    Up to there the rising price has driven out what the prediction does not need; each later fall gives
    away something that carried it. No ground truth is asked. Only `eligible` points are looked at. A plateau
    is long if it has at least half as many points as the longest one; prices are spaced geometrically, so
    length counts in their logarithm.

    Args:
        path: Checkpoints by rising price.
        num_classes: Number of classes, as in `eligible`.
        last: Find the last long plateau instead, for subgraphs that were asked about alone, too: what
            carried the prediction they have not given away, so each later fall is of what was not needed.

    Returns:
        Indices of the plateau's checkpoints, at least one. If none is eligible, the one that keeps most
        predictions, of those that leave out some nodes but not all, or, if there are none such, of all.
    """
    points = eligible(path, num_classes)
    if not points:
        return [max(_partial(path) or range(len(path)), key=lambda i: (path[i].kept, path[i].price))]
    near = {
        i: [j for j in points if abs(math.log(path[i].share / path[j].share)) <= PLATEAU_WIDTH]
        for i in points
    }
    longest = max(len(others) for others in near.values())
    choose = min if last else max
    found = choose((i for i in points if len(near[i]) >= LONG * longest), key=lambda i: path[i].share)
    return near[max(near[found], key=lambda i: (len(near[i]), path[i].kept))]
