"""Weights as bytes from anywhere: safetensors only, of which nothing is run."""

import json
from functools import lru_cache
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor, nn

from hpme.box import boxed
from hpme.classifiers.of_nodes import LAYERS
from hpme.classifiers.registry import create, fitting
from hpme.classifiers.train import Splits, predict, score_facts
from hpme.limits import BOX_LIMITS, cap

PROGRAMS = (b"PK\x03\x04", b"\x80")  # how zip archives and pickles begin


def parse_weights(content: bytes) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Returns the tensors by name, and the card, empty where there is none.

    Raises:
        ValueError: If the bytes are not safetensors.
    """
    try:
        state = load(content)
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
        card = json.loads(header.get("__metadata__", {}).get("card", "{}"))
    except (SafetensorError, ValueError, KeyError, RecursionError) as error:
        if content.startswith(PROGRAMS):
            raise ValueError(
                "Expected weights as safetensors (got an archive, as TorchScript, torch.export and "
                "torch.save write them); opening one can run code in it, so save model.state_dict() with "
                "safetensors.torch instead"
            ) from None
        raise ValueError(f"Expected safetensors (got: {str(error)[:60]!r}); save the weights again") from None
    return state, card if isinstance(card, dict) else {}


def build(
    state: dict[str, Tensor],
    num_features: int,
    num_outputs: int,
    num_edge_features: int = 0,
    of_nodes: bool = False,
) -> tuple[str, nn.Module]:
    """Returns the built-in architecture that weights fit, and the model, frozen, in evaluation mode.

    The hidden layers are as wide as in the weights; no more memory is taken than they have.

    Raises:
        ValueError: If they fit no built-in architecture.
    """
    fits, edges = fitting(num_edge_features, of_nodes), num_edge_features > 0
    arch = next(
        (arch for arch in fits if _tensor_names(arch, num_outputs, edges, of_nodes) == state.keys()), None
    )
    if arch is None or state["linear.weight"].dim() != 2 or not state["linear.weight"].numel():
        kinds, task = " or ".join(fits), "a regression" if num_outputs == 1 else "a classifier"
        task += " of nodes" if of_nodes else ""
        listed = ", ".join(name[:30] for name in sorted(state)[:3]) + (", …" if len(state) > 3 else "")
        got = f"tensors {listed}" if state else "no tensors"
        raise ValueError(
            f"Expected the weights of {task} of kind {kinds} (got {got}); "
            "save the state_dict of one of hpme.classifiers"
        )
    parts = LAYERS if of_nodes else 1 if num_outputs == 1 else 2  # that the linear map reads
    hidden = state["linear.weight"].size(1) // parts
    model = _empty(arch, num_features, num_outputs, num_edge_features, of_nodes, hidden)
    for name, wanted in model.state_dict().items():
        tensor = state[name]
        if tensor.shape != wanted.shape or tensor.dtype != wanted.dtype:
            raise ValueError(
                f"Expected {wanted.dtype} of shape {list(wanted.shape)} in '{name}' for "
                f"{num_features} features and {num_outputs} outputs (got {tensor.dtype} "
                f"{list(tensor.shape)}); choose the dataset that these weights were trained on"
            )
        if not tensor.isfinite().all():
            value = float(tensor[~tensor.isfinite()][0])
            raise ValueError(f"Expected finite numbers in '{name}' (got {value}); train the weights again")
    model.load_state_dict(state, assign=True)
    return arch, model.eval().requires_grad_(False)


def load_classifier_bytes(content: bytes, dataset: Splits) -> tuple[nn.Module, dict[str, Any]]:
    """Reads the weights of a built-in architecture, and checks that they fit a dataset.

    Args:
        content: A file's bytes: safetensors of a `state_dict`, with or without the card of ``hpme train``.
        dataset: Dataset whose graphs the model is to predict.

    Returns:
        The frozen model in evaluation mode, and its card, measured here.

    Raises:
        ValueError: If they are no such weights, or of another dataset, or give no finite numbers.
    """
    cap("bytes", len(content))
    state, card = _parse_foreign(content)
    spec = dataset.spec
    labels, classes = card.get("classes"), list(spec.classes)
    if labels is not None and labels != classes:
        raise ValueError(
            f"Expected weights for the classes {', '.join(classes) or 'of a regression'} (got "
            f"{str(labels)[:80]}); choose the dataset that they were trained on"
        )
    arch, model = build(state, spec.num_features, spec.num_outputs, spec.num_edge_features, spec.of_nodes)
    outputs = predict(model, dataset.test)
    if not outputs.isfinite().all():
        value = float(outputs[~outputs.isfinite()][0])
        raise ValueError(
            f"Expected finite outputs for the test graphs (got {value}); train the weights again"
        )
    return model, score_facts(model, dataset, arch)


@boxed(BOX_LIMITS)
def _parse_foreign(content: bytes) -> tuple[dict[str, Tensor], dict[str, Any]]:
    return parse_weights(content)


@lru_cache(maxsize=64)
def _tensor_names(arch: str, num_outputs: int, edges: bool, of_nodes: bool) -> frozenset[str]:
    return frozenset(_empty(arch, 1, num_outputs, int(edges), of_nodes, 1).state_dict())


def _empty(
    arch: str, num_features: int, num_outputs: int, num_edge_features: int, of_nodes: bool, hidden: int
) -> nn.Module:
    """Returns a model whose tensors have shapes but no values."""
    with torch.device("meta"):
        return create(arch, num_features, num_outputs, num_edge_features, of_nodes, hidden=hidden)
