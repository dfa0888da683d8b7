"""Alkane-Carbonyl: does the molecule contain an open chain and a carbonyl group?"""

from rdkit import Chem
from torch_geometric.data import Data

from hpme.chemistry.bonds import BONDS
from hpme.datasets.molecules import ELEMENTS, LICENCE, SOURCE
from hpme.datasets.rules import CARBONYL, by_content, draw_smiles, has_all, labelled
from hpme.datasets.spec import DatasetSpec

CHAIN = Chem.MolFromSmarts("[R0;D2,D1][R0;D2][R0;D2,D1]")


def _load() -> list[Data]:
    """Returns all molecules with both groups, and equally many others: half with one, half with neither."""
    groups = by_content(CHAIN, CARBONYL)
    both, half = groups[True, True], len(groups[True, True]) // 2
    one = draw_smiles(groups[True, False] + groups[False, True], half)
    return labelled(one + draw_smiles(groups[False, False], half), both, CHAIN, CARBONYL)


ALKANE_CARBONYL = DatasetSpec(
    name="alkane-carbonyl",
    title="Alkane-Carbonyl",
    task="graph-classification",
    description="Real molecules; the question is whether both an unbranched open chain of three atoms and a "
    "carbonyl group (C=O) are present. The ground truth is all of them where both are present.",
    load=_load,
    num_graphs=2828,
    num_features=len(ELEMENTS),
    classes=("not both", "chain and carbonyl"),
    ground_truth=True,
    source=SOURCE,
    licence=LICENCE,
    node_labels=ELEMENTS,
    num_edge_features=len(BONDS),
    edge_labels=BONDS,
    default_model="gine",
    rule=has_all(CHAIN, CARBONYL),
)
