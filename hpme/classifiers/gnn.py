"""Bases of the models here: a stack of layers, a readout, one linear map."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch_geometric.nn import global_add_pool, global_max_pool, global_mean_pool


def in_floats(x: Tensor) -> Tensor:
    """Returns features in floating point: as they are, or whole numbers as floats."""
    return x if x.is_floating_point() else x.float()


class GNN(nn.Module):
    """Message-passing layers, readout over each graph's nodes, one linear map.

    A classifier reads out [max; mean], a regression the sum: numbers such as counts add up over nodes. The
    regression learns a standardised number, and its output is in the units of the labels.

    Args:
        layers: Modules called as the class says.
        hidden: Width of the last layer's output.
        num_outputs: Number of classes, or one for a regression.
    """

    def __init__(self, layers: Sequence[nn.Module], hidden: int, num_outputs: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.regression = num_outputs == 1
        self.linear = nn.Linear(hidden if self.regression else 2 * hidden, num_outputs)
        if self.regression:
            self.register_buffer("mean", torch.zeros(1))
            self.register_buffer("spread", torch.ones(1))

    def standardise(self, labels: Tensor) -> None:
        """Takes mean and spread of a regression's output from the training labels ``[G]``."""
        self.mean, self.spread = labels.mean()[None], labels.std()[None]

    @property
    def model_config(self) -> dict[str, str]:
        """The task, in the words of `torch_geometric.explain.ModelConfig`."""
        mode = "regression" if self.regression else "multiclass_classification"
        return {"mode": mode, "task_level": "graph", "return_type": "raw"}

    def read_out(self, z: Tensor, batch: Tensor, batch_size: int | None) -> Tensor:
        """Logits ``[B, num_classes]``, or numbers ``[B, 1]``, of node embeddings ``[N, hidden]``.

        Args:
            z: Node embeddings.
            batch: Graph of each node ``[N]``.
            batch_size: Number of graphs, where the last ones may have no nodes (their readout is zero).
        """
        if self.regression:
            return self.linear(global_add_pool(z, batch, batch_size)) * self.spread + self.mean
        readout = [global_max_pool(z, batch, batch_size), global_mean_pool(z, batch, batch_size)]
        return self.linear(torch.cat(readout, dim=-1))


class PlainGNN(GNN):
    """A model of nodes and edges, whose layers are called as ``layer(x, edge_index)``."""

    def embed(self, x: Tensor, edge_index: Tensor) -> Tensor:
        """Node embeddings ``[N, hidden]`` before the readout."""
        x = in_floats(x)
        for layer in self.layers:
            x = layer(x, edge_index)
        return x

    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor, batch_size: int | None = None) -> Tensor:
        """Logits, or the number of a regression.

        Args:
            x: Node features ``[N, F]``.
            edge_index: Edges ``[2, E]``.
            batch: Graph of each node ``[N]``.
            batch_size: Number of graphs, where the last ones may have no nodes (their readout is zero).

        Returns:
            Logits ``[B, num_classes]``, or numbers ``[B, 1]``.
        """
        return self.read_out(self.embed(x, edge_index), batch, batch_size)


class EdgeGNN(GNN):
    """A model that also sees features of edges; layers are called as ``layer(x, edge_index, edge_attr)``."""

    def embed(self, x: Tensor, edge_index: Tensor, edge_attr: Tensor) -> Tensor:
        """Node embeddings ``[N, hidden]`` before the readout."""
        x = in_floats(x)
        for layer in self.layers:
            x = layer(x, edge_index, edge_attr)
        return x

    def forward(
        self,
        x: Tensor,
        edge_index: Tensor,
        edge_attr: Tensor,
        batch: Tensor,
        batch_size: int | None = None,
    ) -> Tensor:
        """Logits, or the number of a regression.

        Args:
            x: Node features ``[N, F]``.
            edge_index: Edges ``[2, E]``.
            edge_attr: Edge features ``[E, D]``.
            batch: Graph of each node ``[N]``.
            batch_size: Number of graphs, where the last ones may have no nodes (their readout is zero).

        Returns:
            Logits ``[B, num_classes]``, or numbers ``[B, 1]``.
        """
        return self.read_out(self.embed(x, edge_index, edge_attr), batch, batch_size)
