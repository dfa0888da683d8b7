"""The batched forward passes that the metrics share: lists of graphs in, one row a graph out."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch_geometric.data import Batch, Data

from hpme.embedding import graph_embedding
from hpme.mixup import mix_graphs
from hpme.pooling import induced_subgraph
from hpme.seeding import generator


def logits(model: nn.Module, graphs: Sequence[Data]) -> Tensor:
    """Returns the classifier's logits of each graph, ``[G, C]``, from one forward pass.

    A graph without nodes gets the logits of an empty readout. For this, one blank node is appended as a graph
    of its own and its row dropped: the batch then ends with a graph that has nodes, so modules that count the
    graphs as ``batch.max() + 1`` give every graph a row.

    Raises:
        ValueError: If the model is in training mode, where batch statistics tie the graphs to each other.
    """
    if model.training:
        raise ValueError(
            "Expected a classifier in evaluation mode (got training mode); call model.eval() first"
        )
    x, edge_index, batch = collate(graphs)
    x = torch.cat([x, x.new_zeros(1, x.size(1))])
    batch = torch.cat([batch, batch.new_tensor([len(graphs)])])
    with torch.no_grad():
        return model(x, edge_index, batch)[:-1]


def embeddings(model: nn.Module, graphs: Sequence[Data]) -> Tensor:
    """Returns the embedding of each graph, ``[G, 2H]``, from one forward pass; zeros for an empty graph."""
    with torch.no_grad():
        return graph_embedding(model, *collate(graphs), len(graphs))


def subgraphs(graphs: Sequence[Data], keeps: Sequence[Tensor]) -> list[Data]:
    """Returns the subgraph of each graph that its kept nodes, ``bool [N]``, induce."""
    x, edge_index, batch, _ = induced_subgraph(*collate(graphs), torch.cat(list(keeps)))
    owner = batch[edge_index[0]]
    nodes, edges = (ids.bincount(minlength=len(graphs)) for ids in (batch, owner))
    local = edge_index - (nodes.cumsum(0) - nodes)[owner]
    parts = zip(x.split(nodes.tolist()), local.split(edges.tolist(), dim=1), strict=True)
    return [Data(x=part, edge_index=links) for part, links in parts]


def random_mixes(graphs: Sequence[Data], keeps: Sequence[Tensor], seed: int, draw: int = 0) -> list[Data]:
    """Puts the kept part of each graph into the rest of another one, drawn at random.

    The donors follow a random cycle through all graphs: no graph is its own donor, and each donates once.

    Args:
        graphs: At least two graphs.
        keeps: Kept nodes of each, ``bool [N]``.
        seed: Seed of donors and links.
        draw: Number of the draw; each gives other donors.

    Raises:
        ValueError: If there are fewer than two graphs.
    """
    if len(graphs) < 2:
        raise ValueError(f"Expected at least two graphs (got {len(graphs)}); add graphs that can be donors")
    draws = generator(seed, draw)
    cycle = torch.randperm(len(graphs), generator=draws)
    donor = torch.empty_like(cycle)
    donor[cycle] = cycle.roll(1)
    index = donor.tolist()
    donors, cuts = [graphs[i] for i in index], [keeps[i] for i in index]
    link_seed = int(torch.randint(2**31, (), generator=draws))
    return mix_graphs(list(graphs), donors, list(keeps), cuts, link_seed)


def collate(graphs: Sequence[Data]) -> tuple[Tensor, Tensor, Tensor]:
    """Returns ``x``, ``edge_index`` and ``batch`` of the disjoint union of the graphs."""
    union = Batch.from_data_list([Data(x=graph.x, edge_index=graph.edge_index) for graph in graphs])
    return union.x, union.edge_index, union.batch
