"""Layout of nodes, computed once on the original graph and shared by all views.

Positions are in drawing units with y downwards; neighbours are about `BOND` apart.
"""

import networkx as nx
import numpy as np
from rdkit import Chem
from rdkit.Chem import rdDepictor
from torch_geometric.data import Data
from torch_geometric.utils import to_networkx

from hpme.figures.placement import evened, stressed

BOND = 60.0
_GAP_LIMIT = 500_000  # distances looked at for one piece; large graphs try fewer placements
_CHUNK = 64  # placements that are looked at together
_SMALL = 40  # nodes; kamada_kawai takes a second for a hundred
_PAIRS = 500  # nodes; above it not all pairs of them are looked at
_ROW = 8  # parts that stand side by side; more of them stand in rows below the largest


def layout(graph: Data) -> np.ndarray:
    """Positions of the nodes of `graph`, the same at every call.

    Molecules (graphs with ``smiles``) get RDKit's 2D coordinates, others networkx's Kamada-Kawai layout, or
    where they are large, one of `hpme.figures.placement`.

    Args:
        graph: Graph with ``edge_index``, and ``smiles`` whose atoms are in the order of the nodes, if any.

    Returns:
        Float array of shape ``[num_nodes, 2]``, centred on the origin.
    """
    positions = _molecule_positions(graph) if "smiles" in graph else _network_positions(graph)
    if not len(positions):
        return positions
    u, v = graph.edge_index.numpy()
    lengths = np.linalg.norm(positions[u] - positions[v], axis=1)
    scale = BOND / np.median(lengths) if lengths.any() else BOND
    if len(positions) > _SMALL:  # long edges are the lesser evil: nodes need room
        scale = max(scale, BOND * len(positions) ** 0.5 / max(np.ptp(positions, axis=0).max(), 1.0))
    return (positions - (positions.min(0) + positions.max(0)) / 2) * scale


def _molecule_positions(graph: Data) -> np.ndarray:
    molecule = Chem.MolFromSmiles(graph.smiles)
    rdDepictor.Compute2DCoords(molecule)
    return molecule.GetConformer().GetPositions()[:, :2] * (1, -1)  # RDKit's y points up


def _network_positions(graph: Data) -> np.ndarray:
    network = to_networkx(graph, to_undirected=True, remove_self_loops=True)
    positions, right, top, bottom, limit = np.zeros((graph.num_nodes, 2)), 0.0, 0.0, 0.0, np.inf
    parts = sorted(map(sorted, nx.connected_components(network)), key=lambda part: (-len(part), part))
    for nodes in parts:
        part = _component_positions(network.subgraph(nodes))
        placed = np.array([part[node] for node in nodes])
        if right + np.ptp(placed[:, 0]) > limit:  # the next row
            right, top = 0.0, bottom + 1.0
            bottom = top
        low = placed.min(0)
        positions[nodes] = placed - (low[0] - right, low[1] - top if top else placed[:, 1].mean())
        right, bottom = positions[nodes, 0].max() + 1.0, max(bottom, positions[nodes, 1].max())
        limit = max(right, 10.0) if len(parts) > _ROW and nodes is parts[0] else limit
    return positions


def _component_positions(network: nx.Graph) -> dict:
    """Layout of a connected graph whose edges are about one unit long."""
    if len(network) > _PAIRS:
        return evened(network)
    if len(network) > _SMALL:
        return stressed(network)
    start = nx.planar_layout(network) if nx.check_planarity(network)[0] else None  # untwists rings
    steps = dict(nx.all_pairs_shortest_path_length(network))
    positions = nx.kamada_kawai_layout(network, dist=steps, pos=start)
    lengths = [np.linalg.norm(positions[u] - positions[v]) for u, v in network.edges]
    return {node: place / np.mean(lengths) for node, place in positions.items()} if lengths else positions


def mixed_layout(mixed: Data, positions: np.ndarray, donor_positions: np.ndarray) -> np.ndarray:
    """Positions of a mixed graph: the explanation stays where it was, the donor's rest is laid out around.

    Each connected piece of the donor's rest keeps its shape; it is turned, mirrored and moved as a whole to
    the place where its new links are short and it covers nothing that is placed already.

    Args:
        mixed: Result of ``explainer.mix``: ``node_origin``, ``node_id``, ``edge_origin``, ``edge_index``.
        positions: Layout of the explained graph, shape ``[num_nodes, 2]``.
        donor_positions: Layout of the donor.

    Returns:
        Float array of shape ``[mixed.num_nodes, 2]``.
    """
    ids, origin = mixed.node_id.numpy(), mixed.node_origin.numpy()
    places = np.zeros((len(ids), 2))
    places[origin == 0] = positions[ids[origin == 0]]
    links = mixed.edge_index[:, mixed.edge_origin == 2].numpy()
    links = links[:, origin[links[0]] == 0]
    placed = origin == 0
    for piece in _pieces(mixed, links):
        shape = donor_positions[ids[piece]]
        places[piece] = _best_placement(shape, piece, links, places, placed, positions)
        placed[piece] = True
    return places


