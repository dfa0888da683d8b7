"""A model's fingerprint: a short name made of its weights."""

import hashlib

import torch
from torch import nn

from hpme.forward.question import Question


def fingerprint(model: nn.Module) -> str:
    """Returns the first twelve hex digits of the SHA-256 of a model's weights.

    Models from outside may have no weights, or differ in their settings only: so the name of their class and
    what `repr` prints of them count, too.
    """
    digest = hashlib.sha256()
    if isinstance(model, Question):
        digest.update(model.settings.encode())
        model = model.model
    kind = type(model)
    if not kind.__module__.startswith("hpme."):
        digest.update(f"{kind.__module__}.{kind.__qualname__} {model!r}".encode())
    for name, value in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(value.detach().reshape(-1).view(torch.uint8).cpu().numpy().tobytes())
    return digest.hexdigest()[:12]
