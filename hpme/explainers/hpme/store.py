"""Fitted explainers on disk: safetensors, with settings and path in the header; nothing is unpickled."""

import json
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load as to_tensors
from safetensors.torch import save as to_bytes
from torch import nn

from hpme.classifiers import user_classifier_path
from hpme.datasets import DATASETS
from hpme.explainers.hpme.config import HPMEConfig
from hpme.explainers.hpme.scorer import NodeScorer
from hpme.explainers.hpme.steps import from_steps, to_steps
from hpme.explainers.quick_check import QuickCheck
from hpme.files import atomic_write, writable_folder
from hpme.forward.fingerprint import fingerprint
from hpme.home import PACKAGE, YoursInUse, names_in, shipped_in, user_folder
from hpme.method.capacity import Checkpoint, Size

SHIPPED = PACKAGE / "explainers" / "hpme" / "shipped"


@dataclass(frozen=True)
class Saved:
    """A fitted explainer, as a file holds it."""

    config: HPMEConfig
    scorers: list[NodeScorer]
    path: list[Checkpoint]
    plateau: list[int]
    sizes: dict[Size, list[int]]  # empty in a file of before 0.2.0
    num_types: int
    num_edge_types: int = 1
    target: int | None = None  # class that it was fitted for
    check: QuickCheck | None = None  # what the fit has noticed about the model


def explainer_path(dataset: str, arch: str, seed: int, target: int | None = None) -> Path:
    """Returns the file of an explainer: the user's own, or the shipped one if there is none.

    Neither may exist. Shipped explainers belong to shipped models: a user's own model gets none of them.
    """
    name = f"{_stem(dataset, arch, target)}-{seed}.safetensors"
    paths = [folder / name for folder in _folders(dataset, arch)]
    return next((path for path in paths if path.exists()), paths[0])


def user_explainer_path(dataset: str, arch: str, seed: int, target: int | None = None) -> Path:
    """Returns the file for an explainer that a user fits, in `hpme.home.user_folder`.

    Args:
        dataset: Name of the dataset.
        arch: Name of the model.
        seed: Seed of the fit.
        target: Class that it was fitted for; default: the predicted ones.
    """
    return _users() / f"{_stem(dataset, arch, target)}-{seed}.safetensors"


def users_fit(dataset: str, arch: str, seed: int, target: int | None = None) -> Path | None:
    """The user's own explainer that is used instead of a shipped one, if there is any."""
    own = user_explainer_path(dataset, arch, seed, target)
    return own if own.exists() and (SHIPPED / own.name).exists() else None


def available_explainers(dataset: str, arch: str) -> list[int]:
    """Returns the seeds of the explainers fitted to what a model predicts, in order."""
    start, end = f"{_stem(dataset, arch)}-", ".safetensors"
    own = names_in(_users())
    names = own if user_classifier_path(dataset, arch).exists() else own | shipped_in(SHIPPED)
    seeds = (name[len(start) : -len(end)] for name in names if name.startswith(start) and name.endswith(end))
    return sorted(int(seed) for seed in seeds if seed.isdigit())


def _users() -> Path:
    return user_folder() / "explainers"


def _folders(dataset: str, arch: str) -> list[Path]:
    """Folders where explainers of a model can be, in the order of the search."""
    return [_users()] if user_classifier_path(dataset, arch).exists() else [_users(), SHIPPED]


def _stem(dataset: str, arch: str, target: int | None = None) -> str:
    explained = "" if target is None else f"-class{target}"
    return f"{dataset}-{arch.replace(':', '.')}-hpme{explained}"  # some file systems allow no colon in a name


def fitted_path(dataset: str, arch: str, seed: int, target: int | None = None) -> Path:
    """Returns the file of a fitted explainer.

    Warns:
        YoursInUse: If the user's own is used instead of a shipped one.

    Raises:
        KeyError: If it is not there.
    """
    path = explainer_path(dataset, arch, seed, target)
    if not path.exists():
        known = ", ".join(map(str, available_explainers(dataset, arch)))
        fitted = f"seeds: {known}" if known else "none"
        wanted = "" if target is None else f" for class {target}"
        option = "" if target is None else f" --target {target}"
        source = dataset if dataset in DATASETS else "--data FILE"
        raise KeyError(
            f"Expected HPME fitted to {arch} on {dataset}{wanted} with seed {seed} (got {fitted}); "
            f"run hpme fit {source} --model {arch} --seed {seed}{option}"
        )
    if users_fit(dataset, arch, seed, target):
        words = f"Using your own HPME for {arch} of {dataset} instead of the shipped one: {path}"
        warnings.warn(words, YoursInUse, stacklevel=3)
    return path


