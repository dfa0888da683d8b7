"""Weights along the capacity path in little more than a quarter of the room: the first, and small steps.

A step of the path changes weights by little. It is kept as whole numbers from -127 to 127, times a scale of
each row. It starts from what the steps before it give, not from what the weights were, so that no error grows
along the path: each weight is off by at most half a scale, everywhere.
"""

import torch
from torch import Tensor

LARGEST = 127
ROOM = 1 + 2**-10  # the scale is rounded to half precision; a little above, the largest change still fits
SMALLEST = 2**-24  # of half precision


def to_steps(weights: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """One weight tensor at each point of a path, as its first value and the steps from point to point.

    Args:
        weights: ``[P, ..., W]``.

    Returns:
        First value ``[1, ..., W]``, steps ``[P - 1, ..., W]`` (int8) and their scales ``[P - 1, ..., 1]``
        (half precision).
    """
    last = weights[:1]
    steps, scales = [weights[1:0].to(torch.int8)], [weights[1:0, ..., :1].half()]
    for point in weights[1:].split(1):
        change = point - last
        largest = change.abs().amax(-1, keepdim=True)
        scale = (largest / LARGEST * ROOM).clamp(min=SMALLEST).half()
        step = (change / scale.float()).round().clamp(-LARGEST, LARGEST).to(torch.int8)
        last = last + step * scale.float()
        steps.append(step)
        scales.append(scale)
    return weights[:1].clone(), torch.cat(steps), torch.cat(scales)


def from_steps(first: Tensor, steps: Tensor, scales: Tensor) -> Tensor:
    """The weights ``[P, ..., W]`` at each point, from the result of `to_steps`."""
    weights = [first]
    for step, scale in zip(steps.split(1), scales.split(1), strict=True):
        weights.append(weights[-1] + step * scale.float())
    return torch.cat(weights)
