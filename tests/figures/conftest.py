import pytest
import torch

from hpme.datasets.molecules import ELEMENTS
from tests.figures.scenes import molecule_graph, scene_of


@pytest.fixture
def toluene():
    """A benzene ring, nodes 1 to 6, with a methyl group, node 0."""
    return molecule_graph("Cc1ccccc1", range(1, 7))


@pytest.fixture
def anisole_scene():
    """A benzene ring cut out of toluene and put in the place of pyridine's ring in methoxypyridine."""
    graph, donor = molecule_graph("Cc1ccccc1", range(1, 7)), molecule_graph("COc1ccncc1")
    return scene_of(graph, list(range(1, 7)), donor, list(range(2, 8)), ELEMENTS)


@pytest.fixture
def path_scene(path, make_graph):
    """The path with nodes 0 and 1 kept, mixed into a path of which the first node is cut out."""
    donor = make_graph([9.0, 0.0, 0.0], [(0, 1), (1, 2)], graph_id=8)
    return scene_of(path, [0, 1], donor, [0])


@pytest.fixture
def node_scene(path, make_graph):
    """Node 41 of a whole graph explained by itself and node 40, in the place of node 70."""
    donor = make_graph([9.0, 0.0, 0.0], [(0, 1), (1, 2)], graph_id=70)
    for graph, numbers, centre in ((path, [40, 41, 42, 43], 1), (donor, [70, 71, 72], 0)):
        graph.node_number, graph.graph_id = torch.tensor(numbers), numbers[centre]
        graph.centre = torch.arange(len(numbers)) == centre
    return scene_of(path, [0, 1], donor, [0])
