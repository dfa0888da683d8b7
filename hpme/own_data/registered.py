"""Users' own datasets, known by name to this process and to those that it starts, as their models are."""

import json
import os
from pathlib import Path

VARIABLE = "HPME_DATASETS"  # environment: JSON, the path and the name of the label (or null) by dataset


def register_dataset(name: str, path: Path, label: str | None = None) -> None:
    """Makes the dataset in a file known.

    Args:
        name: Name of the dataset, as `hpme.own_data.read_dataset` makes it of the file's.
        path: Path of the file.
        label: Name of the label in it; None if it is guessed.

    Raises:
        ValueError: If another file has that name.
    """
    known, entry = own_datasets(), (str(path.absolute()), label)
    if known.get(name, entry) != entry:
        raise ValueError(f"Expected files of different names (got {known[name][0]} and {path}); rename one")
    os.environ[VARIABLE] = json.dumps(known | {name: entry})


def own_datasets() -> dict[str, tuple[str, str | None]]:
    """Returns path and label of the datasets that were registered, by name, in order."""
    known = json.loads(os.environ.get(VARIABLE) or "{}")
    return {name: (path, label) for name, (path, label) in known.items()}
