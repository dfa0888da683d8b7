"""Benzene: does the molecule contain a benzene ring?"""

from rdkit import Chem
from torch_geometric.data import Data

from hpme.chemistry.bonds import BONDS
from hpme.datasets.molecules import ELEMENTS, LICENCE, SOURCE
from hpme.datasets.rules import by_content, draw_smiles, has_any, labelled
from hpme.datasets.spec import DatasetSpec

RING = Chem.MolFromSmarts("c1ccccc1")


def _load() -> list[Data]:
    """Returns all molecules without the ring, and equally many with it."""
    groups = by_content(RING)
    without = groups[False,]
    return labelled(without, draw_smiles(groups[True,], len(without)), RING)


BENZENE = DatasetSpec(
    name="benzene",
    title="Benzene",
    task="graph-classification",
    description="Real molecules; the question is whether a benzene ring is present. "
    "The ground truth is every atom of such a ring, found by SMARTS.",
    load=_load,
    num_graphs=6582,
    num_features=len(ELEMENTS),
    classes=("no benzene ring", "benzene ring"),
    ground_truth=True,
    source=SOURCE,
    licence=LICENCE,
    node_labels=ELEMENTS,
    num_edge_features=len(BONDS),
    edge_labels=BONDS,
    default_model="gine",
    rule=has_any(RING),
)
