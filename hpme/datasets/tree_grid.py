"""Tree-Grid: is a node in a grid?"""

from torch_geometric.data import Data

from hpme.datasets import node_motifs
from hpme.datasets.motifs import GRID
from hpme.datasets.spec import DatasetSpec


def _load() -> list[Data]:
    return [node_motifs.binary_tree_with(GRID, seed=3)]


TREE_GRID = DatasetSpec(
    name="tree-grid",
    title="Tree-Grid",
    task="node-classification",
    description="A binary tree of eight levels with 80 grids of 3 × 3 nodes attached to it, and some random "
    "edges. A node is of the tree or of a grid; all have the same features.",
    load=_load,
    num_graphs=1231,
    num_features=node_motifs.WIDTH,
    classes=("tree", "grid"),
    ground_truth=True,
    source=node_motifs.SOURCE,
    licence="generated",
    default_model="gcn",
)
