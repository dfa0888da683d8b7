"""The literature's graph convolutional network for explanation benchmarks."""

from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from torch_geometric.nn import GCNConv

from hpme.classifiers.gnn import PlainGNN


class _Layer(nn.Module):
    """Convolution, rows scaled to length one, rectifier.

    Scaling the rows removes the length of a vector, so with constant features the bias alone can turn a
    degree into a direction: it starts random, not at zero.
    """

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.conv = GCNConv(width, hidden, normalize=False)
        nn.init.uniform_(self.conv.bias, -0.3, 0.3)

    def forward(self, x: Tensor, edge_index: Tensor) -> Tensor:
        return F.relu(F.normalize(self.conv(x, edge_index), dim=-1))


class GCN(PlainGNN):
    """Three graph convolutions, each L2-normalised and rectified, [max; mean] readout, linear.

    Neighbours are summed, without the symmetric normalisation of `GCNNorm`, which learns more slowly.

    Args:
        num_features: Width of the node features.
        num_outputs: Number of classes, or one for a regression, whose readout is the sum.
        hidden: Width of every layer.

    Source:
        Kipf & Welling (2017), arXiv:1609.02907; this shape is PGExplainer's, arXiv:2011.04573.
    """

    def __init__(self, num_features: int, num_outputs: int, hidden: int = 20) -> None:
        super().__init__(
            [_Layer(width, hidden) for width in (num_features, hidden, hidden)], hidden, num_outputs
        )
