"""BA-House-Or-Grid: does the graph contain a house, a grid or both?"""

from torch_geometric.data import Data

from hpme.datasets.motifs import GRID, HOUSE, Motif, tree_with
from hpme.datasets.spec import DatasetSpec

POSITIVES: tuple[tuple[Motif, ...], ...] = ((HOUSE,), (GRID,), (HOUSE, GRID))


def _graph(index: int) -> Data:
    """Returns the graph of an id: even ids carry no motif; odd ones in turn the house, the grid, both."""
    motifs = POSITIVES[index // 2 % 3] if index % 2 else ()
    return tree_with(motifs, index % 2, (2024, index))


def _load() -> list[Data]:
    return [_graph(i) for i in range(BA_HOUSE_OR_GRID.num_graphs)]


BA_HOUSE_OR_GRID = DatasetSpec(
    name="ba-house-or-grid",
    title="BA-House-Or-Grid",
    task="graph-classification",
    description="A tree of 20 nodes; the question is whether a house, a 3 × 3 grid or both are attached. "
    "The ground truth is every attached motif, although one of two would be enough.",
    load=_load,
    num_graphs=1200,
    num_features=10,
    classes=("neither", "house or grid"),
    ground_truth=True,
    source="https://arxiv.org/abs/2405.14352",
    licence="generated",
)
