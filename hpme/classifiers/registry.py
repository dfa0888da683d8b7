"""The built-in models by name, and how each is trained."""

from collections.abc import Callable

from hpme.classifiers.gat import GAT, EdgeGAT
from hpme.classifiers.gcn import GCN
from hpme.classifiers.gcn_norm import GCNNorm
from hpme.classifiers.gin import GIN
from hpme.classifiers.gine import GINE
from hpme.classifiers.gnn import GNN, PlainGNN
from hpme.classifiers.of_nodes import NodeGNN

PLAIN: dict[str, Callable[..., PlainGNN]] = {"gin": GIN, "gcn-norm": GCNNorm, "gcn": GCN, "gat": GAT}
OF_EDGES: dict[str, Callable[..., GNN]] = {
    "gine": GINE,
    "gat": EdgeGAT,
}  # for graphs whose edges have features
CLASSIFIERS = ("gine", "gin", "gcn-norm", "gcn", "gat")  # the first that has weights is a dataset's default
LEARNING_RATE = {"gine": 3e-3, "gin": 3e-3, "gcn-norm": 1e-3, "gcn": 1e-2, "gat": 3e-3}
OF_NODES = ("gcn", "gin", "gat")  # for nodes of a graph: what they see reaches as far as they have layers
EPOCHS = {"gine": 60, "gin": 80, "gcn-norm": 600, "gcn": 200, "gat": 80}


EPOCHS_OF_NODES = 2000  # each is one step on the whole graph


def fitting(num_edge_features: int, of_nodes: bool = False) -> list[str]:
    """Returns the names of the models for graphs whose edges have so many features, or for nodes of one."""
    if of_nodes:
        return [*OF_NODES]
    return [name for name in CLASSIFIERS if name in PLAIN or num_edge_features]


def create(
    arch: str,
    num_features: int,
    num_outputs: int,
    num_edge_features: int = 0,
    of_nodes: bool = False,
    **width: int,
) -> GNN | NodeGNN:
    """Returns a new model.

    Args:
        arch: One of `CLASSIFIERS`.
        num_features: Width of the node features.
        num_outputs: Number of classes, or one for a regression.
        num_edge_features: Width of the edge features; a model of nodes alone does not see them.
        of_nodes: Whether nodes are predicted, not graphs; features of edges are not seen then.
        **width: `hidden`, the width of every layer, if not the model's usual one.

    Raises:
        ValueError: If it sees features of edges only, and there are none, or does not predict nodes.
    """
    if of_nodes:
        if arch not in OF_NODES:
            raise ValueError(f"Expected a model of nodes (got {arch}); choose {' or '.join(OF_NODES)}")
        return NodeGNN(PLAIN[arch](num_features, num_outputs, **width))
    if arch in OF_EDGES and num_edge_features:
        return OF_EDGES[arch](num_features, num_outputs, num_edge_features, **width)
    if arch not in PLAIN:
        raise ValueError(
            f"Expected graphs with 'edge_attr', which {arch} reads (got none); choose {' or '.join(PLAIN)}"
        )
    return PLAIN[arch](num_features, num_outputs, **width)
