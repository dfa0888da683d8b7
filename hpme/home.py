"""Places: the package and its data, the explorer's files, and the folder of a user's own models."""

import os
from functools import cache
from importlib.resources import files
from pathlib import Path

from platformdirs import user_data_path

PACKAGE = Path(str(files("hpme")))
_INSTALLED = PACKAGE / "explorer"
EXPLORER = _INSTALLED if _INSTALLED.is_dir() else PACKAGE.parent  # the latter in a clone
VARIABLE = "HPME_HOME"


class YoursInUse(UserWarning):
    """A file of the user's own is used instead of a shipped one of the same name."""


def user_folder() -> Path:
    """The folder of a user's own models: ``$HPME_HOME``, or the platform's folder for the data of a user.

    It need not exist. What is trained and fitted is written there, never into the installed package.
    """
    named = os.environ.get(VARIABLE)
    return Path(named).expanduser().absolute() if named else _platforms_folder()


@cache
def _platforms_folder() -> Path:
    return user_data_path("hpme", appauthor=False)


def names_in(folder: Path) -> frozenset[str]:
    """Names of what is in a folder now; none where it is not there."""
    try:
        with os.scandir(folder) as entries:
            return frozenset(entry.name for entry in entries)
    except OSError:
        return frozenset()


@cache
def shipped_in(folder: Path) -> frozenset[str]:
    """Names of what is in a folder of the package, which stays as it is while it is used."""
    return names_in(folder)
