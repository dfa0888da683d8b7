"""BA-House-And-Grid: does the graph contain a house and a grid?"""

from torch_geometric.data import Data

from hpme.datasets.motifs import GRID, HOUSE, Motif, tree_with
from hpme.datasets.spec import DatasetSpec

BOTH: tuple[Motif, ...] = (HOUSE, GRID)
NEGATIVES: tuple[tuple[Motif, ...], ...] = ((), (HOUSE,), (GRID,))


def _graph(index: int) -> Data:
    """Returns the graph of an id: odd ids carry both motifs; even ones in turn none, the house, the grid."""
    motifs = BOTH if index % 2 else NEGATIVES[index // 2 % 3]
    return tree_with(motifs, index % 2, (2023, index), truth=motifs == BOTH)


def _load() -> list[Data]:
    return [_graph(i) for i in range(BA_HOUSE_AND_GRID.num_graphs)]


BA_HOUSE_AND_GRID = DatasetSpec(
    name="ba-house-and-grid",
    title="BA-House-And-Grid",
    task="graph-classification",
    description="A tree of 20 nodes; the question is whether a house and a 3 × 3 grid are attached to it. "
    "Of the other graphs, a third has only the house, a third only the grid, a third neither. "
    "The ground truth is both motifs.",
    load=_load,
    num_graphs=1200,
    num_features=10,
    classes=("not both", "house and grid"),
    ground_truth=True,
    source="https://arxiv.org/abs/2405.14352",
    licence="generated",
)
