"""MUTAG: is a nitroaromatic compound mutagenic?"""

from torch_geometric.data import Data

from hpme.datasets import tu
from hpme.datasets.spec import DatasetSpec

BONDS = ("aromatic", "single", "double", "triple")  # as the collection orders them


def _load() -> list[Data]:
    return tu.read_tu("MUTAG", MUTAG.num_graphs, len(BONDS))


MUTAG = DatasetSpec(
    name="mutag",
    title="MUTAG",
    task="graph-classification",
    description="Real nitroaromatic compounds without their hydrogens; mutagenicity was measured. There is "
    "no ground truth: all have a nitro group, whatever their class, and amines cannot be recognised.",
    load=_load,
    num_graphs=188,
    num_features=7,
    classes=("not mutagenic", "mutagenic"),
    ground_truth=False,
    source=f"Debnath et al. (1991), J. Med. Chem. 34(2); {tu.SOURCE}",
    licence=tu.LICENCE,
    node_labels=("C", "N", "O", "F", "I", "Cl", "Br"),
    num_edge_features=len(BONDS),
    edge_labels=BONDS,
    default_model="gine",
    download=True,
)