def save(path: Path, fitted: Saved, model: nn.Module) -> None:
    """Writes a fitted explainer, completely or not at all."""
    writable_folder(path.parent)
    with atomic_write(path) as part:
        part.write_bytes(to_content(fitted, model))


def to_content(fitted: Saved, model: nn.Module) -> bytes:
    """Returns the content of a fitted explainer's file; its weights are rounded as `steps` says."""
    states = [scorer.state_dict() for scorer in fitted.scorers]
    tensors = {}
    for name in states[0]:
        weights = torch.stack([state[name] for state in states]).cpu()
        if name in ("mean", "spread"):  # the same at every checkpoint
            tensors[name] = weights[:1].clone()
        else:
            tensors[name], tensors[f"{name}.steps"], tensors[f"{name}.scales"] = to_steps(weights)
    facts = {
        "config": asdict(fitted.config),
        "path": [asdict(point) for point in fitted.path],
        "plateau": fitted.plateau,
        "sizes": fitted.sizes,
        "num_types": fitted.num_types,
        "num_edge_types": fitted.num_edge_types,
        "target": fitted.target,
        "check": None if fitted.check is None else asdict(fitted.check),
        "classifier": fingerprint(model),
    }
    return to_bytes(tensors, metadata={"hpme": json.dumps(facts)})


def load(path: Path, model: nn.Module) -> Saved:
    """Reads a fitted explainer; also one of before version 0.1.0, which had all weights in full.

    Raises:
        ValueError: If the file is missing or damaged, or was fitted to another classifier.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(_unreadable(f"at {path}", error)) from error
    return from_content(content, model, f"at {path}")


def from_content(content: bytes, model: nn.Module, where: str) -> Saved:
    """Reads the content of a fitted explainer's file.

    Args:
        content: The file's bytes.
        model: What it was fitted to.
        where: The file's place, for sentences.

    Raises:
        ValueError: If it is damaged, or was fitted to another classifier.
    """
    try:
        tensors = _unpack(to_tensors(content))
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
        facts = json.loads(header["__metadata__"]["hpme"])
        config = HPMEConfig(**facts["config"])
        points = [Checkpoint(**point) for point in facts["path"]]
        scorers = [_scorer(tensors, i, config.hidden) for i in range(len(points))]
        counts = facts["num_types"], facts.get("num_edge_types", 1)
        chosen = facts["plateau"], facts.get("sizes", {})
        check = QuickCheck(**facts["check"]) if facts.get("check") else None
        saved = Saved(config, scorers, points, *chosen, *counts, facts.get("target"), check)
    except (
        SafetensorError,
        KeyError,
        TypeError,
        RuntimeError,
        IndexError,
        json.JSONDecodeError,
    ) as error:
        raise ValueError(_unreadable(where, error)) from error
    if facts["classifier"] != fingerprint(model):
        raise ValueError(
            f"Expected the model {facts['classifier']} that the explainer {where} was fitted to "
            f"(got {fingerprint(model)}); fit the explainer again"
        )
    return saved


def _unreadable(where: str, error: Exception) -> str:
    return f"Expected an explainer written by 'hpme fit' {where} (got: {error}); fit it again"


def _unpack(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The weights at each point of the path, by name; those in full as they are."""
    names = [name for name in tensors if not name.endswith((".steps", ".scales"))]
    return {
        name: from_steps(tensors[name], tensors[f"{name}.steps"], tensors[f"{name}.scales"])
        if f"{name}.steps" in tensors
        else tensors[name]
        for name in names
    }


def _scorer(tensors: dict[str, torch.Tensor], index: int, hidden: int) -> NodeScorer:
    scorer = NodeScorer(tensors["mean"].size(1), hidden)
    scorer.load_state_dict({n: t[0 if n in ("mean", "spread") else index] for n, t in tensors.items()})
    return scorer.requires_grad_(False)
