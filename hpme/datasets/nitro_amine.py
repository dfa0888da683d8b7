"""Nitro-Amine: does the molecule contain a nitro group or a primary amine?"""

from rdkit import Chem
from torch_geometric.data import Data

from hpme.chemistry.bonds import BONDS
from hpme.datasets.molecules import ELEMENTS, LICENCE, SOURCE
from hpme.datasets.rules import by_content, draw_smiles, has_any, labelled
from hpme.datasets.spec import DatasetSpec

NITRO = Chem.MolFromSmarts("[NX3+](=O)[O-]")  # RDKit reads N(=O)=O as this, too
AMINE = Chem.MolFromSmarts("[NX3;H2]")


def _load() -> list[Data]:
    """Returns all molecules with either group, and equally many with neither."""
    groups = by_content(NITRO, AMINE)
    positives = groups[True, False] + groups[False, True] + groups[True, True]
    return labelled(draw_smiles(groups[False, False], len(positives)), positives, NITRO, AMINE)


NITRO_AMINE = DatasetSpec(
    name="nitro-amine",
    title="Nitro-Amine",
    task="graph-classification",
    description="Real molecules; the question is whether a nitro group or a primary amine is present. "
    "The ground truth is every nitro group and every such nitrogen; mutagenicity itself was not measured.",
    load=_load,
    num_graphs=3720,
    num_features=len(ELEMENTS),
    classes=("neither", "nitro or amine"),
    ground_truth=True,
    source=SOURCE,
    licence=LICENCE,
    node_labels=ELEMENTS,
    num_edge_features=len(BONDS),
    edge_labels=BONDS,
    default_model="gine",
    rule=has_any(NITRO, AMINE),
)