def _pieces(mixed: Data, links: np.ndarray) -> list[list[int]]:
    """Connected pieces of the donor's rest, most linked and largest first."""
    rest = nx.Graph()
    rest.add_nodes_from((mixed.node_origin == 1).nonzero().flatten().tolist())
    rest.add_edges_from(mixed.edge_index[:, mixed.edge_origin == 1].t().tolist())
    linked = np.bincount(links[1], minlength=mixed.num_nodes)
    pieces = [sorted(piece) for piece in nx.connected_components(rest)]
    return sorted(pieces, key=lambda piece: (-linked[piece].sum(), -len(piece), piece))


def _best_placement(
    shape: np.ndarray,
    piece: list[int],
    links: np.ndarray,
    places: np.ndarray,
    placed: np.ndarray,
    frame: np.ndarray,
) -> np.ndarray:
    """Best of some thousand placements of one piece.

    Those that are good by their links and their place are looked at first, until no other can be better.
    """
    inside = np.isin(links[1], piece)
    ends, starts = np.searchsorted(piece, links[1, inside]), places[links[0, inside]]
    candidates = _candidates(shape, ends, starts, frame)
    gap_count = len(candidates) * len(piece) * int(placed.sum())
    candidates = candidates[:: 1 + gap_count // _GAP_LIMIT]
    cost = _spread_cost(candidates, frame)
    if len(ends):
        reach = np.linalg.norm(candidates[:, ends] - starts, axis=-1) / BOND
        cost += 2 * np.abs(reach - 1).sum(1)
    order = cost.argsort(kind="stable")
    least, best = np.inf, order[0]
    for start in range(0, len(order), _CHUNK):
        some = order[start : start + _CHUNK]
        if cost[some[0]] >= least:
            break
        whole = cost[some] + _crowding(candidates[some], places[placed])
        if whole.min() < least:
            least, best = whole.min(), some[whole.argmin()]
    return candidates[best]


def _crowding(candidates: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Returns what placements ``[K, n, 2]`` cost by how near they come to nodes ``[P, 2]``, from 0 on."""
    if not len(others):
        return np.zeros(len(candidates))
    across, down = (candidates[:, :, None, axis] - others[:, axis] for axis in (0, 1))
    gaps = np.sqrt(across**2 + down**2) / BOND
    return 60 * (np.clip(1 - gaps, 0, None) ** 2).sum((1, 2)) + 1e3 * (gaps.min((1, 2)) < 0.5)


def _candidates(shape: np.ndarray, ends: np.ndarray, starts: np.ndarray, frame: np.ndarray) -> np.ndarray:
    """Rigid placements ``[K, n, 2]``: turned and mirrored, then hung on a link or put somewhere around."""
    angles = np.arange(16) * np.pi / 8
    directions = np.stack([np.cos(angles), np.sin(angles)], -1)
    turns = np.stack([directions, directions[:, ::-1] * (-1, 1)], 1)
    turned = (shape - shape.mean(0)) @ np.concatenate([turns, turns * (-1, 1)])  # [32, n, 2]
    turned = turned if len(shape) > 1 else turned[:1]  # a node looks alike from all sides
    middle, half = (frame.min(0) + frame.max(0)) / 2, np.ptp(frame, axis=0).max() / 2
    around = middle + np.concatenate(
        [directions * (half + np.ptp(shape) * 0.6 + step * BOND) for step in range(4)]
    )
    placements = [turned[::4, None] + around[None, :, None]]  # always some that are clear of everything
    for end, start in list(zip(ends, starts, strict=True))[:2]:
        for reach in (1.0, 1.4, 2.0, 3.0):
            target = start + directions * reach * BOND
            placements.append((turned - turned[:, end, None])[:, None] + target[None, :, None])
    if not len(ends):
        inner = middle + np.concatenate([directions * half * share for share in (0.0, 0.4, 0.8, 1.2)])
        placements.append(turned[:, None] + inner[None, :, None])
    return np.concatenate([part.reshape(-1, *shape.shape) for part in placements])


def _spread_cost(candidates: np.ndarray, frame: np.ndarray) -> np.ndarray:
    """Returns how far each placement leaves the box of the original graph, as all views share a window."""
    beyond = np.maximum(frame.min(0) - candidates, candidates - frame.max(0))
    return 0.5 * np.clip(beyond, 0, None).max((1, 2)) / BOND
