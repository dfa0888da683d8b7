import networkx as nx
import pytest

from hpme.analysis.shapes import CENTRE, COMPARED, KIND, Shapes
from hpme.datasets.motifs import GRID, HOUSE


def network(edges, kinds=(), centre=None, ties=None):
    piece = nx.Graph([*edges]).to_directed()
    for node, seen in piece.nodes.data():
        seen[KIND] = kinds[node] if kinds else 0
        seen[CENTRE] = None if centre is None else node == centre
    for pair, tie in (ties or {}).items():
        piece.edges[pair][KIND] = piece.edges[pair[::-1]][KIND] = tie
    return piece


def numbers(*pieces, labels=()):
    shapes = Shapes(labels)
    return [shapes.of_network(piece) for piece in pieces], [shape.name for shape in shapes.found]


def test_two_pieces_have_one_number_if_and_only_if_they_are_isomorphic():
    path, house = [(0, 1), (1, 2)], network(HOUSE)
    renamed = nx.relabel_nodes(house, dict(enumerate([4, 2, 0, 3, 1])))
    found, names = numbers(house, renamed, network(path), network([(0, 1), (0, 2)]))
    assert found == [0, 0, 1, 1]
    assert names == ["house", "chain of 3"]


def test_what_refined_kinds_cannot_tell_apart_is_compared_node_by_node():
    """All have three neighbours in a ring of ten with five chords across, and in a prism of two rings."""
    ring = [(i, (i + 1) % 10) for i in range(10)]
    across = network([*ring, *((i, i + 5) for i in range(5))])
    prism = network(nx.circular_ladder_graph(5).edges)
    found, names = numbers(across, prism)
    assert found == [0, 1]
    assert names == ["10 nodes with 15 edges", "10 nodes with 15 edges, form 2"]


def test_kinds_of_nodes_and_edges_and_the_explained_node_tell_pieces_apart():
    path = [(0, 1), (1, 2)]
    found, names = numbers(
        network(path),
        network(path, kinds=[0, 1, 0]),
        network(path, kinds=[0, 0, 1]),
        network(path, kinds=[1, 0, 0]),  # the same read backwards
        network(path, centre=1),
        network(path, centre=2),
        network(path, centre=0),
        network(path, ties={(0, 1): 1}),
    )
    assert found == [0, 1, 2, 2, 3, 4, 4, 5]
    assert names[1] == "chain of 3: kind 0 × 2, kind 1"
    assert names[3:5] == ["chain of 3 around the node", "chain of 3 around the node, form 2"]


@pytest.mark.parametrize(
    ("edges", "name"),
    [
        (nx.cycle_graph(5).edges, "ring of 5"),
        (GRID, "grid of 3 by 3"),
        (nx.star_graph(4).edges, "star of 5"),
        ([(0, 1), (1, 2), (2, 3), (1, 4)], "tree of 5"),
        ([(0, 1), (1, 2), (2, 0), (2, 3)], "4 nodes with 4 edges"),
    ],
)
def test_shapes_have_names(edges, name):
    assert numbers(network(edges))[1] == [name]


def test_a_node_alone_has_a_name_and_elements_have_theirs():
    lone = nx.DiGraph()
    lone.add_node(7, **{KIND: 1, CENTRE: None})
    assert numbers(lone, labels=("C", "N"))[1] == ["1 node: N"]
    assert numbers(network([(0, 1)], kinds=[0, 1]), labels=("C", "N"))[1] == ["chain of 2: C, N"]


def test_pieces_that_are_too_large_to_be_compared_are_told_apart_by_their_refined_kinds():
    large = network(nx.path_graph(COMPARED + 1).edges)
    other = network(nx.star_graph(COMPARED).edges)
    assert numbers(large, large.copy(), other)[0] == [0, 0, 1]


def test_alike_pieces_of_molecules_have_their_two_commonest_names():
    shapes = Shapes()
    for words in ("C", "methyl", "methyl", "part of a benzene ring (1 of 6 atoms)", "methyl", "C"):
        assert shapes.of_smarts("C", words) == 0
    assert (shapes.found[0].name, shapes.found[0].words) == ("C", "methyl / C / …")
