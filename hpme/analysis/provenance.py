"""Provenance of an explanation: what is needed to get the same one again."""

import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from torch import nn

from hpme.explainers.base import Explainer, settings
from hpme.forward.fingerprint import fingerprint

LIBRARIES = ("torch", "torch-geometric", "rdkit", "networkx")


def provenance(model: nn.Module, explainer: Explainer, picked: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of an explanation, as plain values for JSON.

    Args:
        model: The explained classifier; its weights are named by their fingerprint.
        explainer: What explained it; its settings are recorded.
        picked: What the user chose, such as dataset, graph, seed and size.

    Returns:
        `picked`, then ``classifier``, ``config`` and ``versions``.
    """
    return {
        **picked,
        "classifier": fingerprint(model),
        "config": settings(explainer),
        "versions": {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES},
    }
