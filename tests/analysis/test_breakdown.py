import pytest
import torch

from hpme import load_classifier, load_dataset
from hpme.analysis.breakdown import break_down
from tests.explainers.node_scores.test_leave_one_out import Weights


def test_nodes_and_pieces_of_a_sum_add_up_to_it_exactly(make_graph):
    graphs = [
        make_graph([1.0, 2.0, 4.0, -8.0, 0.5], [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4)]),
        make_graph([3.0], []),
    ]
    first, second = break_down(Weights().eval(), graphs)
    assert first.contribution.tolist() == [1.0, 2.0, 4.0, -8.0, 0.5]
    assert [piece.nodes for piece in first.pieces] == [(0, 1, 2), (3, 4)]
    assert first.added == [7.0, -7.5]
    assert (first.answer, first.nothing, first.total, first.together) == (6.5, 7.0, -0.5, 0.0)
    assert (second.answer, second.nothing, second.added) == (10.0, 7.0, [3.0])


def test_what_nodes_do_together_is_said_apart(neighbour_sum, path):
    (parts,) = break_down(neighbour_sum, [path])
    # Log-odds 9 - 1 of class 1 on the whole, 0 - 1 on nothing; one piece has it all.
    assert (parts.answer, parts.nothing, parts.added, parts.together) == (7.0, -1.0, [8.0], 0.0)
    assert parts.contribution.sum() == 16


@pytest.mark.parametrize("arch", ["gin", "gine", "gcn-norm"])
def test_pieces_of_molecules_add_what_their_atoms_do_to_logp(arch):
    """The known truth: RDKit's values of the atoms, summed over each piece, on held-out molecules."""
    from rdkit import Chem

    from hpme.datasets.crippen_logp import contributions

    graphs = load_dataset("crippen-logp").test[:60]
    found, known = [], []
    for graph, parts in zip(graphs, break_down(load_classifier("crippen-logp", arch), graphs), strict=True):
        truth = contributions(Chem.MolFromSmiles(graph.smiles))
        found += parts.added
        known += [truth[list(piece.nodes)].sum() for piece in parts.pieces]
    both = torch.tensor([found, known]).corrcoef()
    assert both[0, 1] > 0.85


def test_rows_name_nodes_and_pieces_the_strongest_piece_first(make_graph):
    graph = make_graph([1.0, 2.0, 4.0, -8.0, 0.5], [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4)])
    (parts,) = break_down(Weights().eval(), [graph])
    assert parts.piece_rows("n{}".format) == [
        {"piece": "branch of 2 nodes", "adds": -7.5, "nodes": "n3, n4"},
        {"piece": "rings of 3 nodes", "adds": 7.0, "nodes": "n0, n1, n2"},
    ]
    assert parts.piece_of == [0, 0, 0, 1, 1]
    assert parts.node_rows(str)[3] == {
        "node": "3",
        "contribution": -8.0,
        "piece": "branch of 2 nodes",
        "piece_contribution": -7.5,
    }
