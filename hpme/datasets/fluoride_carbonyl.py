"""Fluoride-Carbonyl: does the molecule contain a fluorine and a carbonyl group?"""

from rdkit import Chem
from torch_geometric.data import Data

from hpme.chemistry.bonds import BONDS
from hpme.datasets.molecules import ELEMENTS, LICENCE, SOURCE
from hpme.datasets.rules import CARBONYL, by_content, draw_smiles, has_all, labelled
from hpme.datasets.spec import DatasetSpec

FLUORIDE = Chem.MolFromSmarts("[FX1]")


def _load() -> list[Data]:
    """Returns all molecules with both groups, and equally many others: a third with one, the other, none."""
    groups = by_content(FLUORIDE, CARBONYL)
    both = groups[True, True]
    others = ((True, False), (False, True), (False, False))
    negatives = [smiles for content in others for smiles in draw_smiles(groups[content], len(both) // 3)]
    return labelled(negatives, both, FLUORIDE, CARBONYL)


FLUORIDE_CARBONYL = DatasetSpec(
    name="fluoride-carbonyl",
    title="Fluoride-Carbonyl",
    task="graph-classification",
    description="Real molecules; the question is whether fluorine and a carbonyl group (C=O) are present. "
    "The ground truth is all of them where both are present.",
    load=_load,
    num_graphs=858,
    num_features=len(ELEMENTS),
    classes=("not both", "fluorine and carbonyl"),
    ground_truth=True,
    source=SOURCE,
    licence=LICENCE,
    node_labels=ELEMENTS,
    num_edge_features=len(BONDS),
    edge_labels=BONDS,
    default_model="gine",
    rule=has_all(FLUORIDE, CARBONYL),
)
