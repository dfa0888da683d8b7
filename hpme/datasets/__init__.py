"""Graph datasets: shipped with the package, or downloaded on first use."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from hpme import checks
from hpme.datasets.alkane_carbonyl import ALKANE_CARBONYL
from hpme.datasets.ba_2motifs import BA_2MOTIFS
from hpme.datasets.ba_3motifs import BA_3MOTIFS
from hpme.datasets.ba_community import BA_COMMUNITY
from hpme.datasets.ba_house_and_grid import BA_HOUSE_AND_GRID
from hpme.datasets.ba_house_grid import BA_HOUSE_GRID
from hpme.datasets.ba_house_or_grid import BA_HOUSE_OR_GRID
from hpme.datasets.ba_motif_counting import BA_MOTIF_COUNTING
from hpme.datasets.ba_motif_volume import BA_MOTIF_VOLUME
from hpme.datasets.ba_shapes import BA_SHAPES
from hpme.datasets.benzene import BENZENE
from hpme.datasets.cora import CORA
from hpme.datasets.crippen_logp import CRIPPEN_LOGP
from hpme.datasets.fluoride_carbonyl import FLUORIDE_CARBONYL
from hpme.datasets.mutag import MUTAG
from hpme.datasets.mutagenicity import MUTAGENICITY
from hpme.datasets.nitro_amine import NITRO_AMINE
from hpme.datasets.proteins import PROTEINS
from hpme.datasets.spec import Dataset, DatasetSpec, split
from hpme.datasets.store import open_packed
from hpme.datasets.tree_cycles import TREE_CYCLES
from hpme.datasets.tree_grid import TREE_GRID
from hpme.datasets.triangles import TRIANGLES

__all__ = ["DATASETS", "EMBEDDED", "Dataset", "DatasetSpec", "load_built_in", "no_collection"]

DATASETS: dict[str, DatasetSpec] = {
    spec.name: spec
    for spec in (
        BA_2MOTIFS,
        BA_3MOTIFS,
        BA_HOUSE_GRID,
        BA_HOUSE_AND_GRID,
        BA_HOUSE_OR_GRID,
        BENZENE,
        FLUORIDE_CARBONYL,
        ALKANE_CARBONYL,
        NITRO_AMINE,
        BA_MOTIF_VOLUME,
        BA_MOTIF_COUNTING,
        TRIANGLES,
        CRIPPEN_LOGP,
        BA_SHAPES,
        BA_COMMUNITY,
        TREE_CYCLES,
        TREE_GRID,
        MUTAG,
        MUTAGENICITY,
        PROTEINS,
        CORA,
    )
}
EMBEDDED = tuple(name for name, spec in DATASETS.items() if not spec.download)  # need no network


def load_built_in(name: str) -> Dataset:
    """Loads a built-in dataset by name; see `hpme.own_data` for a user's own.

    Args:
        name: A key of `DATASETS`.

    Returns:
        The dataset in three fixed splits. Built-in sets are read once and shared: treat graphs as read-only.

    Raises:
        KeyError: If the name is unknown.
        ValueError: If a set cannot be downloaded.
    """
    checks.known(name, DATASETS, "dataset")
    return _built_in(name)


@lru_cache(maxsize=16)
def _built_in(name: str) -> Dataset:
    spec = DATASETS[name]
    with no_collection():
        return split(spec, spec.load() if spec.download or spec.of_nodes else open_packed(name))


@contextmanager
def no_collection() -> Iterator[None]:
    """Pauses the garbage collector, which would walk through the new graphs many times for nothing."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
