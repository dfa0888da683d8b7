"""Distances of other graphs from the originals by structure alone, without a model."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch_geometric.data import Data

BINS = 20  # of the histograms over a fixed range


def size_ratio(graphs: Sequence[Data], others: Sequence[Data]) -> Tensor:
    """Returns the node count of each other graph over that of the original, ``[G]``."""
    pairs = zip(graphs, others, strict=True)
    return torch.tensor([other.num_nodes / graph.num_nodes for graph, other in pairs])


def mmd(graphs: Sequence[Data], others: Sequence[Data]) -> float:
    r"""Returns the squared maximum mean discrepancy of two sets of graphs, in ``[0, 2]``.

    .. math:: E\,k(g, g') + E\,k(h, h') - 2\,E\,k(g, h), \quad k(g, h) = e^{-d(g, h)^2 / 2}

    with :math:`d` the total variation distance of the two graphs' histograms; the mean over three histograms:
    of degrees, of clustering coefficients and of the normalised Laplacian's eigenvalues. It is 0 if the sets
    are equal; means run over all pairs, a graph with itself included.

    Source:
        You et al. (2018), arXiv:1802.08773, with the kernel of Liao et al. (2019), arXiv:1910.00760, and 20
        bins for the last two histograms.
    """
    first, second = [_dense(graph) for graph in graphs], [_dense(graph) for graph in others]
    values = [_discrepancy([f(a) for a in first], [f(a) for a in second]) for f in HISTOGRAMS]
    return sum(values) / len(values)


def degrees(adjacency: Tensor) -> Tensor:
    """Counts the nodes ``[D + 1]`` of each degree of a graph, given as its adjacency ``[N, N]``."""
    return adjacency.sum(1).long().bincount().float()


def clustering(adjacency: Tensor) -> Tensor:
    """Counts the nodes by their clustering coefficient, ``[20]`` bins of [0, 1]."""
    degree = adjacency.sum(1)
    closed = (adjacency @ adjacency * adjacency).sum(1)
    return torch.histc(closed / (degree * (degree - 1)).clamp(min=1), BINS, 0, 1)


def spectrum(adjacency: Tensor) -> Tensor:
    """Counts the eigenvalues of the normalised Laplacian, ``[20]`` bins of [0, 2]; isolated nodes give 0."""
    degree = adjacency.sum(1)
    root = degree.clamp(min=1).rsqrt()
    laplacian = torch.diag((degree > 0).double()) - root[:, None] * adjacency * root
    values = torch.linalg.eigvalsh(laplacian).clamp(0, 2)
    return torch.histc(values.mul(1e6).round().div(1e6), BINS, 0, 2)  # so that 1 falls into one bin


HISTOGRAMS: tuple[Callable[[Tensor], Tensor], ...] = (degrees, clustering, spectrum)


def _dense(graph: Data) -> Tensor:
    adjacency = torch.zeros(
        graph.num_nodes, graph.num_nodes, dtype=torch.double, device=graph.edge_index.device
    )
    adjacency[graph.edge_index[0], graph.edge_index[1]] = 1
    return adjacency.fill_diagonal_(0)


def _discrepancy(first: Sequence[Tensor], second: Sequence[Tensor]) -> float:
    """The squared discrepancy of two lists of histograms, padded with zeros and made to sum to 1."""
    rows = torch.nn.utils.rnn.pad_sequence([*first, *second], batch_first=True).double()
    rows = rows / rows.sum(1, keepdim=True).clamp(min=1)
    kernel = (-torch.cdist(rows, rows, p=1).div(2).square() / 2).exp()
    n = len(first)
    return float((kernel[:n, :n].mean() + kernel[n:, n:].mean() - 2 * kernel[:n, n:].mean()).clamp(min=0))
