"""The graph isomorphism network that sees features of edges, such as the types of bonds."""

from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from torch_geometric.nn import GINEConv

from hpme.classifiers.gnn import EdgeGNN, in_floats


class _Layer(nn.Module):
    """Sum over neighbours and edges, a two-layer perceptron, batch normalisation, rectifier."""

    def __init__(self, hidden: int, num_edge_features: int) -> None:
        super().__init__()
        perceptron = nn.Sequential(nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, hidden))
        self.conv = GINEConv(perceptron, edge_dim=num_edge_features)
        self.norm = nn.BatchNorm1d(hidden)

    def forward(self, x: Tensor, edge_index: Tensor, edge_attr: Tensor) -> Tensor:
        return F.relu(self.norm(self.conv(x, edge_index, edge_attr)))


class GINE(EdgeGNN):
    """A linear map of the nodes, three layers that each embed the edges anew, [max; mean] readout, linear.

    Args:
        num_features: Width of the node features.
        num_outputs: Number of classes, or one for a regression, whose readout is the sum.
        num_edge_features: Width of the edge features.
        hidden: Width of every layer.

    Source:
        Hu et al. (2020), arXiv:1905.12265; the readout differs (theirs is the mean).
    """

    def __init__(self, num_features: int, num_outputs: int, num_edge_features: int, hidden: int = 32) -> None:
        super().__init__([_Layer(hidden, num_edge_features) for _ in range(3)], hidden, num_outputs)
        self.lift = nn.Linear(num_features, hidden)

    def embed(self, x: Tensor, edge_index: Tensor, edge_attr: Tensor) -> Tensor:
        """Node embeddings ``[N, hidden]`` before the readout."""
        return super().embed(self.lift(in_floats(x)), edge_index, edge_attr)
