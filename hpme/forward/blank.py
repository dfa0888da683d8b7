"""A blank graph behind others, for models that count graphs by their nodes."""

from dataclasses import replace

import torch
from torch import Tensor

from hpme.forward.packed import Packed


def with_blank(graphs: Packed, always: bool = False) -> Packed:
    """Returns the graphs; if the last one has no nodes, or `always`, with one of one blank node behind it.

    So the batch ends with a graph that has nodes, and a model that counts the graphs as ``batch.max() + 1``
    gives every graph a row; a graph without nodes gets that of an empty readout.
    """
    if not always and graphs.size and int(graphs.node_ptr[-1]) > int(graphs.node_ptr[-2]):
        return graphs
    edges = graphs.edge_ptr[-1:]
    return replace(
        graphs,
        x=_longer(graphs.x),
        node_ptr=torch.cat([graphs.node_ptr, graphs.node_ptr[-1:] + 1]),
        edge_ptr=torch.cat([graphs.edge_ptr, edges]),
        node_attrs={name: _longer(value) for name, value in graphs.node_attrs.items()},
        graph_attrs={name: _longer(value) for name, value in graphs.graph_attrs.items()},
    )


def _longer(values: Tensor) -> Tensor:
    return torch.cat([values, values.new_zeros(1, *values.shape[1:])])
