"""Giving a model a weight for each edge."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch_geometric.nn import FAConv, MessagePassing
from torch_geometric.utils import scatter

from hpme.forward.ask import readout
from hpme.forward.calling import copied
from hpme.forward.packed import Packed
from hpme.forward.question import ask

SAMPLE = 64  # graphs on which the gradient of a model is tried
NEAR = 1e-2  # what attention over a node's edges sums to, but for rounding, also in half precision


@dataclass(frozen=True)
class WeightedGraphs:
    """Graphs with a weight for each edge."""

    graphs: Packed
    weight: Tensor  # of each edge [E]


class OutOfReachError(ValueError):
    """Raised where a model has no layers whose edges weights can reach."""


class EdgesChangedError(ValueError):
    """Raised when a layer passes messages over other edges than those that have weights."""


class EdgeWeighted:
    """A copy of a model that is told in every layer how much each edge weighs.

    A layer whose `forward` takes `edge_weight` gets the weights there, multiplied with its own: so they count
    before degrees are normalised, as in GCN. Attention that sums to 1 over a node's edges before messages
    are sent (GAT, GATv2) is multiplied by them, and sums to 1 again. Any other layer has its messages
    multiplied.

    Weight 1 leaves an edge as it is. Weight 0 is the edge removed wherever messages are then summed: GCN with
    or without normalisation, GraphConv, GIN, GINE, GAT without edge features. Layers that take the mean or
    the maximum of messages, or count neighbours or attend within their messages (SAGE, PNA, TransformerConv),
    still count that edge: there the weights are what PyG's own explainers use. Layers whose `explain` is
    False are passed over, as PyG does.

    Args:
        model: Model, or `hpme.forward.question.Question`; copied.
    """

    def __init__(self, model: nn.Module) -> None:
        self.question = copied(ask(model)).requires_grad_(False)

    def __call__(self, graphs: Packed, weight: Tensor) -> Tensor:
        """Logits ``[B, C]``, with a gradient for the weights ``[E]``, which may be any numbers.

        Raises:
            ValueError: If the weights cannot reach the model's edges, or its answer has no gradient.
        """
        return self._asked(self.question, graphs, weight)

    def embed(self, graphs: Packed, weight: Tensor) -> Tensor:
        """Maximum and mean of each graph's node embeddings ``[B, 2H]``, with a gradient for the weights."""
        return self._asked(lambda seen: readout(self.question.embed(seen), seen), graphs, weight)

    def check_gradient(self, graphs: Packed) -> None:
        """Checks that the answers about the first few graphs depend on the weights of edges.

        Raises:
            ValueError: If no weight has a gradient, or they cannot reach the model's edges.
        """
        first, _ = graphs.take(torch.arange(min(SAMPLE, graphs.size), device=graphs.device))
        weight = torch.full_like(first.edge_index[0], 0.9, dtype=torch.float).requires_grad_()
        with torch.enable_grad():
            logits = self(first, weight)
            columns = torch.arange(1, logits.size(1) + 1, device=logits.device)
            gradient = torch.autograd.grad((logits * columns).sum(), weight, allow_unused=True)[0]
        if gradient is None or not gradient.any():
            raise ValueError(no_gradient(self.question.name, "weights of edges"))

    def _asked(self, ask_about: Callable[[Packed], Tensor], graphs: Packed, weight: Tensor) -> Tensor:
        if not self.question.together and graphs.size > 1:
            ids = torch.arange(graphs.size, device=graphs.device).split(1)
            parts = zip(ids, graphs.split_edges(weight), strict=True)
            return torch.cat([self._asked(ask_about, graphs.take(i)[0], part) for i, part in parts])
        if len(weight) != graphs.edge_index.size(1):
            edges = graphs.edge_index.size(1)
            raise ValueError(f"Expected a weight for each of {edges} edges (got {len(weight)}); give it one")
        device = self.question.device or graphs.device
        seen, there = graphs.to(device), weight.to(device)
        try:
            with _weighing(self.question.model, seen.edge_index, there) as weighing:
                answer = ask_about(seen)
        except ValueError as error:
            if isinstance(error.__cause__, EdgesChangedError):
                raise error.__cause__ from None
            raise
        if not weighing.reached:
            raise OutOfReachError(
                f"Expected message-passing layers of PyG, which weights can reach (got none in "
                f"{self.question.name}); choose an explainer that scores nodes, such as HPME"
            )
        if weight.requires_grad and torch.is_grad_enabled() and not answer.requires_grad:
            raise ValueError(no_gradient(self.question.name, "weights of edges"))
        return answer.float().to(graphs.device)


def no_gradient(name: str, inputs: str) -> str:
    """Returns the sentence about a model, called `name`, whose answers have no gradient for some inputs."""
    return (
        f"Expected outputs that have a gradient for {inputs} (got none from {name}); choose an explainer "
        "that needs none, such as HPME"
    )


@contextmanager
def _weighing(model: nn.Module, edge_index: Tensor, weight: Tensor) -> Iterator["_Weighing"]:
    """Has the layers of a model weigh its edges; it is as before when the context ends."""
    weighing = _Weighing(edge_index, weight)
    with ExitStack() as stack:
        for layer in model.modules():
            if isinstance(layer, MessagePassing) and layer.explain is not False:
                for hook in weighing.hooks(layer):
                    stack.callback(hook.remove)
        yield weighing


