"""A model of nodes: the layers of a model of graphs, and one linear map of what they say of each node."""

from typing import Any

import torch
from torch import Tensor, nn

from hpme.classifiers.gnn import PlainGNN, in_floats

LAYERS = 3  # of every model here


class NodeGNN(nn.Module):
    """Message-passing layers, and one linear map of each node's embeddings after every one of them.

    Args:
        model: Model of graphs that gives its layers; a classifier that reads features of nodes alone.

    Source:
        GNNExplainer's models of nodes, arXiv:1903.03894, read out all layers likewise.
    """

    def __init__(self, model: PlainGNN) -> None:
        super().__init__()
        self.layers = model.layers
        hidden, outputs = model.linear.in_features // 2, model.linear.out_features
        self.linear = nn.Linear(len(self.layers) * hidden, outputs)

    @property
    def model_config(self) -> dict[str, Any]:
        """The task, in the words of `torch_geometric.explain.ModelConfig`."""
        return {"mode": "multiclass_classification", "task_level": "node", "return_type": "raw"}

    def embed(self, x: Tensor, edge_index: Tensor) -> Tensor:
        """Node embeddings ``[N, L * hidden]``: the outputs of all ``L`` layers."""
        x, found = in_floats(x), []
        for layer in self.layers:
            x = layer(x, edge_index)
            found.append(x)
        return torch.cat(found, dim=-1)

    def read_out(self, z: Tensor) -> Tensor:
        """Logits of each node ``[N, C]`` from its embedding ``[N, L * hidden]``."""
        return self.linear(z)

    def forward(self, x: Tensor, edge_index: Tensor) -> Tensor:
        """Logits of each node ``[N, C]``.

        Args:
            x: Node features ``[N, F]``.
            edge_index: Edges ``[2, E]``.
        """
        return self.read_out(self.embed(x, edge_index))
