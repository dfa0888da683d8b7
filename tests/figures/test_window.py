import networkx as nx
import numpy as np
import torch
from torch_geometric.data import Data
from torch_geometric.utils import from_networkx

from hpme.figures.layout import BOND, layout
from hpme.figures.networks import Panel
from hpme.figures.window import near


def chain(size):
    nodes = [{"id": i} for i in range(size)]
    return Panel("", "", nodes, [{"from": i, "to": i + 1} for i in range(size - 1)])


def shown(panel):
    return [node["id"] for node in panel.nodes]


def test_a_panel_that_is_small_enough_is_left_alone():
    panel = chain(5)
    assert near(panel, [2], most=5) is panel


def test_of_a_large_panel_the_kept_nodes_and_their_neighbours_stay():
    assert shown(near(chain(9), [4], most=3)) == [3, 4, 5]
    assert near(chain(9), [4], most=3).edges == [{"from": 3, "to": 4}, {"from": 4, "to": 5}]
    assert shown(near(chain(9), [0, 8], most=2)) == [0, 8]


def test_if_more_is_kept_than_can_be_drawn_the_first_ones_stay():
    assert shown(near(chain(9), [7, 1, 3], most=2)) == [1, 7]


def test_a_graph_of_five_thousand_nodes_is_laid_out_with_room_for_each_and_always_alike():
    network = nx.gnm_random_graph(5000, 15000, seed=0)
    graph = Data(x=torch.ones(5000, 1), edge_index=from_networkx(network).edge_index)
    places = layout(graph)
    assert np.ptp(places, axis=0).max() >= 70 * BOND  # some 70 by 70 nodes
    assert (places == layout(graph)).all()
