"""Tree-Cycles: is a node in a six-cycle?"""

from torch_geometric.data import Data

from hpme.datasets import node_motifs
from hpme.datasets.motifs import Motif
from hpme.datasets.spec import DatasetSpec

SIX_CYCLE: Motif = ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 0))


def _load() -> list[Data]:
    return [node_motifs.binary_tree_with(SIX_CYCLE, seed=2)]


TREE_CYCLES = DatasetSpec(
    name="tree-cycles",
    title="Tree-Cycles",
    task="node-classification",
    description="A binary tree of eight levels with 80 six-cycles attached to it, and some random edges. "
    "A node is of the tree or of a cycle; all have the same features.",
    load=_load,
    num_graphs=991,
    num_features=node_motifs.WIDTH,
    classes=("tree", "cycle"),
    ground_truth=True,
    source=node_motifs.SOURCE,
    licence="generated",
    default_model="gcn",
)
