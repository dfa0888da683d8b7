"""BA-Motif-Counting: how many five-cycles are attached to the tree?"""

from torch_geometric.data import Data

from hpme.datasets.motifs import CYCLE, tree_with
from hpme.datasets.spec import DatasetSpec

NODES, MOST = 120, 19  # nodes of every graph, cycles of the fullest


def _graph(index: int) -> Data:
    """1 to 19 cycles in turn, on a tree of all the other nodes."""
    count = 1 + index % MOST
    return tree_with([CYCLE] * count, float(count), (2026, index), nodes=NODES - 5 * count)


def _load() -> list[Data]:
    return [_graph(i) for i in range(BA_MOTIF_COUNTING.num_graphs)]


BA_MOTIF_COUNTING = DatasetSpec(
    name="ba-motif-counting",
    title="BA-Motif-Counting",
    task="graph-regression",
    description="A random tree with 1 to 19 five-cycles attached to it, 120 nodes in all. "
    "The number to predict is that of the cycles, and all of them are the ground truth.",
    load=_load,
    num_graphs=950,
    num_features=10,
    classes=(),
    ground_truth=True,
    source="https://arxiv.org/abs/2307.07840",
    licence="generated",
    quantity="number of cycles",
)
