"""Weights as bytes, from anywhere: safetensors only, and nothing in them is run."""

import json
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor, nn

from hpme.classifiers.train import CLASSIFIERS, Splits, predict, score_facts
from hpme.limits import cap

PROGRAMS = (b"PK\x03\x04", b"\x80")  # how zip archives and pickles begin


def parse_weights(content: bytes) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors by name, and the card, empty where there is none.

    Raises:
        ValueError: If the bytes are no safetensors.
    """
    try:
        state = load(content)
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
        card = json.loads(header.get("__metadata__", {}).get("card", "{}"))
    except (SafetensorError, ValueError, KeyError, RecursionError) as error:
        if content.startswith(PROGRAMS):
            raise ValueError(
                "Expected weights as safetensors (got an archive such as TorchScript, torch.export or "
                "torch.save write); opening one can run what is in it: save model.state_dict() with "
                "safetensors.torch"
            ) from None
        raise ValueError(f"Expected safetensors (got: {str(error)[:60]!r}); save the weights again") from None
    return state, card if isinstance(card, dict) else {}


def build(state: dict[str, Tensor], num_features: int, num_outputs: int) -> tuple[str, nn.Module]:
    """The built-in architecture that weights are of, and the model, frozen, in evaluation mode.

    The width of the hidden layers is the weights' own; no more memory is taken than they have.

    Raises:
        ValueError: If they fit none.
    """
    names = {arch: {*_empty(arch, 1, num_outputs, 1).state_dict()} for arch in CLASSIFIERS}
    arch = next((arch for arch, own in names.items() if own == {*state}), None)
    if arch is None or state["linear.weight"].dim() != 2 or not state["linear.weight"].numel():
        kinds, task = " or ".join(CLASSIFIERS), "a regression" if num_outputs == 1 else "a classifier"
        got = ", ".join(name[:30] for name in sorted(state)[:3])
        raise ValueError(
            f"Expected the weights of {task} of kind {kinds} (got tensors {got or 'none'}, …); "
            "save the state_dict of one of hpme.classifiers"
        )
    hidden = state["linear.weight"].size(1) // (1 if num_outputs == 1 else 2)
    model = _empty(arch, num_features, num_outputs, hidden)
    for name, wanted in model.state_dict().items():
        tensor = state[name]
        if tensor.shape != wanted.shape or tensor.dtype != wanted.dtype or not tensor.isfinite().all():
            raise ValueError(
                f"Expected finite {wanted.dtype} of shape {list(wanted.shape)} in '{name}' for "
                f"{num_features} features and {num_outputs} outputs (got {tensor.dtype} "
                f"{list(tensor.shape)}); choose the dataset that these weights were trained on"
            )
    model.load_state_dict(state, assign=True)
    return arch, model.eval().requires_grad_(False)


def load_classifier_bytes(content: bytes, dataset: Splits) -> tuple[nn.Module, dict[str, Any]]:
    """Reads the weights of a built-in architecture, and checks that they fit a dataset.

    Args:
        content: A file's bytes: safetensors of a `state_dict`, with or without the card of ``hpme train``.
        dataset: What the model is to be asked about.

    Returns:
        The frozen model in evaluation mode, and its card, measured here.

    Raises:
        ValueError: If the weights are something else, of another dataset, or give no finite numbers.
    """
    cap("bytes", len(content))
    state, card = parse_weights(content)
    labels, classes = card.get("classes"), list(dataset.spec.classes)
    if labels is not None and labels != classes:
        raise ValueError(
            f"Expected weights for the classes {', '.join(classes) or 'of a regression'} (got "
            f"{str(labels)[:80]}); choose the dataset that they were trained on"
        )
    arch, model = build(state, dataset.spec.num_features, dataset.spec.num_outputs)
    if not predict(model, dataset.test).isfinite().all():
        raise ValueError("Expected finite outputs (got NaN or infinity); train the weights again")
    return model, score_facts(model, dataset, arch)


def _empty(arch: str, num_features: int, num_outputs: int, hidden: int) -> nn.Module:
    """A model whose tensors have shapes only."""
    with torch.device("meta"):
        return CLASSIFIERS[arch](num_features, num_outputs, hidden)
