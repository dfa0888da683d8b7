"""Asking any model: logits of graphs, and embeddings of nodes and graphs."""

from collections.abc import Callable
from math import erf, sqrt

import torch
from torch import Tensor, nn
from torch_geometric.nn import MessagePassing, global_max_pool, global_mean_pool

from hpme.forward.packed import Graphs

TOLERANCE = 0.5  # of the outputs' spread: what is nearer counts as the same number


def same(outputs: Tensor, originals: Tensor, tolerance: float = 0.0) -> Tensor:
    """Tells whether predictions are the same: the same class, or with one output a number near enough.

    Args:
        outputs: A model's outputs on changed graphs ``[..., C]``, or ``[..., 1]`` of a regression.
        originals: Its outputs on the originals, of a shape that fits.
        tolerance: Largest difference of two numbers that count as the same; classes do not need it.

    Returns:
        Bool ``[...]``.
    """
    if outputs.size(-1) == 1:
        return ((outputs - originals).abs() <= tolerance).squeeze(-1)
    return outputs.argmax(-1) == originals.argmax(-1)


def tolerance(outputs: Tensor) -> float:
    """Returns half the standard deviation of a regression's outputs ``[G, 1]``; 0 for classes ``[G, C]``.

    Two graphs drawn at random differ by less than that in about a quarter of cases (0.28 if the outputs are
    normal): so a number kept is far from a number that came about by chance, and a model's usual error on
    unlike graphs is still forgiven.
    """
    if outputs.size(-1) > 1 or len(outputs) < 2:
        return 0.0
    return TOLERANCE * float(outputs.std())


def levels(num_outputs: int) -> float:
    """Returns how many predictions a model tells apart: its number of classes, or 2.6 for a regression.

    That is one over the share of graphs for which the best constant prediction is the `same` as the model's;
    for a regression, if its numbers are normal.
    """
    return num_outputs if num_outputs > 1 else 1 / erf(TOLERANCE / sqrt(2))


def graph_logits(model: nn.Module, graphs: Graphs) -> Tensor:
    """Returns the logits of each graph, also of those that have no nodes left.

    One blank node is appended as a graph of its own and its row dropped. So the batch ends with a graph that
    has nodes, and a model that counts the graphs as ``batch.max() + 1`` gives every graph a row; a graph
    without nodes gets that of an empty readout.

    Args:
        model: Model in evaluation mode, called as ``model(x, edge_index, batch)``.
        graphs: ``B`` graphs.

    Returns:
        Logits ``[B, C]``, without gradient.

    Raises:
        ValueError: If the model returns another shape.
    """
    size = graphs.size
    with torch.no_grad():
        x = torch.cat([graphs.x, graphs.x.new_zeros(1, graphs.x.size(1))])
        logits = model(x, graphs.edge_index, torch.cat([graphs.batch, graphs.batch.new_tensor([size])]))
    if not isinstance(logits, Tensor) or logits.dim() != 2 or len(logits) != size + 1:
        got = list(logits.shape) if isinstance(logits, Tensor) else type(logits).__name__
        raise ValueError(
            f"Expected logits [{size + 1}, C] of {size + 1} graphs from {type(model).__name__} (got {got}); "
            "return one row for each graph, see hpme check-model"
        )
    return logits[:-1].float()


def node_embedding(model: nn.Module, graphs: Graphs) -> Tensor:
    """Returns the embedding of each node before the readout, without gradient; see `traced_embedding`."""
    with torch.no_grad():
        return traced_embedding(model, graphs).float()


def traced_embedding(model: nn.Module, graphs: Graphs) -> Tensor:
    """Returns the embedding of each node before the readout, which gradients can pass.

    A model with a method ``embed(x, edge_index)`` is asked for it; of any other, the last output of a
    message-passing layer that has a row for each node is caught by forward hooks, which are gone again
    afterwards, also after an error.

    Args:
        model: Model in evaluation mode.
        graphs: Graphs with ``N`` nodes.

    Returns:
        Embeddings ``[N, H]``.

    Raises:
        ValueError: If the model has neither.
    """
    embed: Callable[[Tensor, Tensor], Tensor] | None = getattr(model, "embed", None)
    z = _last_message_passing(model, graphs) if embed is None else embed(graphs.x, graphs.edge_index)
    if not isinstance(z, Tensor) or z.dim() != 2 or len(z) != len(graphs.x):
        kind = "no such output" if z is None else getattr(z, "shape", type(z).__name__)
        raise ValueError(
            f"Expected a model with 'embed' or a message-passing layer that gives [num_nodes, width] (got "
            f"{type(model).__name__} with {kind}); add a method embed(x, edge_index) that returns it"
        )
    return z


def _last_message_passing(model: nn.Module, graphs: Graphs) -> Tensor | None:
    """The output of the message-passing layer that is called last, of those with a row for each node."""
    count, caught = len(graphs.x), list[Tensor]()

    def catch(_module: nn.Module, _inputs: object, output: object) -> None:
        first = output[0] if isinstance(output, tuple) else output  # some return their attention, too
        if isinstance(first, Tensor) and first.dim() == 2 and len(first) == count:
            caught.append(first)

    layers = [module for module in model.modules() if isinstance(module, MessagePassing)]
    hooks = [layer.register_forward_hook(catch) for layer in layers]
    try:
        if layers:
            model(graphs.x, graphs.edge_index, torch.zeros(count, dtype=torch.long))
    finally:
        for hook in hooks:
            hook.remove()
    return caught[-1] if caught else None


def graph_embedding(model: nn.Module, graphs: Graphs) -> Tensor:
    """Returns maximum and mean of each graph's node embeddings ``[B, 2H]``; zeros for one without nodes."""
    return readout(node_embedding(model, graphs), graphs)


def readout(z: Tensor, graphs: Graphs) -> Tensor:
    """Returns maximum and mean of the embeddings ``[N, H]`` of each graph's nodes ``[B, 2H]``; 0 if none."""
    pools = (pool(z, graphs.batch, graphs.size) for pool in (global_max_pool, global_mean_pool))
    return torch.cat([*pools], dim=-1)
