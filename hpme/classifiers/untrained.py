"""The untrained copy of a model: the floor under what its explanations can be worth."""

from typing import Any

import torch
from torch import nn

from hpme.forward.calling import copied

REFUSALS = (RuntimeError, ValueError, TypeError, NotImplementedError)  # of what cannot be copied


def untrained(model: nn.Module, seed: int = 0) -> nn.Module | None:
    """Returns a copy of a model with fresh weights, drawn as when it was made.

    What a ranking of edges owes to the graphs and to the layers alone, its explanations show, too.

    Args:
        model: Model, which is left as it is.
        seed: Seed of the weights.

    Returns:
        The copy in evaluation mode; None where the model cannot be copied, has no weights, or a part with
        weights of its own has no `reset_parameters`.
    """
    try:
        fresh = copied(model)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            resets = [_reset(part) for part in fresh.modules() if [*part.parameters(recurse=False)]]
    except REFUSALS:
        return None
    return fresh.eval() if resets and all(resets) else None


def _reset(part: nn.Module) -> bool:
    """Draws a part's own weights anew; tells whether it can."""
    reset: Any = getattr(part, "reset_parameters", None)
    if callable(reset):
        reset()
    return callable(reset)
