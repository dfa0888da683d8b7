"""How many bits of a graph can pass through a hard pool, and where on the capacity path to stop."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache


@lru_cache(maxsize=4096)
def content_bits(kept: int, types: int) -> float:
    r"""Upper bound on the information that a hard subgraph carries of its graph, in bits.

    .. math:: I(G; G^*) \le H(G^*) \le \log_2 \sum_{j \le k} d^j \, 2^{j(j-1)/2}

    There are no more labelled graphs than that of at most ``k`` nodes of ``d`` types. A soft mask with every
    value above zero has no such bound: the graph can be read off it.

    Args:
        kept: Number of kept nodes, ``k``.
        types: Number of node types, ``d >= 1``. Features that are no one-hot types count as one type, and the
            bound then speaks of structure alone.

    Returns:
        Bits, ``>= 0``.

    Example:
        >>> content_bits(kept=0, types=2)  # one graph only: the empty one
        0.0
        >>> content_bits(kept=2, types=1)  # none, one node, two nodes with or without an edge: four graphs
        2.0
    """
    exponents = [j * math.log2(types) + j * (j - 1) / 2 for j in range(kept + 1)]
    top = max(exponents)
    return top + math.log2(sum(2 ** (e - top) for e in exponents))


@dataclass(frozen=True)
class Checkpoint:
    """A point of the capacity path: what the subgraphs cost there, and what they keep."""

    price: float  # lambda
    share: float  # mean kept share of the nodes, in [0, 1]
    bits: float  # mean bound on the information in a hard subgraph
    kept: float  # share of mixed validation graphs with the same prediction, mean over classes


MAX_SHARE = 0.8  # above it, hardly anything has been left out
PLATEAU_WIDTH = 0.15  # in the logarithm of the share
LONG = 0.5  # of the longest rest's length
WHOLE, NOTHING = 0.95, 0.02  # shares beyond which a point of the path says nothing


def fall(path: Sequence[Checkpoint]) -> tuple[int, int]:
    """Where the path leaves the whole graph for the last time, and where it first comes to nothing.

    Args:
        path: Checkpoints by rising price, at least one.

    Returns:
        Indices of the first and the last checkpoint in between; of the whole path if it never falls.
    """
    first = max((i + 1 for i, point in enumerate(path) if point.share > WHOLE), default=0)
    if first == len(path):
        return 0, len(path) - 1
    return first, next((i for i in range(first, len(path)) if path[i].share < NOTHING), len(path) - 1)


def counting(path: Sequence[Checkpoint], num_classes: float) -> list[int]:
    """Checkpoints that leave something out and still keep what a constant prediction would lose.

    Args:
        path: Checkpoints by rising price.
        num_classes: Number of classes, ``C``; a constant prediction keeps ``1 / C`` (of a regression see
            `hpme.forward.ask.levels`), and more than half of the rest is asked for.

    Returns:
        Their indices, ascending.
    """
    enough = (1 + 1 / num_classes) / 2
    return [i for i in _partial(path) if path[i].kept > enough]


def _partial(path: Sequence[Checkpoint]) -> list[int]:
    """Checkpoints that leave something out and something in."""
    return [i for i, point in enumerate(path) if 0 < point.share <= MAX_SHARE]


def plateau(path: Sequence[Checkpoint], num_classes: float) -> list[int]:
    """Finds where the path first rests: a price range over which the explanation hardly changes its size.

    Up to there the rising price has driven out what the prediction does not need; each later fall gives
    away something that carried it. No ground truth is asked. Only `counting` points are looked at. A rest is
    long if it has at least half as many points as the longest one; prices are spaced geometrically, so length
    counts in their logarithm.

    Args:
        path: Checkpoints by rising price.
        num_classes: Number of classes, as in `counting`.

    Returns:
        Indices of the plateau's checkpoints, at least one. If none counts, the one that keeps most of those
        that leave something out and something in, or, where there is none such, of all.
    """
    points = counting(path, num_classes)
    if not points:
        return [max(_partial(path) or range(len(path)), key=lambda i: (path[i].kept, path[i].price))]
    near = {
        i: [j for j in points if abs(math.log(path[i].share / path[j].share)) <= PLATEAU_WIDTH]
        for i in points
    }
    longest = max(len(others) for others in near.values())
    first = max((i for i in points if len(near[i]) >= LONG * longest), key=lambda i: path[i].share)
    return near[max(near[first], key=lambda i: (len(near[i]), path[i].kept))]
