"""What the explorer is started with: users' own datasets and models."""

import os
from collections.abc import Sequence
from pathlib import Path

from hpme import checks
from hpme.analysis.model_check import check_model
from hpme.classifiers import available_classifiers, is_reference, register
from hpme.datasets import DATASETS, Dataset, load_built_in
from hpme.own_data import register_dataset
from hpme.shell import inputs


def add(files: Sequence[Path], label: str | None, models: Sequence[str]) -> None:
    """Makes datasets and models known to the explorer, which fits HPME to the models when they are opened.

    Args:
        files: Files of one dataset each.
        label: Name of the label in them; None if it is guessed.
        models: ``package.module:factory``, for each of the files, or ``DATASET=package.module:factory``.

    Raises:
        KeyError: If there is no such dataset.
        ValueError: If an entry is of another form, a model lacks something, or a file has no model.
    """
    inputs.look_here()
    loaded: dict[str, Dataset] = {}
    for path in files:
        dataset = inputs.open_dataset(None, path, label)
        register_dataset(dataset.spec.name, path, label)
        loaded[dataset.spec.name] = dataset
    for entry in models:
        name, _, reference = entry.rpartition("=")
        if not is_reference(reference) or not (name or files):
            raise ValueError(
                f"Expected --model DATASET=package.module:factory (got {entry!r}); name both, or the file of "
                "your own graphs with --data"
            )
        for dataset in [_find(name, loaded)] if name else loaded.values():
            _add_model(dataset, reference)
    for name in loaded:
        if not available_classifiers(name):
            raise ValueError(
                f"Expected a model of {name} (got none); give --model package.module:factory, or train one: "
                "hpme train --data FILE"
            )


def add_batch(folder: str) -> None:
    """Has the explorer show what a batch job has written.

    Args:
        folder: Where it was written, on this machine or at an address.

    Raises:
        ValueError: If nothing was.
    """
    from hpme.batch.output import VARIABLE, BatchOutput  # needs Arrow, which not everybody has

    place = folder if "://" in folder else str(Path(folder).absolute())
    BatchOutput(place)
    os.environ[VARIABLE] = place


def _find(name: str, loaded: dict[str, Dataset]) -> Dataset:
    checks.known(name, [*DATASETS, *loaded], "dataset")
    return loaded[name] if name in loaded else load_built_in(name)


def _add_model(dataset: Dataset, model: str) -> None:
    name = dataset.spec.name
    lacks = [finding for finding in check_model(model, dataset) if not finding.passed]
    if lacks:
        where = f"--dataset {name}" if name in DATASETS else "--data FILE"
        raise ValueError(
            f"Expected a model that can be explained at {model} (got one that fails '{lacks[0].check}': "
            f"{lacks[0].message}); see hpme check-model {model} {where}"
        )
    register(name, model)
