"""The node scorer: how much does each node matter to the prediction?"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from hpme.forward.ask import node_embedding
from hpme.forward.hops import CENTRE, distances
from hpme.forward.packed import Packed
from hpme.forward.question import Question

FAR = 4  # steps from the centre; what is further counts the same


def scorer_input(question: Question, graphs: Packed) -> Tensor:
    """Returns what the scorer sees of each node ``[N, H]``; see `seen_of`."""
    return seen_of(node_embedding(question, graphs), graphs)


def seen_of(z: Tensor, graphs: Packed) -> Tensor:
    """Returns what the scorer sees of nodes with these embeddings ``[N, H]``: just these.

    In a graph around a node it sees the embedding of the centre, too, and how far from it the node is.
    """
    if CENTRE not in graphs.node_attrs:
        return z
    centre = graphs.node_attrs[CENTRE].bool().view(-1).nonzero().view(-1)
    steps = F.one_hot(distances(graphs, FAR), FAR + 2)
    return torch.cat([z, z[centre][graphs.batch], steps.to(z.dtype)], dim=1)


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
