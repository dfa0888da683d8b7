"""The graph attention network, which sees features of edges where there are any."""

from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from torch_geometric.nn import GATv2Conv

from hpme.classifiers.gnn import EdgeGNN, PlainGNN


class _Layer(nn.Module):
    """Attention over neighbours beside a linear map of the node itself, batch normalisation, rectifier."""

    def __init__(self, width: int, hidden: int, num_edge_features: int | None = None) -> None:
        super().__init__()
        self.conv = GATv2Conv(width, hidden, add_self_loops=False, edge_dim=num_edge_features, residual=True)
        self.norm = nn.BatchNorm1d(hidden)

    def forward(self, x: Tensor, edge_index: Tensor, edge_attr: Tensor | None = None) -> Tensor:
        return F.relu(self.norm(self.conv(x, edge_index, edge_attr)))


class GAT(PlainGNN):
    """Three attention layers with batch normalisation, [max; mean] readout, linear.

    Attention is a mean over neighbours: where all nodes have the same features, this model sees nothing.

    Args:
        num_features: Width of the node features.
        num_outputs: Number of classes, or one for a regression, whose readout is the sum.
        hidden: Width of every layer.

    Source:
        Brody et al. (2022), arXiv:2105.14491; the readout and the normalisation are those of our GIN.
    """

    def __init__(self, num_features: int, num_outputs: int, hidden: int = 32) -> None:
        super().__init__(
            [_Layer(width, hidden) for width in (num_features, hidden, hidden)], hidden, num_outputs
        )


class EdgeGAT(EdgeGNN):
    """`GAT` whose attention also sees features of edges: they say how much each neighbour counts.

    Args:
        num_features: Width of the node features.
        num_outputs: Number of classes, or one for a regression, whose readout is the sum.
        num_edge_features: Width of the edge features.
        hidden: Width of every layer.
    """

    def __init__(self, num_features: int, num_outputs: int, num_edge_features: int, hidden: int = 32) -> None:
        widths = (num_features, hidden, hidden)
        super().__init__([_Layer(width, hidden, num_edge_features) for width in widths], hidden, num_outputs)
