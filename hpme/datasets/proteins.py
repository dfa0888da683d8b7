"""PROTEINS: is a protein an enzyme?"""

from torch_geometric.data import Data

from hpme.datasets import tu
from hpme.datasets.spec import DatasetSpec


def _load() -> list[Data]:
    return tu.read_tu("PROTEINS", PROTEINS.num_graphs)


PROTEINS = DatasetSpec(
    name="proteins",
    title="PROTEINS",
    task="graph-classification",
    description="Real proteins; a node is a helix, a sheet or a turn, joined to its neighbours in the "
    "sequence and in space. The question is whether it is an enzyme. There is no ground truth.",
    load=_load,
    num_graphs=1113,
    num_features=3,
    classes=("enzyme", "not an enzyme"),
    ground_truth=False,
    source=f"Borgwardt et al. (2005), Bioinformatics 21(suppl. 1); {tu.SOURCE}",
    licence=tu.LICENCE,
    download=True,
)
