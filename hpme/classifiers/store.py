"""Weights on disk: safetensors with a card of facts in the header; nothing is unpickled."""

import json
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import nn

from hpme import checks
from hpme.classifiers.train import CLASSIFIERS
from hpme.files import whole
from hpme.home import HOME

ASSETS = HOME / "assets" / "classifiers"


def classifier_path(dataset: str, arch: str) -> Path:
    """Where the shipped weights of a classifier lie, whether or not they are there."""
    return ASSETS / f"{dataset}-{arch}.safetensors"


def save_classifier(model: nn.Module, card: dict, path: Path) -> None:
    """Writes weights and card, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as part:
        part.write_bytes(save(model.state_dict(), metadata={"card": json.dumps(card)}))


def load_classifier_file(path: Path) -> tuple[nn.Module, dict]:
    """Reads a classifier.

    Returns:
        The frozen model in evaluation mode, and its card.

    Raises:
        ValueError: If the file is missing, damaged or not such a file.
    """
    try:
        with safe_open(path, "pt") as file:
            card = json.loads(file.metadata()["card"])
            state = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (not a dict)
        model = CLASSIFIERS[card["arch"]](card["num_features"], len(card["classes"]) or 1)
        model.load_state_dict(state)
    except (OSError, SafetensorError, KeyError, TypeError, RuntimeError, json.JSONDecodeError) as error:
        raise ValueError(
            f"Expected weights written by 'hpme train' at {path} (got: {error}); train the classifier again"
        ) from error
    return model.eval().requires_grad_(False), card


def available_classifiers(dataset: str) -> list[str]:
    """Architectures with shipped weights for a dataset, GIN first."""
    return [arch for arch in ("gin", "gcn") if classifier_path(dataset, arch).exists()]


def classifier_card(dataset: str, arch: str) -> dict:
    """Facts of a shipped classifier: accuracies or R², epochs, seed, classes."""
    return load_classifier_file(_shipped(dataset, arch))[1]


def load_classifier(dataset: str, arch: str = "gin") -> nn.Module:
    """A shipped classifier, frozen, in evaluation mode.

    Args:
        dataset: Name of its dataset.
        arch: A key of `CLASSIFIERS`.

    Raises:
        KeyError: If there are no such weights.
        ValueError: If the file is damaged.
    """
    return load_classifier_file(_shipped(dataset, arch))[0]


def _shipped(dataset: str, arch: str) -> Path:
    checks.known(arch, CLASSIFIERS, "model")
    path = classifier_path(dataset, arch)
    if not path.exists():
        names = sorted(path.stem for path in ASSETS.glob("*.safetensors"))
        raise KeyError(
            f"Expected shipped weights: {', '.join(names)} (got '{dataset}-{arch}'); "
            f"run hpme train {dataset} --model {arch}"
        )
    return path
