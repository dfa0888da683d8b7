"""Games of nodes that cooperate along edges, and what each node is worth in them."""

import torch
from torch import Tensor


def structure_values(payoff: Tensor, adjacency: Tensor, tau: float, power: int) -> Tensor:
    r"""Returns the Hamiache-Navarro value of each player of many games ``[K, n]``.

    A coalition is a number whose bit `i` says whether player `i` is in it. What it earns is what its
    connected parts earn. From a game comes another, in which a coalition also earns a part `tau` of the
    surplus that each single outsider would bring:
    :math:`v'(S) = v(S) + \tau \sum_{j \notin S} (v(S \cup j) - v(S) - v(j))`. This is done `power` times;
    in the limit what is left is each player's own worth. Where all are joined that is the Shapley value.

    Args:
        payoff: Of each coalition ``[K, 2 ** n]``; that of the empty one counts as 0.
        adjacency: Which players are joined, bool ``[K, n, n]``, symmetric.
        tau: Share of the surplus, positive and below ``2 / n``.
        power: How often.

    Source:
        Hamiache & Navarro (2020), "Associated consistency, value and graphs", as arXiv:2201.12380 uses it.
    """
    players = adjacency.size(1)
    parts = connected_parts(adjacency)
    value = _restricted(payoff.index_fill(1, payoff.new_zeros(1, dtype=torch.long), 0), parts)
    for _ in range(power):
        value = _restricted(_associated(value, players, tau), parts)
    return value[:, 2 ** torch.arange(players, device=value.device)]


def connected_parts(adjacency: Tensor) -> Tensor:
    """Returns the connected parts of each coalition ``[K, 2 ** n, n]``, as coalitions; the rest is 0.

    A part stands in the place of its lowest player.

    Args:
        adjacency: Which players are joined, bool ``[K, n, n]``, symmetric.
    """
    games, players, _ = adjacency.shape
    bits = 2 ** torch.arange(players, device=adjacency.device)
    coalitions = torch.arange(2**players, device=adjacency.device)
    inside = (coalitions[:, None] & bits) > 0  # [2 ** n, n]
    joined = (adjacency * bits).sum(2)  # neighbours of each player [K, n]
    near = torch.zeros(games, len(coalitions), dtype=torch.long, device=adjacency.device)
    for player in range(players):
        near |= torch.where(inside[:, player], joined[:, player, None], 0)
    part = (inside * bits).expand(games, -1, -1)
    for _ in range(players - 1):
        reached = near.gather(1, part.flatten(1)).view(part.shape)
        part = part | (reached & coalitions[:, None]) * inside
    lowest = part & -part
    return part * (lowest == bits)


def _restricted(value: Tensor, parts: Tensor) -> Tensor:
    """What coalitions earn ``[K, 2 ** n]`` if only their connected parts cooperate."""
    return value.gather(1, parts.flatten(1)).view(parts.shape).sum(2)


def _associated(value: Tensor, players: int, tau: float) -> Tensor:
    """What coalitions earn ``[K, 2 ** n]`` with a part of the surplus that each outsider would bring."""
    coalitions = torch.arange(value.size(1), device=value.device)
    gain = torch.zeros_like(value)
    for player in range(players):
        bit = 1 << player
        outside = (coalitions & bit) == 0
        surplus = value[:, coalitions | bit] - value - value[:, bit, None]
        gain += surplus * outside
    return value + tau * gain
