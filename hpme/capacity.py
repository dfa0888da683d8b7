"""How many bits of a graph can pass through a hard pool, and where on the capacity path to stop."""

import math
from functools import lru_cache

import torch
from torch import Tensor


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
    """
    exponents = [j * math.log2(types) + j * (j - 1) / 2 for j in range(kept + 1)]
    top = max(exponents)
    return top + math.log2(sum(2 ** (e - top) for e in exponents))


def selection_bits(probability: Tensor, rate: float) -> Tensor:
    r"""Variational selection rate :math:`KL(\prod_v Bern(p_v) \,\|\, \prod_v Bern(r))`, in bits.

    Args:
        probability: Chance of each node to be kept ``[N]``.
        rate: Prior kept share ``r``, in ``(0, 1)``.

    Returns:
        A scalar ``>= 0``.
    """
    p = probability.double()
    kept = torch.xlogy(p, p / rate)
    dropped = torch.xlogy(1 - p, (1 - p) / (1 - rate))
    return (kept + dropped).sum() / math.log(2)
