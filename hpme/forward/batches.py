"""How a fit goes through its graphs: batch after batch, on one thread."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor


@contextmanager
def one_thread() -> Iterator[None]:
    """Runs torch on one thread: a step's tensors are too small to share between cores."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def batches(count: int, batch_size: int, steps: int, draws: torch.Generator) -> Iterator[Tensor]:
    """Ids of `steps` batches; each graph comes once before any comes again, but for a round's odd rest."""
    size, order = min(batch_size, count), torch.empty(0, dtype=torch.long)
    for _ in range(steps):
        if len(order) < size:
            order = torch.randperm(count, generator=draws)
        ids, order = order[:size], order[size:]
        yield ids
