"""Leakage: the part of a soft mask that lies outside its explanation."""

from torch import Tensor


def outside(edge_index: Tensor, keep: Tensor) -> Tensor:
    """Returns the edges ``bool [E]`` that the kept nodes ``bool [N]`` do not induce."""
    return ~(keep[edge_index[0]] & keep[edge_index[1]])


def leaked_mass(edge_index: Tensor, edge_mask: Tensor, keep: Tensor) -> float:
    """Returns the share of the mask's mass ``[E]`` that lies outside the explanation.

    The explanation is the kept nodes ``bool [N]`` and the edges between them. A hard mask leaks nothing; a
    mask of the same weight everywhere leaks the share of edges that the explanation leaves out. No mass, no
    leak.
    """
    mass = float(edge_mask.sum())
    return float(edge_mask[outside(edge_index, keep)].sum()) / mass if mass > 0 else 0.0
