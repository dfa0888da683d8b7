"""Hard pooling: nodes are in or out, and what is out is removed."""

from dataclasses import replace

import torch
from torch import Tensor

from hpme.forward.hops import CENTRE
from hpme.forward.packed import Packed, at, pointers

FLOOR = 0.02  # a sampled node keeps at least this chance of either fate, so that no state absorbs


def keep_probability(logits: Tensor) -> Tensor:
    """Returns each node's chance to be kept in a fit, in ``[FLOOR, 1 - FLOOR]``; same shape as `logits`."""
    return (1 - 2 * FLOOR) * logits.sigmoid() + FLOOR


def sample(probability: Tensor, samples: int, generator: torch.Generator) -> Tensor:
    """Draws hard masks.

    Args:
        probability: Chance of each node to be kept ``[N]``.
        samples: Number of masks, ``T``.
        generator: Source of the draws.

    Returns:
        Masks, bool ``[T, N]``.
    """
    return torch.rand(samples, len(probability), generator=generator).to(probability.device) < probability


def select(logits: Tensor) -> Tensor:
    """Returns the nodes that are more likely kept than not, bool, same shape as `logits`.

    Example:
        >>> select(torch.tensor([2.0, -1.0, 0.5]))
        tensor([ True, False,  True])
    """
    return logits > 0


def always_kept(keep: Tensor, graphs: Packed) -> Tensor:
    """Returns masks, or chances to be kept ``[..., N]``, with those of nodes that are always kept set to one.

    These are the nodes marked by the attribute `fixed` of the graphs, bool ``[N]``, where they have it, and
    the `centre` of a graph around a node.
    """
    for name in ("fixed", CENTRE):
        if name in graphs.node_attrs:
            keep = keep.masked_fill(graphs.node_attrs[name].bool().view(-1), 1)
    return keep


def edge_score(node_score: Tensor, edge_index: Tensor) -> Tensor:
    """Returns each edge's score ``[E]``, the lower of its ends', because an edge is kept when both are.

    Example:
        >>> edge_score(torch.tensor([0.9, 0.2, 0.6]), torch.tensor([[0, 1], [1, 2]]))
        tensor([0.2000, 0.2000])
    """
    return torch.minimum(node_score[edge_index[0]], node_score[edge_index[1]])


def induced_subgraph(graphs: Packed, keep: Tensor) -> Packed:
    """Returns the subgraph of each graph on its kept nodes: the others leave messages and readout alike.

    Zeroing them instead would keep their degrees, their biases and their place in the mean.

    Args:
        graphs: ``B`` graphs with ``N`` nodes.
        keep: Nodes that are in, bool ``[N]``.

    Returns:
        ``B`` graphs, some of which may have no nodes.
    """
    if CENTRE in graphs.node_attrs:  # nothing can be asked without it
        keep = keep | graphs.node_attrs[CENTRE].bool().view(-1)
    inside = graphs.with_edges(keep[graphs.edge_index].all(0))
    new_id = keep.cumsum(0) - 1
    node_ptr = pointers(torch.bincount(graphs.batch[keep], minlength=graphs.size))
    return replace(
        inside,
        x=graphs.x[keep],
        edge_index=new_id[inside.edge_index],
        node_ptr=node_ptr,
        node_attrs=at(graphs.node_attrs, keep),
    )
