"""Weights on disk: safetensors with a card of facts in the header; nothing is unpickled."""

import json
import warnings
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import nn

from hpme import checks
from hpme.classifiers.own import is_reference, load_own, own_models
from hpme.classifiers.registry import CLASSIFIERS, OF_NODES
from hpme.classifiers.train import Splits, score_facts
from hpme.classifiers.weights import build, parse_weights
from hpme.files import atomic_write, writable_folder
from hpme.home import PACKAGE, YoursInUse, names_in, shipped_in, user_folder

SHIPPED = PACKAGE / "classifiers" / "shipped"


def classifier_path(dataset: str, arch: str) -> Path:
    """Returns the file of a model's weights to read: the user's own if it exists, else the shipped one.

    Neither may exist.
    """
    own = user_classifier_path(dataset, arch)
    return own if own.exists() else SHIPPED / own.name


def user_classifier_path(dataset: str, arch: str) -> Path:
    """Returns the file that the weights of a model go to which a user trains; see `hpme.home.user_folder`."""
    return _users() / f"{dataset}-{arch}.safetensors"


def _users() -> Path:
    return user_folder() / "classifiers"


def users_weights(dataset: str, arch: str) -> Path | None:
    """The user's own weights that are used instead of shipped ones, if there are any."""
    own = user_classifier_path(dataset, arch)
    return own if own.exists() and (SHIPPED / own.name).exists() else None


def save_classifier(model: nn.Module, card: dict, path: Path) -> None:
    """Writes weights and card, completely or not at all."""
    writable_folder(path.parent)
    with atomic_write(path) as part:
        part.write_bytes(save_bytes(model, card))


def save_bytes(model: nn.Module, card: dict) -> bytes:
    """Returns the content of a file of weights and card."""
    return save(model.state_dict(), metadata={"card": json.dumps(card)})


def load_classifier_file(path: Path) -> tuple[nn.Module, dict]:
    """Reads a model from a file.

    Returns:
        The frozen model in evaluation mode, and its card.

    Raises:
        ValueError: If the file is missing, damaged or something else.
    """
    try:
        state, card = parse_weights(path.read_bytes())
        edges = card.get("num_edge_features", 0)  # earlier cards do not say it: no model saw edges then
        outputs, nodes = len(card["classes"]) or 1, card.get("of_nodes", False)
        _, model = build(state, card["num_features"], outputs, edges, nodes)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"Expected weights written by 'hpme train' at {path} (got: {error}); train the model again"
        ) from error
    return model, card


def available_classifiers(dataset: str) -> list[str]:
    """Returns the models with weights for a dataset, its default first, then those registered for it."""
    names = names_in(_users()) | shipped_in(SHIPPED)
    saved = [arch for arch in CLASSIFIERS if f"{dataset}-{arch}.safetensors" in names]
    if saved and _of_nodes(classifier_path(dataset, saved[0])):
        saved.sort(key=OF_NODES.index)
    return [*saved, *own_models(dataset)]


def _of_nodes(path: Path) -> bool:
    """Tells whether a file of weights says that its model predicts nodes; reads its head alone."""
    try:
        with safe_open(path, "pt") as file:
            return bool(json.loads(file.metadata()["card"])["of_nodes"])
    except (OSError, SafetensorError, ValueError, KeyError, TypeError):
        return False  # an earlier file, or one that will be refused when it is opened


def default_classifier(dataset: str) -> str:
    """Returns the model of a dataset that is meant where none is named: the first with weights.

    Raises:
        KeyError: If there is none.
    """
    available = available_classifiers(dataset)
    if not available:
        raise KeyError(
            f"Expected a trained model of {dataset} (got none); run hpme train {dataset}, "
            "or hpme train --data FILE if it is your own file"
        )
    return available[0]


def classifier_card(dataset: Splits, arch: str) -> dict:
    """Returns facts of a model: accuracies or R², classes; of a trained one also epochs and seed."""
    if is_reference(arch):
        return score_facts(load_classifier(dataset.spec.name, arch), dataset, arch)
    return load_classifier_file(_saved(dataset.spec.name, arch))[1]


def load_classifier(dataset: str, arch: str | None = None) -> nn.Module:
    """Loads a model, frozen, in evaluation mode: the user's own, else the shipped one, or a registered one.

    Args:
        dataset: Name of its dataset.
        arch: One of `CLASSIFIERS`, or the reference of a model that is registered for the dataset; default:
            the first of `available_classifiers`.

    Warns:
        YoursInUse: If the user's own is used instead of a shipped one.

    Raises:
        KeyError: If there are no such weights, or no such model is registered.
        ValueError: If the file is damaged, or the model cannot be imported.

    Example:
        >>> import torch
        >>> from hpme import load_dataset
        >>> graph = load_dataset("ba-2motifs").test[0]
        >>> model = load_classifier("ba-2motifs", "gin")
        >>> model(graph.x, graph.edge_index, torch.zeros(25, dtype=torch.long)).argmax(-1)  # of one graph
        tensor([1])
    """
    arch = arch or default_classifier(dataset)
    if is_reference(arch):
        checks.known(arch, own_models(dataset), "model")
        return load_own(arch)
    return load_classifier_file(_saved(dataset, arch))[0]


def _saved(dataset: str, arch: str) -> Path:
    checks.known(arch, CLASSIFIERS, "model")
    path = classifier_path(dataset, arch)
    if not path.exists():
        folders = SHIPPED, _users()
        names = sorted({path.stem for folder in folders for path in folder.glob("*.safetensors")})
        raise KeyError(
            f"Expected known weights: {', '.join(names)} (got '{dataset}-{arch}'); "
            f"run hpme train {dataset} --model {arch}"
        )
    if users_weights(dataset, arch):
        words = f"Using your own {arch} of {dataset} instead of the shipped one: {path}"
        warnings.warn(words, YoursInUse, stacklevel=3)
    return path
