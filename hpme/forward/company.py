"""Whether a model answers about a graph as it does about that graph alone, whatever else is in the batch."""

from collections.abc import Callable
from contextlib import suppress
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn

from hpme.forward.blank import with_blank
from hpme.forward.packed import Packed

TRIED = 2  # graphs
NEAR, IN_HALF = 1e-3, 5e-2  # largest difference of answers that are the same, relative to the largest
NEARLY = 1e-4  # the same of outputs that should be equal
_KNOWN: WeakKeyDictionary[nn.Module, bool] = WeakKeyDictionary()  # what was found, so that it is tried once


def minds_company(model: nn.Module, ask: Callable[[Packed, bool], Tensor], graphs: Packed) -> bool:
    """Tells whether a model's answers about graphs depend on what else it is asked about, tried once.

    A model that draws random numbers, or cannot be asked about one graph, is not said to.

    Args:
        model: The model.
        ask: Asks it about graphs: together, or with True one by one.
        graphs: Some, of which the first few are tried; beside a single one, a blank graph.
    """
    if model not in _KNOWN:
        _KNOWN[model] = False  # also of one that fails
        few = graphs.take(torch.arange(min(TRIED, graphs.size)))[0]
        beside = few if few.size > 1 else with_blank(few, always=True)
        with suppress(ValueError), torch.no_grad():
            rows = ask(beside, False)
            repeats = _same(ask(beside, False), rows)
            _KNOWN[model] = repeats and not _same(ask(few, True), rows[: few.size])
    return _KNOWN[model]


def _same(rows: Tensor, others: Tensor) -> bool:
    return nearly_equal(rows, others, IN_HALF if rows.dtype.itemsize < 4 else NEAR)


def nearly_equal(output: Tensor, expected: Tensor, near: float = NEARLY) -> bool:
    """Tells whether outputs are equal but for rounding, `near` relative to the largest."""
    if output.shape != expected.shape:
        return False
    return bool((output - expected).abs().max() <= near * max(1.0, float(expected.abs().max())))
