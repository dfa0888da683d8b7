"""``.pt`` files of plain dicts of tensors, as ``torch.save(data.to_dict(), path)`` writes them.

``torch.load``, even with ``weights_only``, lets a crafted file make a tensor larger than its storage, which
then shows memory that is not the file's. So the few things that such a file needs are read here.
"""

import pickle
import pickletools
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import torch
from torch import Tensor

from hpme.io import archive, tensors
from hpme.io.record import Contents
from hpme.io.source import Source
from hpme.io.text import shown
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


def read(source: Source) -> Contents:
    """Returns the graph of a dict, or the graphs of a list of dicts."""
    files = {name.partition("/")[2]: inner for name, inner in archive.unpack(source.content).items()}
    script = files.get("data.pkl", b"")
    try:
        _check(script)
        loaded = _Reader(script, files).load()
    except Exception as error:  # a pickle can fail in any way
        words = f"{type(error).__name__}: {error}"[:60]
        raise ValueError(f"Expected a plain dict of tensors (got {words!r}); save data.to_dict()") from None
    graphs = loaded if isinstance(loaded, list) else [loaded]
    cap("graphs", len(graphs), least=1)
    for graph in graphs:
        strange = [name for name in graph if not isinstance(name, str)] if type(graph) is dict else [graph]
        if strange:
            got = f"the key {shown(strange[0])}" if type(graph) is dict else type(graph).__name__
            raise ValueError(f"Expected a plain dict of tensors (got {got}); save data.to_dict()")
    values = [value for graph in graphs for value in graph.values()]
    cap(
        "values", sum(value.numel() for value in values if isinstance(value, Tensor))
    )  # a tensor can be referenced many times
    return Contents([tensors.record(graph) for graph in graphs])


def _check(script: bytes) -> None:
    """Raises `ValueError` where a pickle sets the state of an object, or asks for a huge memo."""
    for op, argument, _ in pickletools.genops(script):
        if op.name == "BUILD" or ("PUT" in op.name and int(argument or 0) > len(script)):
            raise ValueError(op.name)


class _Reader(pickle.Unpickler):
    """Knows tensors and plain values only."""

    def __init__(self, script: bytes, files: dict[str, bytes]) -> None:
        super().__init__(BytesIO(script))
        self.files = files

    def find_class(self, module: str, name: str) -> Any:
        """The two functions and ten types of numbers that such files name."""
        if module == "torch" and name in KINDS:
            return KINDS[name]
        known = {("torch._utils", "_rebuild_tensor_v2"): _rebuild, ("collections", "OrderedDict"): dict}
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return known[module, name]

    def persistent_load(self, pid: Any) -> Tensor:
        """The numbers of a storage."""
        _, dtype, key, *_ = pid
        return torch.frombuffer(bytearray(self.files[f"data/{key}"]), dtype=dtype)


def _rebuild(storage: Tensor, offset: int, size: Sequence[int], stride: Sequence[int], *_: object) -> Tensor:
    """A view of a storage; PyTorch refuses one that reaches beyond it."""
    tensor = storage.as_strided(size, stride, offset)
    cap("values", tensor.numel())
    return tensor
