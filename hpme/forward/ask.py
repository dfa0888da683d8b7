"""What any classifier says of graphs: logits, and embeddings of nodes and graphs."""

from collections.abc import Callable
from math import erf, sqrt

import torch
from torch import Tensor, nn
from torch_geometric.nn import MessagePassing, global_max_pool, global_mean_pool

TOLERANCE = 0.5  # of the outputs' spread: what is nearer counts as the same number


def same(outputs: Tensor, originals: Tensor, tolerance: float = 0.0) -> Tensor:
    """Whether predictions are the same: the same class, or with one output a number that is near enough.

    Args:
        outputs: What a model says of changed graphs ``[..., C]``, or ``[..., 1]`` for a regression.
        originals: What it says of the originals, of a shape that fits.
        tolerance: Largest difference of two numbers that count as the same; classes do not need it.

    Returns:
        Bool ``[...]``.
    """
    if outputs.size(-1) == 1:
        return ((outputs - originals).abs() <= tolerance).squeeze(-1)
    return outputs.argmax(-1) == originals.argmax(-1)


def tolerance(outputs: Tensor) -> float:
    """Half the standard deviation of a regression's outputs ``[G, 1]``; 0 for classes ``[G, C]``.

    Two graphs drawn at random differ by less than that in about a quarter of cases (0.28 if the outputs are
    normal): so a number kept is far from a number that came about by chance, and a model's usual error on
    unlike graphs is still forgiven.
    """
    if outputs.size(-1) > 1 or len(outputs) < 2:
        return 0.0
    return TOLERANCE * float(outputs.std())


def levels(num_outputs: int) -> float:
    """How many predictions a model tells apart: its classes; of normal numbers 2.6.

    One over the share of graphs for which the best constant prediction is the `same` as the model's.
    """
    return num_outputs if num_outputs > 1 else 1 / erf(TOLERANCE / sqrt(2))


def graph_logits(model: nn.Module, x: Tensor, edge_index: Tensor, batch: Tensor, size: int) -> Tensor:
    """Logits of each graph, also of those that have no nodes left.

    One blank node is appended as a graph of its own and its row dropped. So the batch ends with a graph that
    has nodes, and a model that counts the graphs as ``batch.max() + 1`` gives every graph a row; a graph
    without nodes gets that of an empty readout.

    Args:
        model: Classifier in evaluation mode, called as ``model(x, edge_index, batch)``.
        x: Node features ``[N, F]``.
        edge_index: Edges ``[2, E]``.
        batch: Graph of each node ``[N]``.
        size: Number of graphs, ``B``.

    Returns:
        Logits ``[B, C]``, without gradient.

    Raises:
        ValueError: If the model returns another shape.
    """
    with torch.no_grad():
        blank = x.new_zeros(1, x.size(1))
        found = model(torch.cat([x, blank]), edge_index, torch.cat([batch, batch.new_tensor([size])]))
    if not isinstance(found, Tensor) or found.dim() != 2 or len(found) != size + 1:
        got = list(found.shape) if isinstance(found, Tensor) else type(found).__name__
        raise ValueError(
            f"Expected logits [{size + 1}, C] of {size + 1} graphs from {type(model).__name__} (got {got}); "
            "return one row for each graph, see hpme check-model"
        )
    return found[:-1].float()


def node_embedding(model: nn.Module, x: Tensor, edge_index: Tensor) -> Tensor:
    """What the classifier knows of each node before its readout; see `traced_embedding`, without gradient."""
    with torch.no_grad():
        return traced_embedding(model, x, edge_index).float()


def traced_embedding(model: nn.Module, x: Tensor, edge_index: Tensor) -> Tensor:
    """What the classifier knows of each node before its readout, for gradients to pass.

    A model with a method ``embed(x, edge_index)`` is asked for it; of any other, the last output of a
    message-passing layer that has a row for each node is caught by forward hooks, which are gone again
    afterwards, also after an error.

    Args:
        model: Classifier in evaluation mode.
        x: Node features ``[N, F]``.
        edge_index: Edges ``[2, E]``.

    Returns:
        Embeddings ``[N, H]``.

    Raises:
        ValueError: If the model has neither.
    """
    embed: Callable[[Tensor, Tensor], Tensor] | None = getattr(model, "embed", None)
    found = _caught(model, x, edge_index) if embed is None else embed(x, edge_index)
    if not isinstance(found, Tensor) or found.dim() != 2 or len(found) != len(x):
        kind = "no such output" if found is None else getattr(found, "shape", type(found).__name__)
        raise ValueError(
            f"Expected a model with 'embed' or a message-passing layer that gives [num_nodes, width] (got "
            f"{type(model).__name__} with {kind}); add a method embed(x, edge_index) that returns it"
        )
    return found


def _caught(model: nn.Module, x: Tensor, edge_index: Tensor) -> Tensor | None:
    """The last message-passing layer's output of the right shape, in the order in which they are called."""
    caught: list[Tensor] = []

    def catch(_module: nn.Module, _inputs: object, output: object) -> None:
        first = output[0] if isinstance(output, tuple) else output  # some return their attention, too
        if isinstance(first, Tensor) and first.dim() == 2 and len(first) == len(x):
            caught.append(first)

    layers = [module for module in model.modules() if isinstance(module, MessagePassing)]
    hooks = [layer.register_forward_hook(catch) for layer in layers]
    try:
        if layers:
            model(x, edge_index, torch.zeros(len(x), dtype=torch.long))
    finally:
        for hook in hooks:
            hook.remove()
    return caught[-1] if caught else None


def graph_embedding(model: nn.Module, x: Tensor, edge_index: Tensor, batch: Tensor, size: int) -> Tensor:
    """Maximum and mean of the node embeddings of each graph.

    Args:
        model: Classifier in evaluation mode.
        x: Node features ``[N, F]``.
        edge_index: Edges ``[2, E]``.
        batch: Graph of each node ``[N]``.
        size: Number of graphs, ``B``.

    Returns:
        Embeddings ``[B, 2H]``; a graph without nodes is the zero vector.
    """
    return readout(node_embedding(model, x, edge_index), batch, size)


def readout(z: Tensor, batch: Tensor, size: int) -> Tensor:
    """Maximum and mean of the embeddings ``[N, H]`` of each graph's nodes, ``[B, 2H]``; 0 without nodes."""
    return torch.cat([global_max_pool(z, batch, size), global_mean_pool(z, batch, size)], dim=-1)
