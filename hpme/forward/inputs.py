"""What a model's `forward` takes, bound by name to what graphs have."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch_geometric.data import Batch, Data
from torch_geometric.nn import Sequential

from hpme.forward.packed import Packed

# Names that people give to the same thing.
ALIASES = {
    "x": ("h", "feat", "feats", "features", "node_feat", "node_feats", "node_features", "node_attr", "nodes"),
    "edge_index": ("edges", "edge_idx", "edge_list", "edge_indices", "ei"),
    "batch": ("batch_index", "batch_idx", "batch_vec", "batch_vector", "batch_ids", "graph_ids", "b"),
    "edge_attr": ("edge_attrs", "edge_feat", "edge_feats", "edge_features", "e"),
    "edge_weight": ("edge_weights",),
    "batch_size": ("num_graphs",),
}
KEYS = {alias: key for key, aliases in ALIASES.items() for alias in aliases}
ORDER = ("x", "edge_index", "batch")  # of what is passed without names
GATHERING = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
MADE = ("batch", "batch_size", "num_nodes", "ptr")  # made of the graphs, which do not have them
DENSE = ("adj", "adj_t", "a")
LABEL = "y"
POSITIONS = frozenset({"pos", "position", "positions", "coord", "coords", "coordinates", "xyz"})  # in space
KNOWN_INPUTS = ("edge_attr", "edge_weight", "edge_type", "pos", "z", "u")  # that models are commonly given

# Parameters by the name of the tensor that each gets, or a function of a batch that returns the arguments.
Inputs = Mapping[str, str] | Callable[[Batch], Any]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a model's `forward`, and the tensor that it gets."""

    name: str
    key: str  # name of the tensor
    required: bool
    by_place: bool  # it cannot be given by name
    none: bool = False  # None unless it is given


@dataclass(frozen=True)
class Signature:
    """What a function takes of a batch of graphs."""

    owner: str  # for sentences
    parameters: tuple[Parameter, ...]
    whole: bool = False  # one `Batch`
    gathers: bool = False  # anything else by name, `**kwargs`

    @property
    def keys(self) -> frozenset[str]:
        """Names of the tensors that it takes."""
        return frozenset(parameter.key for parameter in self.parameters)

    @property
    def batched(self) -> bool:
        """Tells whether it can be asked about many graphs at once."""
        return self.whole or "batch" in self.keys

    def arguments(self, graphs: Packed) -> tuple[list[Any], dict[str, Any]]:
        """Arguments and keyword arguments for a call about these graphs.

        Raises:
            ValueError: If the graphs lack what it requires.
        """
        if self.whole:
            return [to_batch(graphs)], {}
        args, kwargs, values = list[Any](), dict[str, Any](), Values(graphs)
        for parameter in self.parameters:
            if parameter.key in values:
                if parameter.by_place:
                    args.append(values[parameter.key])
                else:
                    kwargs[parameter.name] = values[parameter.key]
            elif parameter.required:
                has = ", ".join(name for name in values if name not in MADE)
                raise ValueError(
                    f"Expected graphs with '{parameter.key}', which {self.owner} takes (got {has}); name it "
                    f"so in each graph, or say inputs={{'{parameter.name}': name of the tensor}}"
                )
        return args, kwargs


class Values(Mapping[str, Any]):
    """All that a call can be given of some graphs, by name."""

    def __init__(self, graphs: Packed) -> None:
        self._made: dict[str, Callable[[], Any]] = {
            "edge_index": lambda: graphs.edge_index,
            "batch": lambda: graphs.batch,
            "batch_size": lambda: graphs.size,
            "num_nodes": lambda: len(graphs.x),
            "ptr": lambda: graphs.node_ptr,
        }
        if graphs.has_features:
            self._made["x"] = lambda: graphs.x
        self._carried = {**_in_rows(graphs), **graphs.edge_attrs, **graphs.node_attrs}

    def __getitem__(self, name: str) -> Any:
        """Returns a value, made only when it is asked for."""
        return self._carried[name] if name in self._carried else self._made[name]()

    def __iter__(self) -> Iterator[str]:
        """Yields the names."""
        return iter([*self._made, *self._carried])

    def __len__(self) -> int:
        """Returns how many there are."""
        return len(self._made) + len(self._carried)

    def __contains__(self, name: object) -> bool:
        """Tells whether there is such a value, without making it."""
        return name in self._carried or name in self._made


def signature(function: Callable[..., Any], owner: str, inputs: Mapping[str, str] | None = None) -> Signature:
    """Returns what a function takes of a batch, by the names of its parameters.

    Args:
        function: Such as a model's `forward`.
        owner: What to call it in a sentence.
        inputs: Which tensor a parameter gets, where its name does not say.

    Raises:
        ValueError: If a name in `inputs` is no parameter, or the function takes what cannot be given.
    """
    given = inputs or {}
    parameters = _parameters(function)
    names = [parameter.name for parameter in parameters]
    gathers = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)
    unknown = [name for name in given if name not in names]
    if unknown and not gathers:
        listed = ", ".join(names)
        raise ValueError(
            f"Expected parameters of {owner} in 'inputs': {listed} (got '{unknown[0]}'); name those"
        )
    required = [parameter.name for parameter in parameters if _required(parameter)]
    if len(required) == 1 and not given and _key(required[0], given) not in {"x", "edge_index", "z"}:
        return Signature(owner, (), whole=True)
    bound = [_bound(parameter, given, owner) for parameter in parameters if parameter.kind not in GATHERING]
    if parameters and parameters[0].kind is inspect.Parameter.VAR_POSITIONAL and names[0] != "_":
        bound += [Parameter(key, key, True, True) for key in (ORDER[:-1] if gathers else ORDER)]
    if gathers and not any(item.key == ORDER[-1] for item in bound):
        bound += [Parameter(ORDER[-1], ORDER[-1], False, False)]
    bound += [Parameter(name, given[name], True, False) for name in unknown]
    return Signature(owner, tuple(bound), gathers=gathers)


