"""HPME fitted from the shell, and saved where the explorer finds it."""

from pathlib import Path

from hpme.datasets import Dataset
from hpme.explainers.hpme import HPME
from hpme.explainers.hpme.store import user_explainer_path
from hpme.files import writable_folder
from hpme.shell.terminal import bar


def fit_and_save(explainer: HPME, dataset: Dataset, model: str, target: int | None = None) -> Path:
    """Fits an explainer on a dataset's training graphs, with a bar, and saves it; returns where.

    Args:
        explainer: An explainer of the model.
        dataset: The dataset.
        model: Name of the model.
        target: Class to explain; default: the predicted ones.
    """
    path = user_explainer_path(dataset.spec.name, model, explainer.config.seed, target)
    writable_folder(path.parent)  # or it says so before the work, not after it
    with bar(f"Fitting HPME to {model} on {dataset.spec.name}") as step:
        explainer.fit(dataset.train, progress=step, target=target)
    explainer.save(path)
    return path
