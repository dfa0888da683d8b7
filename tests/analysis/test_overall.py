import pytest
import torch

from hpme import HPME, load_classifier, load_dataset
from hpme.analysis.gallery import cards
from hpme.analysis.overall import kept_parts
from hpme.analysis.piece_counts import count_pieces, count_rows, extents
from hpme.io import read_graphs
from tests.figures.scenes import explanation_of


def overall(model, graphs, kept):
    for number, graph in enumerate(graphs):
        graph.graph_id = number
        graph.y = torch.tensor([1])
    explained = [explanation_of(graph, nodes) for graph, nodes in zip(graphs, kept, strict=True)]
    return kept_parts(model, graphs, cards(model, graphs, explained))


def test_pieces_are_counted_by_graph_and_by_time(feature_sum, make_graph):
    row = [(0, 1), (1, 2), (2, 3), (3, 4)]
    graphs = [make_graph([2.0, 2.0, 2.0, 2.0, 2.0], row) for _ in range(4)]
    parts, shapes = overall(feature_sum, graphs, [(0, 2), (0,), (0, 1, 2, 3, 4), ()])
    one = count_pieces(parts, shapes)
    assert [(count.shape.name, count.graphs, count.times, count.alone) for count in one] == [
        ("1 node", [0, 1], 3, 1)
    ]
    assert {extent: [p.card.graph for p in some] for extent, some in extents(parts).items()} == {
        "part": [0, 1],
        "everything": [2],
        "nothing": [3],
    }
    assert one[0].example == (0, (0,))


def test_what_a_piece_adds_is_the_answer_less_the_one_without_it(feature_sum, make_graph):
    # By hand: the classifier adds up features. That they are no whole numbers makes all nodes alike.
    graphs = [make_graph([own, 1.0, 1.0], [(0, 1), (1, 2)]) for own in (3.5, 5.5)]
    parts, shapes = overall(feature_sum, graphs, [(0,), (0,)])
    assert [part.pieces[0].adds for part in parts] == pytest.approx([3.5, 5.5])
    assert count_pieces(parts, shapes)[0].adds == pytest.approx(4.5)


def test_a_filtered_list_is_counted_alone_and_rows_have_the_predicted_classes(feature_sum, make_graph):
    graphs = [make_graph([v, 1.0, 1.0], [(0, 1), (1, 2)]) for v in (3.5, -9.5)]
    parts, shapes = overall(feature_sum, graphs, [(0,), (0,)])
    (row,) = count_rows(count_pieces(parts, shapes), ("no", "yes"))
    assert row["graphs"] == row["predicted no"] + row["predicted yes"] == 2
    assert row["wrong"] == sum(part.right is False for part in parts)
    (other,) = count_rows(count_pieces(parts[:1], shapes), ("no", "yes"))
    assert (other["graphs"], other["example"]) == (1, 0)


def test_pieces_of_molecules_are_known_by_their_smiles():
    data, model = load_dataset("benzene"), load_classifier("benzene", "gine")
    graphs = [graph for graph in data.test if int(graph.y) == 1][:30]
    explained = HPME.load("benzene", "gine").explain_batch(graphs)
    steps = []
    parts, shapes = kept_parts(
        model, graphs, cards(model, graphs, explained), data.spec.node_labels, lambda *at: steps.append(at)
    )
    commonest = count_pieces(parts, shapes)[0]
    assert (commonest.shape.name, commonest.shape.words) == ("c1ccccc1", "benzene ring")
    assert commonest.holds > 0.9
    assert commonest.adds > 1
    assert steps == [(30, 30)]
    number, nodes = commonest.example
    ring = next(graph for graph in graphs if int(graph.graph_id) == number)
    assert {data.spec.node_labels[i] for i in ring.x[list(nodes)].argmax(1)} == {"C"}


def test_atoms_of_one_kind_in_other_bonds_are_other_pieces_without_smiles(feature_sum):
    """Of a TU dataset, say: bonds are types of edges, no SMILES."""
    graphs = read_graphs(b"CC=C one\nCCC=C two", "two.smi")
    for graph in graphs:
        del graph.smiles
        graph.x = torch.ones(graph.num_nodes, 1)
    parts, shapes = overall(feature_sum, graphs, [(0, 1), (2, 3)])
    assert len(count_pieces(parts, shapes)) == len(shapes) == 2


def test_around_a_node_the_node_alone_is_nothing_kept_and_pieces_know_where_it_is():
    data, model = load_dataset("ba-shapes"), load_classifier("ba-shapes", "gcn")
    graphs = [*data.test[:20]]
    explained = HPME.load("ba-shapes", "gcn").explain_batch(graphs)
    parts, shapes = kept_parts(model, graphs, cards(model, graphs, explained))
    for part in parts:
        kept = int(part.card.keep.sum())
        assert (part.card.extent == "nothing") == (kept == 1)
        assert sum(len(piece.nodes) for piece in part.pieces) in (kept, kept - 1, 0)
    assert any("around the node" in shape.name for shape in shapes)
