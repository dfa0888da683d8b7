"""The one question to a model: graphs in, a row of logits or one number for each graph out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Any

import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain.config import ModelConfig

from hpme.forward import inputs as binding
from hpme.forward.blank import with_blank
from hpme.forward.calling import called, evaluating, unwrapped, unwritten
from hpme.forward.company import minds_company
from hpme.forward.embedding import last_layers, message_passing, neighbour_sums
from hpme.forward.graphs import uneven
from hpme.forward.hops import CENTRE, centre_rows, has_centre
from hpme.forward.named import named
from hpme.forward.packed import NOT_INPUTS, Packed, pack
from hpme.forward.task import Output, Task, task_config
from hpme.forward.transforming import Transform, transformed

Types = str | Callable[[Data], Tensor]
ALWAYS = ("fixed", "types", CENTRE)  # what mixing asks of the graphs, whatever the model takes


class Question(nn.Module):
    """A model, and how it is asked; nothing else in this project calls it.

    Whatever the model returns becomes logits ``[B, C]`` of two classes or more, or numbers ``[B, 1]``: one
    logit `l` of a binary classifier, and one of several binary tasks, become ``[0, l]``; probabilities become
    logarithms. The model is asked in evaluation mode, which is restored afterwards, on its own device; the
    answers are on the graphs'. A model that takes no batch vector is asked about one graph at a time.

    Args:
        model: Model of graphs. What its `forward` takes is bound by name to what the graphs have: `x`,
            `edge_index`, `batch`, `edge_attr`, `edge_weight`, `edge_type`, `pos`, `z`, `u`, any other
            attribute; or it takes one `Batch`.
        model_config: Its task, as PyG's `ModelConfig` or a dictionary of its fields `mode`, `task_level`
            (``"graph"``, or ``"node"``: see `hpme.forward.node_graphs`) and `return_type` (default
            ``"raw"``). Default: what the model says in an attribute `model_config`; without one, several
            outputs are the logits of classes that exclude each other.
        output: Which of several numbers or binary tasks to explain; or the key, or a function, that takes the
            tensor out of a dictionary or tuple.
        inputs: Which tensor each parameter gets, where its name does not say; or a function that is given a
            `Batch` and returns the arguments: a tuple, a dictionary of keyword arguments, or both.
        transform: Applied to every graph, mixed ones included, before the model sees it: positional
            encodings, virtual nodes. Nodes that it adds have to come last.
        types: What counts as a node's type when graphs are mixed: the name of an attribute, or a function of
            a graph, int64 ``[N]``. Default: see `hpme.method.mixup`.

    Raises:
        ValueError: If the settings do not fit each other, or the model takes what cannot be given.

    Example:
        >>> from hpme import load_classifier, load_dataset
        >>> graphs = load_dataset("ba-2motifs").test[:3]
        >>> question = Question(load_classifier("ba-2motifs"))
        >>> question(question.pack(graphs)).shape
        torch.Size([3, 2])
    """

    def __init__(
        self,
        model: nn.Module,
        *,
        model_config: ModelConfig | Mapping[str, Any] | None = None,
        output: Output | None = None,
        inputs: binding.Inputs | None = None,
        transform: Transform | None = None,
        types: Types | None = None,
    ) -> None:
        super().__init__()
        self.model = unwrapped(model)
        self.name = type(self.model).__name__
        self.inputs, self.transform, self.types = inputs, transform, types
        self.task = Task(self.name, task_config(self.model, model_config), output)
        self.told = model_config is not None  # else the model has said it, or nobody
        self._reads_positions: bool | None = None  # it was not tried
        self.apart = False  # its answer about a graph depends on the others, so it is asked one by one
        owner = f"{self.name}.forward"
        if callable(inputs):
            self.takes = binding.Signature(owner, (), whole=True)
        else:
            self.takes = binding.signature(self.model.forward, owner, inputs)

    @property
    def settings(self) -> str:
        """What is asked otherwise than the model itself says, for its fingerprint; empty if nothing is."""
        given = {
            "task": named(self.task.config) if self.told else "",
            "output": named(self.task.output),
            "inputs": named(self.inputs),
            "transform": named(self.transform),
            "types": named(self.types),
        }
        return "".join(f" {name}={value}" for name, value in given.items() if value)

    def removal_only(self, graphs: Packed) -> bool:
        """Tells whether the model reads the graphs' positions, so that no graph can take another's place.

        Of a model that gets whole batches, or graphs that are transformed, it is tried out whether it does.
        """
        places = [name for name in graphs.node_attrs if name in binding.POSITIONS]
        if not places or not (self.takes.whole or self.transform):
            return any(name in self.takes.keys for name in places)
        if self._reads_positions is None:
            moved = {name: graphs.node_attrs[name].roll(1, 0) * 1.5 for name in places}
            elsewhere = replace(graphs, node_attrs={**graphs.node_attrs, **moved})
            with torch.no_grad():
                reads = not torch.equal(self(graphs), self(elsewhere))
            if not reads and graphs.size == 1:  # one may be too small to tell
                return False
            self._reads_positions = reads
        return self._reads_positions

    @cached_property
    def embeds(self) -> binding.Signature | None:
        """What the model's own method `embed` takes; None if it has none."""
        own = getattr(self.model, "embed", None)
        if not callable(own) or isinstance(own, nn.Module) or callable(self.inputs):
            return None  # what it is to be given is not known where a function makes it
        return binding.signature(own, f"{self.name}.embed", binding.of(own, self.inputs))

    @property
    def together(self) -> bool:
        """Whether many graphs are asked about at once: it takes `batch`, or predicts nodes and needs none."""
        return self.task.of_nodes or (self.takes.batched and not self.apart)

    @property
    def device(self) -> torch.device | None:
        """Where the model is; None for one without weights."""
        first = next(chain(self.model.parameters(), self.model.buffers()), None)
        return None if first is None else first.device

    def pack(self, graphs: Sequence[Data]) -> Packed:
        """Packs graphs with what the model takes, on its device.

        Raises:
            ValueError: If only some graphs have an attribute that it takes, or a model of nodes is given
                graphs that are not around one node each.
        """
        if self.task.of_nodes and not all(map(has_centre, graphs)):
            raise ValueError(
                f"Expected graphs around one node each, which 'centre' marks, as {self.name} predicts nodes "
                "(got others); give the whole graph and index=, or see hpme.forward.node_graphs"
            )
        everything = self.takes.whole or self.transform is not None
        keys = None if everything else {*self.takes.keys, *ALWAYS}
        packed = pack(graphs, keys)
        values = binding.Values(packed)
        for key in sorted({*self.takes.keys, "fixed", *(binding.KNOWN_INPUTS if everything else ())}):
            if key in values or key in binding.MADE or key in NOT_INPUTS:
                continue
            if any(key in graph for graph in graphs):
                what = f"'{key}', which {self.takes.owner} takes," if key in self.takes.keys else f"'{key}'"
                raise ValueError(uneven(key, graphs, what))
        if self.types is not None:
            packed = replace(packed, node_attrs={**packed.node_attrs, "types": self._types(graphs)})
        device = self.device
        packed = packed if device is None else packed.to(device)
        if self.together and not self.task.of_nodes:
            self.apart = minds_company(self.model, self._rows, packed)
        return packed

    def _types(self, graphs: Sequence[Data]) -> Tensor:
        own, parts = self.types, list[Tensor]()
        for graph in graphs:
            kinds = graph.get(own) if isinstance(own, str) else own(graph) if own is not None else None
            count = graph.num_nodes
            if not isinstance(kinds, Tensor) or kinds.shape != (count,) or kinds.is_floating_point():
                got = list(kinds.shape) if isinstance(kinds, Tensor) else type(kinds).__name__
                raise ValueError(f"Expected types, integers of shape [{count}], of each graph (got {got})")
            parts.append(kinds.long())
        return torch.cat(parts)

    def forward(self, graphs: Packed) -> Tensor:
        """Asks the model; gradients can pass.

        Args:
            graphs: ``B`` graphs; some may have no nodes.

        Returns:
            Logits ``[B, C]``, or the numbers ``[B, 1]`` of a regression, on the graphs' device.

        Raises:
            ValueError: If the graphs lack what the model takes, it fails, or returns another shape.
        """
        if self.task.of_nodes:
            return centre_rows(self.each_node(graphs), graphs)
        return self._rows(graphs, not self.together)

    def _rows(self, graphs: Packed, singly: bool) -> Tensor:
        asked = with_blank(self._seen(graphs))
        with evaluating(self.model):
            rows = self._one_by_one(asked) if singly else self._together(asked)
        return _told(rows[: graphs.size], graphs)

    def each_node(self, graphs: Packed) -> Tensor:
        """Asks a model of nodes; returns logits ``[N, C]``, or numbers ``[N, 1]``, of every node."""
        asked = self._seen(graphs)
        with evaluating(self.model):
            rows = self.task.rows(self._call(asked), len(asked.x))
        return _told(self._own_nodes(rows, graphs, asked), graphs)

    def _together(self, graphs: Packed) -> Tensor:
        returned = self._call(graphs)
        if graphs.size == 1 and self.task.drops_its_graph(returned):
            beside_blank = self._call(with_blank(graphs, always=True))
            if not self.task.drops_its_graph(beside_blank):
                return self.task.rows(beside_blank, 2)[:1]
        return self.task.rows(returned, graphs.size)

    def _one_by_one(self, graphs: Packed) -> Tensor:
        rows = [self._row(one) for one in _each(graphs)]
        widths = sorted({row.size(1) for row in rows})
        if len(widths) > 1:
            raise ValueError(
                f"Expected as many logits for every graph from {self.takes.owner} (got {widths[0]} for one "
                f"and {widths[-1]} for another); return one row for each graph, see hpme check-model"
            )
        return torch.cat(rows)

    def _row(self, graph: Packed) -> Tensor:
        """The answer about one graph; that it is not one number for each node is tried where it could be."""
        returned = self._call(graph)
        row = self.task.rows(returned, 1, alone=True)
        if self.task.drops_its_graph(returned) and row.size(1) == len(graph.x):
            larger = self._call(with_blank(graph, always=True))
            if self.task.rows(larger, 1, alone=True).size(1) != row.size(1):
                raise ValueError(
                    f"Expected logits of whole graphs from {self.takes.owner} (got a number for each node); "
                    "add a readout, such as torch_geometric.nn.global_add_pool"
                )
        return row

    def embed(self, graphs: Packed) -> Tensor:
        """Returns the embedding of each node before the readout ``[N, H]``, which gradients can pass.

        A model with a method `embed`, whose parameters are bound as those of `forward`, is asked for it. Of
        any other it is the last output of a message-passing layer that has a row for each node; of one
        without such layers, the features of each node beside the sum of its neighbours'.

        Raises:
            ValueError: If the model's `embed` returns something else.
        """
        asked = self._seen(graphs)
        z: Tensor | None
        with evaluating(self.model):
            if self.embeds is not None:
                z = self._embedded(self.embeds, asked)
            elif not self.together:
                z = self._last_of_each(asked)
            else:
                z = last_layers(self.model, lambda: self._call(asked), len(asked.x))
                if z is None and asked.size > 1 and message_passing(self.model):  # it takes batches apart
                    z = self._last_of_each(asked)
        known = neighbour_sums(asked) if z is None else z
        return _told(self._own_nodes(known, graphs, asked), graphs)

    def notes(self, graph: Data) -> list[str]:
        """Returns what the result of a question about a graph should say; most often nothing."""
        unknown = self.takes.whole or self.transform is not None  # what becomes of an attribute
        missed = [] if unknown else binding.unused(self.takes, graph)
        notes = [
            f"The graphs have {name}, which {self.name} does not take: it plays no part in the explanation"
            f"{binding.way_in(self.takes, graph, name)}."
            for name in missed
        ]
        placed = [name for name in binding.POSITIONS if graph.get(name) is not None]  # else nothing to pack
        if placed and self.removal_only(self.pack([graph])):
            notes.append(
                f"{self.name} reads positions, which have no meaning in another graph: the explanation was "
                "checked by removing the rest, not in mixed graphs."
            )
        return notes

    def _seen(self, graphs: Packed) -> Packed:
        """The graphs as the model sees them: on its device, transformed."""
        device = self.device
        here = graphs if device is None else graphs.to(device)
        return here if self.transform is None else transformed(here, self.transform)

    def _call(self, graphs: Packed) -> Any:
        args: Sequence[Any]
        kwargs: Mapping[str, Any]
        with unwritten(graphs.tensors, self.takes.owner):
            if callable(self.inputs):
                given = called(self.inputs, [binding.to_batch(graphs)], {}, "the function 'inputs'")
                args, kwargs = binding.split_arguments(given)
            else:
                args, kwargs = self.takes.arguments(graphs)
            return called(self.model, args, kwargs, self.takes.owner)

    def _embedded(self, takes: binding.Signature, graphs: Packed) -> Tensor:
        if self.apart and graphs.size > 1:
            parts = [(self._embedded(takes, one), int(one.node_ptr[1])) for one in _each(graphs)]
            return torch.cat([z[:count] for z, count in parts])  # without a blank node
        owner = takes.owner
        args, kwargs = takes.arguments(graphs)
        embed: Any = self.model.embed
        z = called(embed, args, kwargs, owner)
        if not isinstance(z, Tensor) or z.dim() != 2 or len(z) != len(graphs.x):
            got = list(z.shape) if isinstance(z, Tensor) else type(z).__name__
            raise ValueError(
                f"Expected embeddings [{len(graphs.x)}, width] of {len(graphs.x)} nodes from {owner} (got "
                f"{got}); return a row for each node"
            )
        return z

    def _last_of_each(self, graphs: Packed) -> Tensor | None:
        """The embeddings of a model that is asked about one graph at a time; None if there are none."""
        parts = []
        for one in _each(graphs):
            z = last_layers(self.model, lambda one=one: self._call(one), len(one.x))  # type: ignore[misc]
            if z is None:
                return None
            parts.append(z[: int(one.node_ptr[1])])  # without a blank node
        return torch.cat(parts)

    def _own_nodes(self, z: Tensor, graphs: Packed, asked: Packed) -> Tensor:
        """The rows of the graphs' own nodes, without those that `transform` has added behind them."""
        if len(asked.x) == len(graphs.x):
            return z
        counts = graphs.node_ptr.diff().to(z.device)
        place = torch.arange(len(z), device=z.device) - asked.node_ptr[asked.batch]
        return z[place < counts[asked.batch]]


def _told(rows: Tensor, graphs: Packed) -> Tensor:
    """What the model says, where the graphs are; without a gradient that nobody asked for."""
    rows = rows.to(graphs.device)  # some models switch gradients on, for embeddings that they keep
    return rows if torch.is_grad_enabled() else rows.detach()


def asked(model: nn.Module, **settings: Any) -> Question:
    """Returns the question to a model with the settings of `Question` that are not None.

    Raises:
        ValueError: If the model is a question already, which has settings of its own.
    """
    given = {name: value for name, value in settings.items() if value is not None}
    if given and isinstance(model, Question):
        raise ValueError(
            f"Expected settings either in the Question or beside it (got {', '.join(given)} with a "
            "Question); make one Question with all of them"
        )
    return Question(model, **given) if given else ask(model)


def _each(graphs: Packed) -> Iterator[Packed]:
    """Yields the graphs one by one; one without nodes gets a blank one."""
    for i in torch.arange(graphs.size, device=graphs.device).split(1):
        yield with_blank(graphs.take(i)[0])


def ask(model: nn.Module) -> Question:
    """Returns the question to a model: the model itself if it is one."""
    return model if isinstance(model, Question) else Question(model)
