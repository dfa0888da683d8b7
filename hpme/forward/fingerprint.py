"""Which model it is: a short name made of its weights."""

import hashlib

import torch
from torch import nn


def fingerprint(model: nn.Module) -> str:
    """SHA-256 of a model's weights, twelve hex digits of it; of one that is not ours, also of its class.

    Other models may have no weights, or differ in their settings: so what is printed of them counts, too.
    """
    digest, kind = hashlib.sha256(), type(model)
    if not kind.__module__.startswith("hpme."):
        digest.update(f"{kind.__module__}.{kind.__qualname__} {model!r}".encode())
    for name, value in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(value.detach().reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()[:12]
