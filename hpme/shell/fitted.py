"""HPME fitted from the shell, and saved where the explorer finds it."""

from pathlib import Path

from hpme import checks
from hpme.analysis.model_check import check_model
from hpme.classifiers import is_reference
from hpme.datasets import DATASETS, Dataset, load_built_in
from hpme.explainers.hpme import HPME
from hpme.explainers.hpme.store import user_explainer_path
from hpme.files import writable_folder
from hpme.shell import inputs
from hpme.shell.terminal import bar


def fit_and_save(explainer: HPME, dataset: Dataset, model: str) -> Path:
    """Fits an explainer on a dataset's training graphs, with a bar, and saves it; returns where."""
    path = user_explainer_path(dataset.spec.name, model, explainer.config.seed)
    writable_folder(path.parent)  # or it says so before the work, not after it
    with bar(f"Fitting HPME to {model} on {dataset.spec.name}") as step:
        explainer.fit(dataset.train, progress=step)
    explainer.save(path)
    return path


def add_model(dataset: str, model: str) -> None:
    """Adds a user's own model to the explorer, with an HPME fitted to it as it is now.

    Args:
        dataset: Name of a built-in dataset.
        model: ``package.module:factory``.

    Raises:
        KeyError: If there is no such dataset.
        ValueError: If `model` is not of that form, or the model lacks something.
    """
    if not is_reference(model):
        raise ValueError(
            f"Expected --model DATASET=package.module:factory (got {model or dataset!r}); name both"
        )
    checks.known(dataset, DATASETS, "dataset")
    loaded = load_built_in(dataset)
    inputs.look_here()
    lacks = [finding for finding in check_model(model, loaded) if not finding.passed]
    if lacks:
        raise ValueError(
            f"Expected a model that can be explained at {model} (got one that fails '{lacks[0].check}': "
            f"{lacks[0].message}); see hpme check-model {model} --dataset {dataset}"
        )
    classifier = inputs.open_model(dataset, model)
    try:
        HPME.load(dataset, model)
    except (KeyError, ValueError):  # none is saved, or it was fitted to an earlier state of the model
        fit_and_save(HPME(classifier), loaded, model)
