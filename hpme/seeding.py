"""Random generators of their own: nothing in this project draws from a global one."""

import numpy as np
import torch


def generator(seed: int, *stream: int) -> torch.Generator:
    """Returns the generator of a seed and a stream of draws.

    Args:
        seed: The user's seed, ``>= 0``.
        *stream: Numbers ``>= 0`` that tell apart the draws of one seed, such as a graph's id.

    Returns:
        A CPU generator; equal arguments give equal draws.
    """
    state = np.random.SeedSequence([seed, *stream]).generate_state(2, np.uint32)
    return torch.Generator().manual_seed(int(state[0]) << 31 | int(state[1]) >> 1)
