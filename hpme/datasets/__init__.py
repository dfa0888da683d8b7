"""Graph datasets with a known explanation, generated or read from installed packages; no download."""

from functools import lru_cache
from pathlib import Path

from hpme import checks
from hpme.datasets.alkane_carbonyl import ALKANE_CARBONYL
from hpme.datasets.ba_2motifs import BA_2MOTIFS
from hpme.datasets.ba_3motifs import BA_3MOTIFS
from hpme.datasets.ba_house_and_grid import BA_HOUSE_AND_GRID
from hpme.datasets.ba_house_grid import BA_HOUSE_GRID
from hpme.datasets.ba_house_or_grid import BA_HOUSE_OR_GRID
from hpme.datasets.benzene import BENZENE
from hpme.datasets.fluoride_carbonyl import FLUORIDE_CARBONYL
from hpme.datasets.nitro_amine import NITRO_AMINE
from hpme.datasets.packed import load_packed
from hpme.datasets.spec import Dataset, DatasetSpec, split

__all__ = ["DATASETS", "Dataset", "DatasetSpec", "load_dataset"]

DATASETS: dict[str, DatasetSpec] = {
    spec.name: spec
    for spec in (
        *(BA_2MOTIFS, BA_3MOTIFS, BA_HOUSE_GRID, BA_HOUSE_AND_GRID, BA_HOUSE_OR_GRID),
        *(BENZENE, FLUORIDE_CARBONYL, ALKANE_CARBONYL, NITRO_AMINE),
    )
}


def load_dataset(name: str | Path) -> Dataset:
    """Loads a dataset by name, or a user's own by the path of its packed file.

    Args:
        name: A key of `DATASETS`, or a path ending in ``.npz``.

    Returns:
        The dataset in three fixed splits. Built-in sets are read once and shared: treat graphs as read-only.

    Raises:
        KeyError: If the name is unknown.
        ValueError: If the file does not hold a packed dataset.
    """
    if str(name).endswith(".npz"):
        return load_packed(Path(name))
    checks.known(str(name), DATASETS, "dataset (or a path ending in .npz)")
    return _built_in(str(name))


@lru_cache(maxsize=16)
def _built_in(name: str) -> Dataset:
    spec = DATASETS[name]
    return split(spec, spec.load())
