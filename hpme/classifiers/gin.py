"""The graph isomorphism network."""

from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from torch_geometric.nn import GINConv

from hpme.classifiers.gnn import PlainGNN


class _Layer(nn.Module):
    """Sum over neighbours, a two-layer perceptron, batch normalisation, rectifier."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.conv = GINConv(nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), nn.Linear(hidden, hidden)))
        self.norm = nn.BatchNorm1d(hidden)

    def forward(self, x: Tensor, edge_index: Tensor) -> Tensor:
        return F.relu(self.norm(self.conv(x, edge_index)))


class GIN(PlainGNN):
    """Three isomorphism layers with batch normalisation, [max; mean] readout, linear.

    Args:
        num_features: Width of the node features.
        num_outputs: Number of classes, or one for a regression, whose readout is the sum.
        hidden: Width of every layer.

    Source:
        Xu et al. (2019), arXiv:1810.00826; the readout differs (theirs sums every layer).
    """

    def __init__(self, num_features: int, num_outputs: int, hidden: int = 32) -> None:
        super().__init__(
            [_Layer(width, hidden) for width in (num_features, hidden, hidden)], hidden, num_outputs
        )
