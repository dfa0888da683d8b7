"""A second device without a GPU: tensors that are elsewhere, and refuse to meet those that are here.

A tensor there says that it is on the device ``meta``, but holds an ordinary one, with which it computes. As
with a GPU, an operation on tensors of both places is an error, unless one of them is a single number or an
index; so is a draw there by a generator from here. What an operation makes is where its arguments are, or
where it is told to make it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map

HERE, THERE = torch.device("cpu"), torch.device("meta")
ATEN = torch.ops.aten
MOVES = {ATEN._to_copy.default, ATEN.copy_.default}
INDEXED = {ATEN.index.Tensor, ATEN.index_put_.default, ATEN.index_put.default, ATEN._index_put_impl_.default}


class There(Tensor):
    """A tensor on the second device."""

    inner: Tensor
    __torch_function__ = torch._C._disabled_torch_function_impl

    @staticmethod
    def __new__(cls, inner: Tensor) -> "There":
        made = Tensor._make_wrapper_subclass(  # type: ignore[attr-defined]
            cls,
            inner.shape,
            strides=inner.stride(),
            storage_offset=inner.storage_offset(),
            dtype=inner.dtype,
            device=THERE,
        )
        made.inner = inner
        return made

    def __repr__(self) -> str:  # type: ignore[override]
        return f"There({self.inner})"

    def tolist(self) -> Any:
        return self.inner.tolist()

    def __iter__(self) -> Any:
        return iter(self.unbind(0))

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return run(func, args, kwargs or {})


@contextmanager
def second_device() -> Iterator[None]:
    """While it is active, ``device="meta"`` means the second device."""
    with FromLists(), Operations():
        yield


class FromLists(TorchFunctionMode):
    """Makes tensors of lists there, which PyTorch does without an operation."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func is torch.tensor and kwargs.get("device") == THERE:
            return func(*args, **{**kwargs, "device": HERE}).to(THERE)
        return func(*args, **kwargs)


class Operations(TorchDispatchMode):
    """Runs each operation where its arguments are, or where it is told to."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return run(func, args, kwargs or {})


def run(func: Callable[..., Any], args: Any, kwargs: dict[str, Any]) -> Any:
    """Runs an operation where its arguments are.

    Raises:
        RuntimeError: If they are in two places.
    """
    tensors = [value for value in tree_flatten((args, kwargs))[0] if isinstance(value, Tensor)]
    there = any(isinstance(value, There) for value in tensors)
    check(func, args, kwargs, tensors, there)
    if func is ATEN.copy_.default:
        there = isinstance(args[0], There)
    if kwargs.get("device") is not None:
        there = torch.device(kwargs["device"]) == THERE
        kwargs = {**kwargs, "device": HERE}
    plain = [tree_map(lambda v: v.inner if isinstance(v, There) else v, part) for part in (args, kwargs)]
    out = func(*plain[0], **plain[1])
    returns = func._schema.returns  # type: ignore[attr-defined]
    if len(returns) == 1 and returns[0].alias_info is not None and returns[0].alias_info.is_write:
        return args[0] if "out" not in kwargs else kwargs["out"]
    return tree_map(lambda v: There(v) if there and isinstance(v, Tensor) else v, out)


def check(func: Any, args: Any, kwargs: dict[str, Any], tensors: list[Tensor], there: bool) -> None:
    """Checks that no tensor of one dimension or more meets one of the other device."""
    there = there or (kwargs.get("device") is not None and torch.device(kwargs["device"]) == THERE)
    drawn = any(isinstance(value, torch.Generator) for value in tree_flatten((args, kwargs))[0])
    if there and drawn:
        raise RuntimeError(f"{func} draws there, from a generator here")
    if not there or func in MOVES:
        return
    met = [value for value in args if isinstance(value, Tensor)] if func in INDEXED else tensors
    here = [tuple(v.shape) for v in met if not isinstance(v, There) and v.dim()]
    if here:
        raise RuntimeError(f"{func} joins tensors here {here} with tensors there")
