"""The batched forward passes that the metrics share: lists of graphs in, one row a graph out."""

from collections.abc import Sequence
from copy import copy

import torch
from torch import Tensor, nn
from torch_geometric.data import Data

from hpme.forward.around import GraphsAround
from hpme.forward.ask import graph_embedding, graph_logits, node_embedding, same, tolerance, whole_logits
from hpme.forward.packed import chunks, pack
from hpme.forward.question import ask
from hpme.method.mixup import mix_graphs
from hpme.method.pooling import induced_subgraph
from hpme.seeding import generator

__all__ = ["Donors", "embeddings", "logits", "random_mixes", "same", "subgraphs", "tolerance"]

TOGETHER = 1_000  # graphs in a pass for embeddings: what it works on stays near the processor
Donors = tuple[Sequence[Data], Sequence[Tensor]]  # graphs, and their kept nodes, bool [N] each


def logits(model: nn.Module, graphs: Sequence[Data]) -> Tensor:
    """Returns the model's logits of each graph, ``[G, C]``, from one forward pass.

    A graph without nodes gets the logits of an empty readout.
    """
    question = ask(model)
    if isinstance(graphs, GraphsAround):
        return whole_logits(question, graphs)
    return graph_logits(question, question.pack(graphs))


def embeddings(model: nn.Module, graphs: Sequence[Data]) -> Tensor:
    """Returns the embedding of each graph, ``[G, 2H]``, from few forward passes; zeros for an empty graph.

    Of graphs around nodes it is that of the node ``[G, H]``.
    """
    question = ask(model)
    if isinstance(graphs, GraphsAround):
        return node_embedding(question, graphs.packed)[graphs.nodes]
    passes = (graph_embedding(question, question.pack(some)) for some in chunks(graphs, TOGETHER))
    return torch.cat([*passes])


def subgraphs(graphs: Sequence[Data], keeps: Sequence[Tensor]) -> list[Data]:
    """Returns the subgraph of each graph that its kept nodes, ``bool [N]``, induce."""
    return induced_subgraph(pack(graphs), torch.cat(list(keeps))).to_data_list()


def zeroed(graph: Data, keep: Tensor) -> Data:
    """Returns the graph with the features of the nodes that are not kept, ``bool [N]``, set to zero."""
    changed = copy(graph)
    changed.x = graph.x * keep.view(-1, *[1] * (graph.x.dim() - 1))
    return changed


def random_mixes(
    graphs: Sequence[Data],
    keeps: Sequence[Tensor],
    seed: int,
    draw: int = 0,
    donors: Donors | None = None,
) -> list[Data]:
    """Puts the kept part of each graph into the rest of another one, drawn at random.

    Args:
        graphs: Graphs whose kept parts move.
        keeps: Kept nodes of each, ``bool [N]``.
        seed: Seed of donors and links.
        draw: Number of the draw; each gives other donors.
        donors: Graphs to draw from, and their kept nodes; default: `graphs` themselves. No graph is its own
            donor.

    Raises:
        ValueError: If a graph has no other to draw from.
    """
    pool, cuts = donors or (graphs, keeps)
    draws = generator(seed, draw)
    picks = draw_donor_ids(graphs, pool, draws)
    link_seed = int(torch.randint(2**31, (), generator=draws))
    return mix_graphs(graphs, [pool[i] for i in picks], keeps, [cuts[i] for i in picks], link_seed)


def draw_donor_ids(graphs: Sequence[Data], pool: Sequence[Data], draws: torch.Generator) -> list[int]:
    """Draws a donor for each graph, as places in the pool; no graph is its own.

    Raises:
        ValueError: If a graph has no other to draw from.
    """
    if not pool or (len(pool) == 1 and any(graph is pool[0] for graph in graphs)):
        raise ValueError(f"Expected at least two graphs (got {len(pool)}); add graphs that can be donors")
    drawn = torch.randint(len(pool), (len(graphs),), generator=draws).tolist()
    return [
        i if pool[i] is not graph else (i + 1) % len(pool) for i, graph in zip(drawn, graphs, strict=True)
    ]
