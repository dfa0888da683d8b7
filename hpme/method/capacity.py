"""The capacity of hard subgraphs in bits, and the choice of a size along the capacity path."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args


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
    swing: float | None = None  # how far what is left out still moves the output; None in files of before


Size = Literal["core", "all"]  # the sizes that have a name, see `named_sizes`
SIZES: tuple[Size, ...] = get_args(Size)

MAX_SHARE = 0.8  # largest mean share of an explanation; above it hardly anything has been left out
HOLDS = 0.9  # a point holds if it keeps at least this part of the predictions that the path's best one keeps
FREE = 0.05  # share below which a smaller subgraph is hardly worth more
STILL = 1e-4  # swings below this one count the same
PLATEAU_WIDTH = 0.15  # largest distance of a plateau's points from its middle, in the logarithm of the share
LONG = 0.5  # a rest is long if it has at least this share of the longest one's points
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


def that_hold(path: Sequence[Checkpoint], num_classes: float) -> list[int]:
    """Finds the checkpoints that hold: the `eligible` ones that keep nearly as many predictions as the best.

    Args:
        path: Checkpoints by rising price.
        num_classes: Number of classes, as in `eligible`.

    Returns:
        Their indices, ascending, at least one. If none is eligible, the one that keeps most predictions, of
        those that leave out some nodes but not all, or, if there are none such, of all.
    """
    points = eligible(path, num_classes)
    if not points:
        return [max(_partial(path) or range(len(path)), key=lambda i: (path[i].kept, path[i].price))]
    most = max(path[i].kept for i in points)
    return [i for i in points if path[i].kept >= HOLDS * most]


def default_size(path: Sequence[Checkpoint], num_classes: float, of_nodes: bool) -> list[int]:
    """Returns the indices of the default's checkpoints: `plateau`, or around nodes `last_rest`."""
    return (last_rest if of_nodes else plateau)(path, num_classes)


def plateau(path: Sequence[Checkpoint], num_classes: float) -> list[int]:
    r"""Finds the default size: the least swing for its size, of the checkpoints that hold.

    .. math:: \arg\min_i \; swing_i \cdot (share_i + .05)

    The more a subgraph keeps, the less is left to swing, and how far differs between models. What they share
    is a point up to which nodes can go while the swing rises little *in proportion*, and from which it rises
    more. A product asks for proportions, so it needs no scale that fits all models. No ground truth is asked.

    Args:
        path: Checkpoints by rising price, with swings.
        num_classes: Number of classes, as in `eligible`.

    Returns:
        Indices of that checkpoint and of the others that hold with about its share, ascending, at least one.
    """
    points = that_hold(path, num_classes)
    return _about(path, points, min(points, key=lambda i: _swing(path[i]) * (path[i].share + FREE)))


def named_sizes(path: Sequence[Checkpoint], num_classes: float) -> dict[Size, list[int]]:
    """Finds the two sizes that a prediction can be said to have.

    Args:
        path: Checkpoints by rising price, with swings.
        num_classes: Number of classes, as in `eligible`.

    Returns:
        Indices of their checkpoints. ``core``: the smallest that holds, so that every smaller one loses
        predictions. ``all``: the one at which what is left out moves the output least, and those that hold
        with about its share.
    """
    points = that_hold(path, num_classes)
    core = min(points, key=lambda i: (path[i].share, -path[i].kept))
    return {"core": [core], "all": _about(path, points, min(points, key=lambda i: _swing(path[i])))}


def last_rest(path: Sequence[Checkpoint], num_classes: float) -> list[int]:
    """Finds the last long range of prices over which the explanation hardly changes its size.

    For graphs around a node, whose subgraphs were asked about alone, too: what carried the prediction they
    have not given away, so each later fall is of what was not needed. Only `eligible` points are looked at.
    A rest is long if it has at least half as many points as the longest one; prices are spaced
    geometrically, so length counts in their logarithm.

    Args:
        path: Checkpoints by rising price.
        num_classes: Number of classes, as in `eligible`.

    Returns:
        Indices of the rest's checkpoints; if none is eligible, as `that_hold`.
    """
    points = eligible(path, num_classes)
    if not points:
        return that_hold(path, num_classes)
    near = {i: _about(path, points, i) for i in points}
    longest = max(len(others) for others in near.values())
    found = min((i for i in points if len(near[i]) >= LONG * longest), key=lambda i: path[i].share)
    return near[max(near[found], key=lambda i: (len(near[i]), path[i].kept))]


def _about(path: Sequence[Checkpoint], points: Sequence[int], middle: int) -> list[int]:
    """Those of some checkpoints that have about the share of one of them."""
    if path[middle].share == 0:
        return [middle]
    far = {i: abs(math.log(path[i].share / path[middle].share)) for i in points}
    return [i for i in points if far[i] <= PLATEAU_WIDTH]


def _swing(point: Checkpoint) -> float:
    if point.swing is None:
        raise ValueError(
            "Expected checkpoints whose swing was measured (got None, as in files of before 0.2.0); "
            "fit the explainer again"
        )
    return max(point.swing, STILL)
