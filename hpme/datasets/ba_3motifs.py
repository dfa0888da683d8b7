"""BA-3Motifs: a random tree with a five-cycle, a house or a grid attached to it."""

from torch_geometric.data import Data

from hpme.datasets.motifs import CYCLE, GRID, HOUSE, tree_with
from hpme.datasets.spec import DatasetSpec


def _load() -> list[Data]:
    """Returns the graph of an id, whose class is the id modulo three."""
    return [tree_with([(CYCLE, HOUSE, GRID)[i % 3]], i % 3, (2021, i)) for i in range(BA_3MOTIFS.num_graphs)]


BA_3MOTIFS = DatasetSpec(
    name="ba-3motifs",
    title="BA-3Motifs",
    task="graph-classification",
    description="A random tree of 20 nodes with one motif attached: a five-cycle, a house or a 3 × 3 grid. "
    "Every node has the same features, so only the structure tells the classes apart.",
    load=_load,
    num_graphs=3000,
    num_features=10,
    classes=("cycle", "house", "grid"),
    ground_truth=True,
    source="Wang et al. (2021), 'Towards multi-grained explainability for graph neural networks'",
    licence="generated",
)
