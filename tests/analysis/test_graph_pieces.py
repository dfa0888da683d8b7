import pytest

from hpme.analysis.pieces import cut_into_pieces
from hpme.io import read_graphs


@pytest.mark.parametrize(
    ("smiles", "names"),
    [
        ("CCO", ["methyl, C", "hydroxyl"]),
        ("CC(=O)OCC", ["methyl", "ester", "methyl, C"]),
        ("O=C1CCCCC1", ["cyclohexane, carbonyl"]),  # a double bond is never cut
        ("c1ccccc1-c1ccccc1", ["benzene ring", "benzene ring"]),  # a single one between rings is
        ("C=CC=C", ["2 × alkene"]),
        ("C[N+](=O)[O-]", ["methyl", "nitro"]),
    ],
)
def test_a_molecule_is_cut_into_rings_groups_and_chains(smiles, names):
    pieces = cut_into_pieces(read_graphs(f"{smiles} one".encode(), "one.smi")[0])
    assert [piece.name for piece in pieces] == names


def test_other_graphs_are_cut_at_what_joins_their_rings(make_graph):
    house = [(0, 1), (1, 2), (2, 0)]
    graph = make_graph([1.0] * 7, [*house, (2, 3), (3, 4), (3, 5)])  # and node 6 alone
    pieces = cut_into_pieces(graph)
    assert [piece.nodes for piece in pieces] == [(0, 1, 2), (3, 4, 5), (6,)]
    assert [piece.name for piece in pieces] == ["rings of 3 nodes", "branch of 3 nodes", "branch of 1 node"]


def test_smiles_that_are_not_the_graphs_name_nothing(make_graph):
    graph = make_graph([1.0, 1.0, 1.0], [(0, 1)], smiles="CCO")  # a bond was taken away
    assert [piece.name for piece in cut_into_pieces(graph)] == ["branch of 2 nodes", "branch of 1 node"]
