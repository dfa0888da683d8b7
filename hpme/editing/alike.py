"""A number for each graph that is the same for graphs which differ in the order of their nodes alone."""

import torch
from torch import Tensor

from hpme.forward.packed import Packed

ROUNDS = 16  # of passing messages: more than a model has layers
_ODD = (-7046029254386353131, -4417276706812531889, 1609587929392839161)  # as hashes use: bits spread evenly


def graph_keys(graphs: Packed) -> list[int]:
    """Returns a number for each graph.

    Colours of nodes are refined by those of their neighbours, as Weisfeiler and Leman do, with all that the
    graphs carry: so it differs wherever message passing can tell two graphs apart, but for chance, and may be
    the same for others.
    """
    graphs = graphs.to(torch.device("cpu"))
    colour = _of_rows([graphs.rows, *graphs.node_attrs.values()], len(graphs.x))
    link = _of_rows(list(graphs.edge_attrs.values()), graphs.edge_index.size(1))
    start, end = graphs.edge_index
    for _ in range(ROUNDS):
        sent = torch.zeros_like(colour).index_add(0, end, _mixed(colour[start] + link * _ODD[1]))
        colour = _mixed(colour * _ODD[2] + sent)
    return torch.zeros(graphs.size, dtype=torch.long).index_add(0, graphs.batch, _mixed(colour)).tolist()


def _of_rows(attributes: list[Tensor], count: int) -> Tensor:
    """A number for each row of several tensors ``[count]``."""
    number = torch.zeros(count, dtype=torch.long)
    for values in attributes:
        bits = values.reshape(count, -1).double().view(torch.long)
        for column in bits.unbind(1):
            number = _mixed(number * _ODD[2] + column)
    return number


def _mixed(number: Tensor) -> Tensor:
    """Spreads every bit over the whole number; sums wrap around."""
    number = (number ^ (number >> 29)) * _ODD[0]
    return (number ^ (number >> 32)) * _ODD[1]
