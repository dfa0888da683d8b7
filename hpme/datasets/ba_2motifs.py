"""BA-2Motifs: a random tree with a house or a five-cycle attached to it."""

from torch_geometric.data import Data

from hpme.datasets.motifs import CYCLE, HOUSE, tree_with
from hpme.datasets.spec import DatasetSpec


def _load() -> list[Data]:
    """Returns the graph of an id: even ids carry a cycle, odd ones a house."""
    return [tree_with([(CYCLE, HOUSE)[i % 2]], i % 2, (2020, i)) for i in range(BA_2MOTIFS.num_graphs)]


BA_2MOTIFS = DatasetSpec(
    name="ba-2motifs",
    title="BA-2Motifs",
    task="graph-classification",
    description="A random tree of 20 nodes with one motif attached to it: a five-cycle or a house. "
    "Every node has the same features, so only the structure tells the classes apart.",
    load=_load,
    num_graphs=1000,
    num_features=10,
    classes=("cycle", "house"),
    ground_truth=True,
    source="https://arxiv.org/abs/2011.04573",
    licence="generated",
)
