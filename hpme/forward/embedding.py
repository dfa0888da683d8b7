"""Node embeddings of any model, by hooks on its layers."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch_geometric.nn import MessagePassing

from hpme.forward.packed import Packed


def message_passing(model: nn.Module) -> list[nn.Module]:
    """Returns the message-passing layers of a model, without those inside of pooling operators."""
    pooling = [module for module in model.modules() if ".nn.pool" in type(module).__module__]
    inside = {id(part) for module in pooling for part in module.modules()}
    return [
        module
        for module in model.modules()
        if isinstance(module, MessagePassing) and id(module) not in inside
    ]


def neighbour_sums(graphs: Packed) -> Tensor:
    """Returns what is known of each node without a model: features and the sum of its neighbours' ``[N, H]``.

    Graphs without features give their `z` instead, and the degree always counts.
    """
    z = None if graphs.has_features else graphs.node_attrs.get("z")
    flat = (graphs.rows if z is None else z.view(len(z), -1)).float()
    flat = torch.cat([flat, flat.new_ones(len(flat), 1)], dim=1)
    start, end = graphs.edge_index
    return torch.cat([flat, torch.zeros_like(flat).index_add(0, end, flat[start])], dim=1)


def last_layers(model: nn.Module, ask: Callable[[], object], count: int) -> Tensor | None:
    """Returns the output of the message-passing layer that is called last when `ask` is run.

    Only outputs with a row for each node count. The hooks that catch them are gone again afterwards, also
    after an error. One number a node is most often a score of the node, so it is taken only where there is
    nothing wider.

    Args:
        model: The model that `ask` asks.
        ask: Runs the model.
        count: Number of nodes, ``N``.

    Returns:
        Embeddings ``[N, H]``; None if there are none.
    """
    caught = list[Tensor]()

    def catch(_module: nn.Module, _inputs: object, output: object) -> None:
        first = output[0] if isinstance(output, tuple) else output  # some return their attention, too
        if isinstance(first, Tensor) and first.dim() == 2 and len(first) == count:
            caught.append(first)

    hooks = [layer.register_forward_hook(catch) for layer in message_passing(model)]
    try:
        if hooks:
            ask()
    finally:
        for hook in hooks:
            hook.remove()
    wide = [z for z in caught if z.size(1) > 1] or caught
    return wide[-1] if wide else None