class _Weighing:
    """The weights of edges, and the hooks that bring them into message-passing layers."""

    def __init__(self, edge_index: Tensor, weight: Tensor) -> None:
        self.edge_index, self.weight = edge_index, weight
        self.reached = False
        self.sent: dict[nn.Module, Tensor | None] = {}  # weights of the messages that a layer now sends
        self.whole: set[nn.Module] = set()  # layers that were given the edges themselves

    def hooks(self, layer: MessagePassing) -> list[Any]:
        """Registers what the layer needs."""
        if takes_weight(layer):
            return [layer.register_forward_pre_hook(self._into_arguments, with_kwargs=True)]
        return [
            layer.register_forward_pre_hook(self._note_edges, with_kwargs=True),
            layer.register_edge_update_forward_hook(self._into_attention),
            layer.register_propagate_forward_pre_hook(self._before_messages),
            layer.register_message_forward_hook(self._into_messages),
        ]

    def on(self, given: Any, layer: nn.Module) -> Tensor:
        """Returns the weights of the edges that a layer is given; self-loops behind them weigh 1.

        A layer that is given all edges may pass messages over some of them at a time, as RGCN does over those
        of a type.

        Raises:
            EdgesChangedError: If they are other edges.
        """
        own, weight = self.edge_index, self.weight
        self.reached = True
        if given is own:
            return weight
        if isinstance(given, Tensor) and given.layout == torch.strided:
            for stay in (torch.ones_like(own[0], dtype=torch.bool), own[0] != own[1]):
                first, last = given.split(
                    [n := min(int(stay.sum()), given.size(1)), given.size(1) - n], dim=1
                )
                if torch.equal(first, own[:, stay]) and torch.equal(last[0], last[1]):
                    return torch.cat([weight[stay], weight.new_ones(last.size(1))])
            if layer in self.whole and (places := self._places(given)) is not None:
                return weight[places]
        raise EdgesChangedError(
            f"Expected the graphs' own edges in every message-passing layer (got others in a "
            f"{type(layer).__name__}: nodes are pooled, or edges changed, on the way to it); choose an "
            "explainer that scores nodes, such as HPME"
        )

    def _places(self, given: Tensor) -> Tensor | None:
        """Where some of the edges are among all; None if they are others, or an edge is there twice."""
        span = int(self.edge_index.max()) + 1 if self.edge_index.numel() else 1
        keys, order = (self.edge_index[0] * span + self.edge_index[1]).sort()
        if not len(keys) or (keys.diff() == 0).any() or (given >= span).any():
            return None
        wanted = given[0] * span + given[1]
        place = torch.searchsorted(keys, wanted).clamp(max=len(keys) - 1)
        return order[place] if torch.equal(keys[place], wanted) else None

    def _note_edges(self, layer: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if any(value is self.edge_index for value in (*args, *kwargs.values())):
            self.whole.add(layer)
        else:
            self.whole.discard(layer)

    def _into_arguments(
        self, layer: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        bound = inspect.signature(layer.forward).bind(*args, **kwargs)
        weight = self.on(bound.arguments.get("edge_index"), layer)
        if weight.requires_grad:  # the normalisation of a degree of 0 has an infinite slope, times nothing
            weight = weight.view_as(weight)
            weight.register_hook(lambda slope: None if slope is None else slope.nan_to_num(0.0, 0.0, 0.0))
        kinds = [
            value.dtype for value in bound.args if isinstance(value, Tensor) and value.is_floating_point()
        ]
        weight = weight.to(kinds[0] if kinds else weight.dtype)
        own = bound.arguments.get("edge_weight")
        if isinstance(own, Tensor):
            weight = own.to(weight.dtype) * _along(weight, own, 0)
        bound.arguments["edge_weight"] = weight
        return bound.args, bound.kwargs

    def _into_attention(self, layer: MessagePassing, inputs: tuple[Any, ...], alpha: Tensor) -> Tensor | None:
        if not isinstance(inputs[0], Tensor) or not len(alpha):
            return None
        end = inputs[0][1 if layer.flow == "source_to_target" else 0]
        whole = scatter(alpha, end, dim=0)[end]
        if not torch.allclose(whole, torch.ones_like(whole), atol=NEAR):
            return None
        alpha = alpha * _along(self.on(inputs[0], layer), alpha, 0)
        self.sent[layer] = None  # its messages have their weights
        return alpha / scatter(alpha, end, dim=0).clamp(min=torch.finfo(alpha.dtype).tiny)[end]

    def _before_messages(self, layer: MessagePassing, inputs: tuple[Any, ...]) -> None:
        self.sent.setdefault(layer, self.on(inputs[0], layer))

    def _into_messages(self, layer: MessagePassing, _inputs: object, messages: Tensor) -> Tensor | None:
        weight = self.sent.pop(layer)
        return None if weight is None else messages * _along(weight, messages, layer.node_dim)


def takes_weight(layer: MessagePassing) -> bool:
    """Tells whether a layer takes a weight for each edge."""
    normalised = isinstance(layer, FAConv) and layer.normalize  # then it refuses weights
    return "edge_weight" in inspect.signature(layer.forward).parameters and not normalised


def _along(weight: Tensor, values: Tensor, dim: int) -> Tensor:
    """The weights in the type of `values`, and of a shape that multiplies along `dim`."""
    shape = [1] * values.dim()
    shape[dim] = -1
    return weight.to(values.dtype).view(shape)
