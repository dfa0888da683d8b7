"""``.pt`` files of plain dicts of tensors, as ``torch.save(data.to_dict(), path)`` writes them.

``torch.load``, even with ``weights_only``, lets a crafted file make a tensor larger than its storage, which
then shows memory that is not the file's. So the few things that such a file needs are read here.
"""

import pickle
import pickletools
from collections.abc import Sequence
from io import BytesIO
from typing import Any, ClassVar

import torch
from torch import Tensor

from hpme.io import archive, tensors
from hpme.io.record import Contents
from hpme.io.source import Source
from hpme.io.text import quote, shown
from hpme.limits import cap

KINDS = {
    "FloatStorage": torch.float32,
    "DoubleStorage": torch.float64,
    "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16,
    "LongStorage": torch.int64,
    "IntStorage": torch.int32,
    "ShortStorage": torch.int16,
    "CharStorage": torch.int8,
    "ByteStorage": torch.uint8,
    "BoolStorage": torch.bool,
}


LONGEST = 5_000_000  # bytes of the script; a thousand graphs of twenty tensors each take 2,000,000
STEPS: dict[int, Any] = pickle._Unpickler.dispatch
# What sets, objects and names outside the script are made with, and numbers of any length as text.
REFUSED = {
    code[0]
    for code in (
        *(pickle.EMPTY_SET, pickle.ADDITEMS, pickle.FROZENSET, pickle.INST, pickle.OBJ, pickle.NEWOBJ),
        *(pickle.NEWOBJ_EX, pickle.EXT1, pickle.EXT2, pickle.EXT4, pickle.BUILD, pickle.PERSID, pickle.LONG),
        *(pickle.BYTEARRAY8, pickle.NEXT_BUFFER, pickle.READONLY_BUFFER),
    )
}


def read(source: Source) -> Contents:
    """Returns the graph of a dict, or the graphs of a list of dicts."""
    if not source.content.startswith(b"PK"):
        raise ValueError(
            "Expected an archive, as torch.save has written it since PyTorch 1.6 (got other bytes); load it, "
            "and save data.to_dict() again"
        )
    files = {name.partition("/")[2]: inner for name, inner in archive.unpack(source.content).items()}
    script = files.get("data.pkl", b"")
    try:
        _check(script)
        loaded = _Reader(script, files).load()
    except pickle.UnpicklingError as error:
        raise ValueError(f"Expected a plain dict of tensors (got {error}); save data.to_dict()") from None
    except Exception as error:  # a pickle can fail in any way
        words = f"{type(error).__name__}: {error}"[:60]
        raise ValueError(f"Expected a plain dict of tensors (got {words!r}); save data.to_dict()") from None
    graphs = loaded if isinstance(loaded, list) else [loaded]
    cap("graphs", len(graphs), least=1)
    for graph in graphs:
        if type(graph) is not dict:
            got = type(graph).__name__
            raise ValueError(f"Expected a plain dict of tensors (got {got}); save data.to_dict()")
    values = [value for graph in graphs for value in graph.values()]
    cap(
        "values", sum(value.numel() for value in values if isinstance(value, Tensor))
    )  # a tensor can be referenced many times
    return Contents([tensors.record(graph) for graph in graphs])


def _check(script: bytes) -> None:
    """Raises an error where a pickle is long, sets the state of an object, or asks for a huge memo."""
    if len(script) > LONGEST:
        raise ValueError(f"data.pkl of {len(script):,} bytes, at most {LONGEST:,}")
    for op, argument, _ in pickletools.genops(script):
        if op.name == "BUILD":
            raise pickle.UnpicklingError("an object, such as Data itself")
        if "PUT" in op.name and int(argument or 0) > len(script):
            raise ValueError(op.name)


class _Reader(pickle._Unpickler):
    """Knows tensors, lists, tuples, dicts with texts for keys, and plain values only.

    It is the one of pure Python, whose steps can be checked: hashing a key that is a nest of tuples may take
    for ever, and so may a dict of integers that are made to have one hash.
    """

    stack: list[Any]  # what was read since the last mark
    dispatch: ClassVar[dict[int, Any]] = {code: step for code, step in STEPS.items() if code not in REFUSED}

    def __init__(self, script: bytes, files: dict[str, bytes]) -> None:
        super().__init__(BytesIO(script))
        self.files = files
        self.storages: dict[tuple[str, torch.dtype], Tensor] = {}

    def load_dict(self) -> None:
        """Checks the keys of a dict that is made at once."""
        _check_keys(self.stack[::2])
        STEPS[pickle.DICT[0]](self)

    def load_setitem(self) -> None:
        """Checks a key."""
        _check_keys(self.stack[-2:-1])
        STEPS[pickle.SETITEM[0]](self)

    def load_setitems(self) -> None:
        """Checks the keys of several values."""
        _check_keys(self.stack[::2])
        STEPS[pickle.SETITEMS[0]](self)

    dispatch |= {
        pickle.DICT[0]: load_dict,
        pickle.SETITEM[0]: load_setitem,
        pickle.SETITEMS[0]: load_setitems,
    }

    def find_class(self, module: str, name: str) -> Any:
        """The two functions and ten types of numbers that such files name."""
        if module == "torch" and name in KINDS:
            return KINDS[name]
        known = {("torch._utils", "_rebuild_tensor_v2"): _rebuild, ("collections", "OrderedDict"): _ordered}
        if (module, name) not in known:
            raise pickle.UnpicklingError(quote(f"{module}.{name}"))
        return known[module, name]

    def persistent_load(self, pid: Any) -> Tensor:
        """The numbers of a storage."""
        _, dtype, key, *_ = pid
        if not isinstance(dtype, torch.dtype):
            raise pickle.UnpicklingError("a storage without a type")
        _check_keys([key])
        if (key, dtype) not in self.storages:  # one that is named many times takes memory once
            content = bytearray(self.files[f"data/{key}"])
            self.storages[key, dtype] = torch.frombuffer(content, dtype=dtype)
        return self.storages[key, dtype]


def _check_keys(keys: Sequence[Any]) -> None:
    for key in keys:
        if type(key) is not str:
            raise pickle.UnpicklingError(
                f"the key {shown(key)}" if type(key) is int else "a key that is no text"
            )


def _ordered() -> dict[str, Any]:
    return {}


def _rebuild(storage: Tensor, offset: int, size: Sequence[int], stride: Sequence[int], *_: object) -> Tensor:
    """A view of a storage; PyTorch refuses one that reaches beyond it."""
    tensor = storage.as_strided(size, stride, offset)
    cap("values", tensor.numel())
    return tensor
