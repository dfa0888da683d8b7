"""The batches of a fit, and the thread that it runs on."""

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
    """Yields the ids of graphs in `steps` batches ``[B]``, all of one size.

    Graphs are shuffled anew for each round; those left at its end, too few for a batch, are skipped.
    """
    size, order = min(batch_size, count), torch.empty(0, dtype=torch.long)
    for _ in range(steps):
        if len(order) < size:
            order = torch.randperm(count, generator=draws)
        ids, order = order[:size], order[size:]
        yield ids
