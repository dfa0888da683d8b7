import networkx as nx
import numpy as np
import pytest
import torch
from torch_geometric.data import Data
from torch_geometric.utils import from_networkx

from hpme.figures.layout import BOND, layout
from tests.figures.scenes import molecule_graph, scene_of


def gaps(places):
    """All distances between two different nodes."""
    distance = np.linalg.norm(places[:, None] - places[None], axis=-1)
    return distance[np.triu_indices(len(places), 1)]


def random_tree(seed, size=20):
    network = nx.barabasi_albert_graph(size, 1, seed=seed)
    graph = from_networkx(network)
    return Data(x=torch.ones(size, 1), edge_index=graph.edge_index)


def test_a_benzene_ring_is_a_regular_hexagon_with_sides_of_one_bond(toluene):
    ring = layout(toluene)[1:7]
    sides = np.linalg.norm(ring - np.roll(ring, 1, axis=0), axis=1)
    assert sides == pytest.approx([BOND] * 6, rel=0.02)
    assert gaps(ring).max() == pytest.approx(2 * BOND, rel=0.02)  # opposite corners


def test_a_cycle_without_smiles_is_drawn_convex_not_twisted(make_graph):
    places = layout(make_graph([1.0] * 5, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)]))
    step = np.roll(places, -1, axis=0) - places
    follow = np.roll(step, -1, axis=0)
    turns = step[:, 0] * follow[:, 1] - step[:, 1] * follow[:, 0]
    assert (turns > 0).all() or (turns < 0).all()


def test_the_same_graph_gets_the_same_positions_at_every_call():
    graph = random_tree(3)
    assert (layout(graph) == layout(graph)).all()


def test_pieces_of_a_disconnected_graph_stand_side_by_side(make_graph):
    places = layout(make_graph([1.0] * 6, [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)]))
    first, second = sorted((places[:3], places[3:]), key=lambda part: part[:, 0].min())
    assert second[:, 0].min() - first[:, 0].max() == pytest.approx(BOND, rel=0.05)


@pytest.mark.parametrize("size", [0, 1, 2])
def test_graphs_with_hardly_a_node_have_a_layout(make_graph, size):
    assert np.isfinite(layout(make_graph([1.0] * size, []))).all()


def test_explanation_nodes_of_the_mixed_graph_stay_where_they_were(anisole_scene):
    view = anisole_scene
    own = view.mixed.node_origin == 0
    assert (view.mixed_positions[own] == view.positions[view.mixed.node_id[own]]).all()


@pytest.mark.parametrize("seed", range(12))
def test_nothing_overlaps_in_a_mixed_graph(seed):
    view = scene_of(random_tree(seed), [0, 1, 2, 5, 7], random_tree(seed + 50, 24), [0, 3, 4])
    donors = (view.mixed.node_origin == 1).numpy()
    between = view.mixed_positions[donors][:, None] - view.mixed_positions[~donors][None]
    assert np.linalg.norm(between, axis=-1).min() > 0.5 * BOND
    assert gaps(view.mixed_positions).min() > 0.25 * BOND


def test_large_graphs_are_mixed_in_bounded_memory_without_overlap():
    view = scene_of(random_tree(0, 300), list(range(100)), random_tree(1, 300), list(range(50)))
    donors = (view.mixed.node_origin == 1).numpy()
    between = view.mixed_positions[donors][:, None] - view.mixed_positions[~donors][None]
    assert np.linalg.norm(between, axis=-1).min() > 0.5 * BOND


def test_each_piece_of_the_donor_keeps_its_shape():
    donor = molecule_graph("COc1ccncc1")
    view = scene_of(molecule_graph("Cc1ccccc1"), [1, 2, 3], donor, [0, 1])
    rest = (view.mixed.node_origin == 1).numpy()
    assert gaps(view.mixed_positions[rest]) == pytest.approx(gaps(layout(donor)[2:]), rel=1e-6)


def test_a_mixed_graph_with_nothing_kept_or_nothing_left_is_laid_out(path, make_graph):
    donor = make_graph([1.0, 1.0], [(0, 1)])
    assert scene_of(path, [], donor, [0]).mixed_positions.shape == (1, 2)
    assert scene_of(path, [0, 1, 2, 3], donor, [0, 1]).mixed_positions.shape == (4, 2)
