"""BA-House-Grid: a random tree with either a house or a grid attached to it, never both."""

from torch_geometric.data import Data

from hpme.datasets.motifs import GRID, HOUSE, tree_with
from hpme.datasets.spec import DatasetSpec


def _load() -> list[Data]:
    """Returns the graph of an id: even ids carry a house, odd ones a grid."""
    return [tree_with([(HOUSE, GRID)[i % 2]], i % 2, (2022, i)) for i in range(BA_HOUSE_GRID.num_graphs)]


BA_HOUSE_GRID = DatasetSpec(
    name="ba-house-grid",
    title="BA-House-Grid",
    task="graph-classification",
    description="A random tree of 20 nodes with exactly one motif attached to it, a house or a 3 × 3 grid; "
    "which one is the class, and that motif is the ground truth.",
    load=_load,
    num_graphs=1200,
    num_features=10,
    classes=("house", "grid"),
    ground_truth=True,
    source="https://arxiv.org/abs/2405.14352",
    licence="generated",
)