def of(function: Callable[..., Any], inputs: Mapping[str, str] | None) -> dict[str, str]:
    """Returns those of the `inputs` of a model's `forward` that another of its functions takes, too."""
    names = {parameter.name for parameter in _parameters(function)}
    return {name: key for name, key in (inputs or {}).items() if name in names}


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    kind, missing = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.empty
    owner = getattr(function, "__self__", None)
    if isinstance(owner, Sequential):
        return [inspect.Parameter(name, kind) for name in owner.signature.param_dict]
    schema = getattr(function, "schema", None)  # of a scripted model
    if schema is None:
        return list(inspect.signature(function).parameters.values())
    return [
        inspect.Parameter(a.name, kind, default=a.default_value if a.has_default_value() else missing)
        for a in schema.arguments[1:]
    ]


def _required(parameter: inspect.Parameter) -> bool:
    return parameter.default is parameter.empty and parameter.kind not in GATHERING


def _key(name: str, given: Mapping[str, str]) -> str:
    """The tensor that a parameter of this name gets."""
    plain = name.lstrip("_")
    return given.get(name, KEYS.get(plain, plain))


def _bound(parameter: inspect.Parameter, given: Mapping[str, str], owner: str) -> Parameter:
    key, required = _key(parameter.name, given), _required(parameter)
    if required and key.lower() in DENSE and parameter.name not in given:
        raise ValueError(
            f"Expected a model that takes 'edge_index' (got {owner} with '{parameter.name}', an adjacency "
            "matrix); wrap it in a module whose forward(x, edge_index, batch) makes the matrix, see "
            "torch_geometric.utils.to_dense_adj and to_dense_batch"
        )
    if required and key == LABEL and parameter.name not in given:
        raise ValueError(
            f"Expected a model that needs no labels (got {owner} with '{parameter.name}'); give it the "
            "default None, and return the prediction where it is not given"
        )
    by_place, none = parameter.kind is parameter.POSITIONAL_ONLY, parameter.default is None
    return Parameter(parameter.name, key, required, by_place, none)


def split_arguments(returned: Any) -> tuple[Sequence[Any], Mapping[str, Any]]:
    """Returns the arguments and keyword arguments that a user's `inputs` function returned."""
    if isinstance(returned, Mapping):
        return (), returned
    if isinstance(returned, list):
        return returned, {}
    if not isinstance(returned, tuple):
        return (returned,), {}
    if len(returned) == 2 and isinstance(returned[0], tuple) and isinstance(returned[1], Mapping):
        return returned
    return returned, {}


def to_batch(graphs: Packed) -> Batch:
    """Returns graphs as PyG's `Batch`, with all of their attributes, which can be taken apart again."""
    batch: Any = Batch(_base_cls=Data)
    tensors = {"x": graphs.x} if graphs.has_features else {}
    tensors |= {"edge_index": graphs.edge_index, **graphs.node_attrs, **graphs.edge_attrs}
    for name, value in {**tensors, **_in_rows(graphs)}.items():
        batch[name] = value
    batch.batch, batch.ptr = graphs.batch, graphs.node_ptr
    if not graphs.has_features:
        batch.num_nodes = len(graphs.x)
    none = torch.zeros(graphs.size, dtype=torch.long)
    node_ptr, edge_ptr = graphs.node_ptr.cpu(), graphs.edge_ptr.cpu()
    slices: dict[str, Tensor] = dict.fromkeys(batch.keys(), node_ptr)
    slices |= dict.fromkeys(["edge_index", *graphs.edge_attrs], edge_ptr)
    slices |= {k: v.size(1) * torch.arange(graphs.size + 1) for k, v in graphs.graph_attrs.items()}
    batch._slice_dict = {name: slices[name] for name in slices if name not in ("batch", "ptr")}
    batch._inc_dict = dict.fromkeys(batch._slice_dict, none) | {"edge_index": node_ptr[:-1]}
    batch._num_graphs = graphs.size
    return batch


def _in_rows(graphs: Packed) -> dict[str, Tensor]:
    """The attributes of graphs as PyG's `Batch` has them: the rows of one graph after those of another."""
    return {name: value.flatten(0, 1) for name, value in graphs.graph_attrs.items()}


def unused(takes: Signature, graph: Data) -> list[str]:
    """Returns the common inputs that a graph has and a model that takes these does not."""
    return [name for name in KNOWN_INPUTS if name not in takes.keys and isinstance(graph.get(name), Tensor)]


def way_in(takes: Signature, graph: Data, name: str) -> str:
    """Returns how to give a model an input that it may take under another name; empty if there is none."""
    known = {LABEL, *MADE, *graph.keys()}
    free = (item.name for item in takes.parameters if item.none and item.key not in known)
    place = next(free, name if takes.gathers else None)
    return f"; if it is to be its '{place}', say inputs={{'{place}': '{name}'}}" if place else ""
