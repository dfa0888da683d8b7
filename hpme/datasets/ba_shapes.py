"""BA-Shapes: is a node in a house, and where in it?"""

from torch_geometric.data import Data

from hpme.datasets import node_motifs
from hpme.datasets.spec import DatasetSpec


def _load() -> list[Data]:
    return [node_motifs.ba_with_houses()]


BA_SHAPES = DatasetSpec(
    name="ba-shapes",
    title="BA-Shapes",
    task="node-classification",
    description="One random graph with 80 houses attached to it, and some random edges. A node is of the "
    "base, or in the middle, at the bottom or the roof of a house; all have the same features.",
    load=_load,
    num_graphs=700,
    num_features=node_motifs.WIDTH,
    classes=("base", "middle", "bottom", "roof"),
    ground_truth=True,
    source=node_motifs.SOURCE,
    licence="generated",
    default_model="gcn",
)
