"""The built-in models by name, and how each is trained."""

from collections.abc import Callable

from hpme.classifiers.gat import GAT, EdgeGAT
from hpme.classifiers.gcn import GCN
from hpme.classifiers.gcn_norm import GCNNorm
from hpme.classifiers.gin import GIN
from hpme.classifiers.gine import GINE
from hpme.classifiers.gnn import GNN

PLAIN: dict[str, Callable[..., GNN]] = {"gin": GIN, "gcn-norm": GCNNorm, "gcn": GCN, "gat": GAT}
OF_EDGES: dict[str, Callable[..., GNN]] = {
    "gine": GINE,
    "gat": EdgeGAT,
}  # for graphs whose edges have features
CLASSIFIERS = ("gine", "gin", "gcn-norm", "gcn", "gat")  # the first that has weights is a dataset's default
LEARNING_RATE = {"gine": 3e-3, "gin": 3e-3, "gcn-norm": 1e-3, "gcn": 1e-2, "gat": 3e-3}
EPOCHS = {"gine": 60, "gin": 80, "gcn-norm": 600, "gcn": 200, "gat": 80}


def fitting(num_edge_features: int) -> list[str]:
    """Returns the names of the models for graphs whose edges have so many features."""
    return [name for name in CLASSIFIERS if name in PLAIN or num_edge_features]


def create(arch: str, num_features: int, num_outputs: int, num_edge_features: int = 0, **width: int) -> GNN:
    """Returns a new model.

    Args:
        arch: One of `CLASSIFIERS`.
        num_features: Width of the node features.
        num_outputs: Number of classes, or one for a regression.
        num_edge_features: Width of the edge features; a model of nodes alone does not see them.
        **width: `hidden`, the width of every layer, if not the model's usual one.

    Raises:
        ValueError: If it sees features of edges only, and there are none.
    """
    if arch in OF_EDGES and num_edge_features:
        return OF_EDGES[arch](num_features, num_outputs, num_edge_features, **width)
    if arch not in PLAIN:
        raise ValueError(
            f"Expected graphs with 'edge_attr', which {arch} reads (got none); choose {' or '.join(PLAIN)}"
        )
    return PLAIN[arch](num_features, num_outputs, **width)
