"""Places of the nodes of connected graphs, quick enough for some thousand of them."""

import networkx as nx
import numpy as np

_PIVOTS = 30
_ROUNDS = 10  # of stress majorization
_REACH = 2.0  # nodes nearer than that push each other away
_MOVES, _CALMER = 50, 0.96  # steps of pushing and pulling, and how much shorter each is than the one before

Places = dict[int, np.ndarray]


def stressed(network: nx.Graph) -> Places:
    """Places at which distances are near to the numbers of steps between nodes, for some hundred nodes.

    Source:
        Gansner, Koren & North (2004), "Graph drawing by stress majorization".
    """
    from scipy.sparse.csgraph import dijkstra  # here, as it takes long to import

    order = list(network)
    steps = dijkstra(nx.to_scipy_sparse_array(network, order), unweighted=True)
    apart = ~np.eye(len(order), dtype=bool)
    weight = np.zeros_like(steps)
    weight[apart] = steps[apart] ** -2
    pull = np.linalg.inv(np.diag(weight.sum(1)) - weight + 1 / len(order))
    places = _scaled(steps[:, :: 1 + len(order) // _PIVOTS])
    for _ in range(_ROUNDS):
        across, down = (places[:, None, axis] - places[:, axis] for axis in (0, 1))
        gaps = np.maximum(np.sqrt(across**2 + down**2), 1e-6)
        wanted = -weight * steps / gaps
        np.fill_diagonal(wanted, 0)
        np.fill_diagonal(wanted, -wanted.sum(1))
        places = pull @ (wanted @ places)
    return dict(zip(order, places, strict=True))


def evened(network: nx.Graph) -> Places:
    """Places for thousands of nodes: from `_pivoted` on, edges pull, and what lies too near pushes."""
    from scipy.spatial import cKDTree

    order, places = list(network), _pivoted(network)
    row = {node: i for i, node in enumerate(order)}
    u, v = np.array([(row[start], row[end]) for start, end in network.edges]).T
    degree = np.bincount(np.concatenate([u, v]), minlength=len(order))
    step = _REACH
    for _ in range(_MOVES):
        near, other = cKDTree(places).query_pairs(_REACH, output_type="ndarray").T
        pull, push = _along(places, u, v, 1.0), -1.2 / _REACH * _along(places, near, other, _REACH)
        ends = np.concatenate([u, v, near, other])
        calm = degree[np.concatenate([u, v])][:, None] ** -0.75
        force = np.concatenate([np.concatenate([pull, -pull]) * calm, -push, push])
        move = np.stack([np.bincount(ends, force[:, axis], len(order)) for axis in (0, 1)], 1)
        length = np.linalg.norm(move, axis=1, keepdims=True) + 1e-9
        places += 0.6 * move / length * np.minimum(length, step)
        step *= _CALMER
    return dict(zip(order, places, strict=True))


def _along(places: np.ndarray, start: np.ndarray, end: np.ndarray, wanted: float) -> np.ndarray:
    """From each start towards its end, by how much their distance is more than wanted ``[P, 2]``."""
    gap = places[end] - places[start]
    return gap * (1 - wanted / (np.linalg.norm(gap, axis=1, keepdims=True) + 1e-6))


def _pivoted(network: nx.Graph) -> np.ndarray:
    """The two main directions of the distances to a few far-apart nodes, spread over a disc ``[N, 2]``.

    Source:
        Brandes & Pich (2007), "Eigensolver methods for progressive multidimensional scaling".
    """
    from scipy.sparse.csgraph import dijkstra

    links, pivot = nx.to_scipy_sparse_array(network, list(network)), 0
    gaps = np.zeros((len(network), 0))
    for _ in range(_PIVOTS):
        far = dijkstra(links, unweighted=True, indices=pivot)
        gaps = np.column_stack([gaps, far])
        pivot = int(gaps.min(1).argmax())
    places = _scaled(gaps)
    places -= np.median(places, axis=0)
    reach = np.linalg.norm(places, axis=1)
    share = reach.argsort().argsort() / len(reach)  # a long chain would leave no room for the rest
    return places / (reach[:, None] + 1e-9) * np.sqrt(share * len(reach))[:, None]


def _scaled(gaps: np.ndarray) -> np.ndarray:
    """The two main directions of distances ``[N, P]`` to the nodes, or to some of them ``[N, 2]``."""
    squares = gaps**2
    centred = squares.mean(0) + squares.mean(1, keepdims=True) - squares - squares.mean()
    _, axes = np.linalg.eigh(centred.T @ centred)
    places = centred @ axes[:, :-3:-1]
    jitter = np.random.default_rng(0).normal(size=places.shape)  # leaves of one node lie on each other
    return places / places.std(0).max() * len(gaps) ** 0.5 / 2 + 0.3 * jitter
