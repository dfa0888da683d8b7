"""What the classifiers here share: a stack of layers, [max; mean] readout, one linear map."""

import torch
from torch import Tensor, nn
from torch_geometric.nn import global_max_pool, global_mean_pool


class GNN(nn.Module):
    """Message-passing layers, [max; mean] readout over each graph's nodes, linear classifier.

    Args:
        layers: Modules called as ``layer(x, edge_index)``.
        hidden: Width of the last layer's output.
        num_classes: Number of classes.
    """

    def __init__(self, layers: list[nn.Module], hidden: int, num_classes: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.linear = nn.Linear(2 * hidden, num_classes)

    def embed(self, x: Tensor, edge_index: Tensor) -> Tensor:
        """Node embeddings ``[N, hidden]`` before the readout."""
        for layer in self.layers:
            x = layer(x, edge_index)
        return x

    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor, batch_size: int | None = None) -> Tensor:
        """Logits.

        Args:
            x: Node features ``[N, F]``.
            edge_index: Edges ``[2, E]``.
            batch: Graph of each node ``[N]``.
            batch_size: Number of graphs, where the last ones may have no nodes (their readout is zero).

        Returns:
            Logits ``[B, num_classes]``.
        """
        z = self.embed(x, edge_index)
        readout = [global_max_pool(z, batch, batch_size), global_mean_pool(z, batch, batch_size)]
        return self.linear(torch.cat(readout, dim=-1))
