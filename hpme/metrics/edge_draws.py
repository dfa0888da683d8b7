"""The model's answers about graphs of which only some edges go, in many draws; no node goes."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from hpme.forward.ask import graph_logits
from hpme.forward.packed import Packed
from hpme.forward.pairs import undirected_pairs

DRAWS = 50
CHUNK = 10  # draws in one forward pass


def thinned(graphs: Packed, stay: Tensor, copies: int, draws: torch.Generator) -> Packed:
    """Returns the graphs `copies` times over, each copy with other edges; both directions go together.

    Args:
        graphs: ``G`` graphs.
        stay: Chance of each edge to stay ``[E]``.
        copies: Number of copies.
        draws: Source of the draws.
    """
    pair = undirected_pairs(graphs.edge_index, len(graphs.x))
    number = int(pair.max()) + 1 if len(pair) else 0
    stays = torch.rand(copies, number, generator=draws).to(graphs.device)[:, pair] < stay
    return graphs.repeat(copies).with_edges(stays.view(-1))


def answers(
    model: nn.Module, graphs: Packed, stay: Tensor, draws: torch.Generator, number: int = DRAWS
) -> Iterator[Tensor]:
    """Yields the answers ``[k, G, C]`` about `number` draws of the graphs, some draws at a time.

    Args:
        model: Model in evaluation mode.
        graphs: ``G`` graphs, as its question packs them.
        stay: Chance of each edge to stay ``[E]``.
        draws: Source of the draws.
        number: Number of draws.
    """
    for start in range(0, number, CHUNK):
        copies = min(CHUNK, number - start)
        yield graph_logits(model, thinned(graphs, stay, copies, draws)).view(copies, graphs.size, -1)
