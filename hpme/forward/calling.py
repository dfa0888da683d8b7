"""Calling functions of the user's: in evaluation mode, with a sentence where they fail."""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel
from torch_geometric.nn import MessagePassing

from hpme import checks

T = TypeVar("T", bound=nn.Module)
CACHES = "_cached_"  # how PyG's layers begin the names of what they keep of a graph


def unwrapped(model: object) -> nn.Module:
    """Returns the model inside of `torch.compile`, `DataParallel` or `AveragedModel`: it answers alike.

    Raises:
        ValueError: If it is none.
    """
    if not isinstance(model, nn.Module):
        what = f"the class {model.__name__}" if isinstance(model, type) else type(model).__name__
        raise ValueError(
            f"Expected a torch.nn.Module (got {what}); give a model with its weights, a function inside of a "
            "module whose forward calls it"
        )
    inner = getattr(model, "_orig_mod", None)
    if isinstance(model, nn.DataParallel | nn.parallel.DistributedDataParallel | AveragedModel):
        inner = model.module
    return model if inner is None else unwrapped(inner)


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Puts a model in evaluation mode, its layers keeping nothing of a graph; it is as before afterwards.

    PyG's layers with ``cached=True`` would answer about every graph by the edges of the first.
    """
    before = [state for module in model.modules() for state in _states(module)]
    for module, name, value in before:
        setattr(module, name, False if value is True else None)
    try:
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)


def _states(module: nn.Module) -> Iterator[tuple[nn.Module, str, Any]]:
    """What of a module is to be off, or empty, while it is asked: its name, and its value now."""
    if module.training:
        yield module, "training", True
    if isinstance(module, MessagePassing) and getattr(module, "cached", False) is True:
        yield module, "cached", True
        yield from ((module, name, value) for name, value in vars(module).items() if name.startswith(CACHES))


def copied(model: T) -> T:
    """Returns a copy of a model; of what it has kept of a call, such as embeddings, the numbers alone.

    Raises:
        ValueError: If it holds something that cannot be copied.
    """
    kept = [value for part in model.modules() for value in vars(part).values() if isinstance(value, Tensor)]
    numbers: dict[int, Any] = {id(value): value.detach() for value in kept if not value.is_leaf}
    try:
        with torch.no_grad():  # else weights of scripted models are copied with a history
            return copy.deepcopy(model, numbers)
    except Exception as error:  # foreign code can fail in any way
        raise ValueError(
            f"Expected a model that can be copied (got {checks.cause(error)}); keep in its attributes what "
            "copy.deepcopy can copy, or choose an explainer that needs no copy, such as HPME"
        ) from error


@contextmanager
def unwritten(tensors: Mapping[str, Tensor], owner: str) -> Iterator[None]:
    """Sees to it that nothing is written into tensors.

    Raises:
        ValueError: If something was; the tensors are no longer what they were then.
    """
    before = {name: value._version for name, value in tensors.items() if not value.is_inference()}
    yield
    changed = ", ".join(name for name, version in before.items() if tensors[name]._version != version)
    if changed:
        raise ValueError(
            f"Expected that {owner} leaves what it is given as it is (got {changed} changed in place); "
            "write x = x + 1 instead of x += 1, x.relu() instead of x.relu_()"
        )


def called(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any], owner: str) -> Any:
    """What a function of the user's returns.

    Raises:
        ValueError: If it fails, with what it was given.
    """
    try:
        return function(*args, **kwargs)
    except torch.OutOfMemoryError:
        raise
    except Exception as error:  # foreign code can fail in any way
        named = [*(("", value) for value in args), *((f"{name} ", value) for name, value in kwargs.items())]
        given = ", ".join(f"{name}{_described(value)}" for name, value in named)
        raise ValueError(
            f"Expected an answer from {owner} when given {given} (got {checks.cause(error)}); see hpme "
            "check-model"
        ) from error


def _described(value: Any) -> str:
    if isinstance(value, Tensor):
        return f"{str(value.dtype).removeprefix('torch.')} {list(value.shape)}"
    return type(value).__name__ if not isinstance(value, int) else str(value)
