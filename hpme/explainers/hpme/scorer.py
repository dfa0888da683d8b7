"""The node scorer: how much does each node matter to the prediction?"""

import torch
from torch import Tensor, nn


class NodeScorer(nn.Module):
    """A small network on standardised frozen node embeddings.

    It sees single nodes only: a readout of the whole graph among its inputs invites shortcuts.

    Args:
        width: Width of the embeddings, ``H``.
        hidden: Width of the two hidden layers.
    """

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("spread", torch.ones(width))
        last = nn.Linear(hidden, 1)
        nn.init.constant_(last.bias, 0.5)  # start from most of the graph
        self.network = nn.Sequential(
            nn.Linear(width, hidden),
            nn.LayerNorm(hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            last,
        )

    def standardise(self, z: Tensor) -> None:
        """Takes mean and spread from the embeddings ``[N, H]`` of the training graphs."""
        self.mean, self.spread = z.mean(0), z.std(0) + 1e-3

    def forward(self, z: Tensor) -> Tensor:
        """Logits ``[N]`` of keeping each node, from its embedding ``[N, H]``."""
        return self.network((z - self.mean) / self.spread).squeeze(-1)
