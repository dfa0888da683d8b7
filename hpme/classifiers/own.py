"""Users' own models, as ``package.module:name``, known to this process and to those that it starts.

Importing one runs its code, so only whoever starts the process can name one, in the shell or in `VARIABLE`.
"""

import importlib
import os
import re

from torch import nn

from hpme import checks

VARIABLE = "HPME_MODELS"  # environment: DATASET=package.module:name, separated by commas


def is_reference(name: str) -> bool:
    """Returns whether a model's name says where to import it from."""
    return ":" in name


def model_title(name: str) -> str:
    """Returns a model's name for a sentence: ``GCN-norm``, or a user's own model's name in its module."""
    if is_reference(name):
        return name.partition(":")[2]
    kind, dash, rest = name.partition("-")
    return kind.upper() + dash + rest


def register(dataset: str, reference: str) -> None:
    """Adds a model to those of a dataset.

    Raises:
        ValueError: If the reference is not of the form ``package.module:name``.
    """
    _parts(reference)
    if reference not in own_models(dataset):
        known = os.environ.get(VARIABLE)
        os.environ[VARIABLE] = ",".join([*([known] if known else []), f"{dataset}={reference}"])


def own_models(dataset: str) -> list[str]:
    """Returns the references of the models that were registered for a dataset, in order."""
    entries = (entry.strip().partition("=") for entry in os.environ.get(VARIABLE, "").split(","))
    return [reference for name, _, reference in entries if name == dataset]


def load_own(reference: str) -> nn.Module:
    """Imports a model and freezes it, in evaluation mode.

    Args:
        reference: ``package.module:name``; the name is a `torch.nn.Module`, or a function or class that
            returns one when it is called without arguments.

    Raises:
        ValueError: If it cannot be imported, or is no `torch.nn.Module`.
    """
    module, name = _parts(reference)
    try:
        entry = getattr(importlib.import_module(module), name)
        model = entry if isinstance(entry, nn.Module) else entry()
    except Exception as error:  # foreign code can fail in any way
        got = checks.cause(error)
        raise ValueError(f"Expected a model at {reference} (got {got}); fix it, or the name") from error
    if not isinstance(model, nn.Module):
        kind = type(model).__name__
        raise ValueError(f"Expected a torch.nn.Module from {reference} (got {kind}); return the model there")
    return model.eval().requires_grad_(False)


def _parts(reference: str) -> tuple[str, str]:
    match = re.fullmatch(r"([^\W\d]\w*(?:\.[^\W\d]\w*)*):([^\W\d]\w*)", reference)
    if not match:
        raise ValueError(
            f"Expected a model as package.module:factory (got {reference!r}); name the module to import "
            "and the function in it that returns the model"
        )
    return match[1], match[2]
