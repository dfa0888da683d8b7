"""BA-Community: in which of two communities is a node, and where in a house?"""

from torch_geometric.data import Data

from hpme.datasets import node_motifs
from hpme.datasets.ba_shapes import BA_SHAPES
from hpme.datasets.spec import DatasetSpec


def _load() -> list[Data]:
    return [node_motifs.two_communities()]


BA_COMMUNITY = DatasetSpec(
    name="ba-community",
    title="BA-Community",
    task="node-classification",
    description="Two graphs like BA-Shapes, joined by a few edges. Features are drawn around -1 in the first "
    "and around 1 in the second, so a class tells the community and the place in a house.",
    load=_load,
    num_graphs=1400,
    num_features=node_motifs.WIDTH,
    classes=tuple(f"{name} {community}" for community in (1, 2) for name in BA_SHAPES.classes),
    ground_truth=True,
    source=node_motifs.SOURCE,
    licence="generated",
    default_model="gcn",
)
