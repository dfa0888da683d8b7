import pytest
import torch

from hpme.editing.edits import Add, Change, Cut, Delete, Join, apply_edits, from_text, to_text

KINDS = torch.tensor([[7.0], [8.0]])


def edges(graph):
    names = graph.node_name.tolist()
    return {(names[u], names[v]) for u, v in graph.edge_index.t().tolist() if u < v}


def test_each_edit_does_what_it_says_and_names_stay(path):
    # 0 - 1 - 2 - 3 with features 3, 2, 0, 1; the first added node is called 4.
    edited = apply_edits(path, (Delete(0), Add(2, 1), Change(3, 0), Cut(1, 2), Join(1, 4)), KINDS)
    assert edited.node_name.tolist() == [1, 2, 3, 4]
    assert edited.x.flatten().tolist() == [2.0, 0.0, 7.0, 8.0]
    assert edges(edited) == {(2, 3), (2, 4), (1, 4)}
    assert edited.is_undirected()


def test_a_shorter_history_is_an_undo_and_the_original_never_changes(path):
    before = path.x.clone(), path.edge_index.clone()
    history = (Change(1, 0), Delete(0))
    assert apply_edits(path, history, KINDS).num_nodes == 3
    undone = apply_edits(path, history[:0], KINDS)
    assert torch.equal(undone.x, before[0])
    assert torch.equal(undone.edge_index, before[1])
    assert torch.equal(path.x, before[0])
    assert torch.equal(path.edge_index, before[1])


def test_an_edited_graph_has_no_label_and_no_ground_truth(path):
    path.y = torch.tensor([1])
    assert set(apply_edits(path, (Delete(0),), KINDS).keys()) == {"x", "edge_index", "node_name"}


def test_edges_keep_their_features_in_both_directions_and_a_new_one_gets_those_given(path):
    ends = path.edge_index.t().tolist()
    path.edge_attr = torch.tensor([[10.0 * u + v, 1.0] for u, v in ends])
    new = torch.tensor([-1.0, 0.0])
    edited = apply_edits(path, (Delete(0), Add(2, 1), Cut(1, 2), Join(1, 2)), KINDS, new)
    names = edited.node_name[edited.edge_index].t().tolist()
    features = {(u, v): row for (u, v), row in zip(names, edited.edge_attr.tolist(), strict=True)}
    assert features == {
        **{(2, 3): [23, 1], (3, 2): [32, 1]},
        **{ends: [-1, 0] for ends in [(2, 4), (4, 2), (1, 2), (2, 1)]},
    }
    lonely = apply_edits(path, (Cut(0, 1), Cut(1, 2), Cut(2, 3)), KINDS, new)
    assert lonely.edge_attr.shape == (0, 2)
    assert "edge_attr" not in apply_edits(path, (Delete(0),), KINDS)


@pytest.mark.parametrize(
    ("edit", "word"),
    [
        *((Delete(4), "got 4"), (Add(9, 0), "got 9"), (Add(0, 2), "type in"), (Change(0, -1), "type in")),
        *((Join(0, 1), "without an edge"), (Join(2, 2), "without an edge"), (Cut(0, 2), "with an edge")),
    ],
)
def test_what_cannot_be_is_one_sentence(path, edit, word):
    with pytest.raises(ValueError, match=word):
        apply_edits(path, (edit,), KINDS)


def test_the_last_node_stays(make_graph):
    with pytest.raises(ValueError, match="at least one node"):
        apply_edits(make_graph([1.0], []), (Delete(0),), KINDS)


def test_a_history_survives_the_way_through_an_address():
    history = (Delete(5), Add(0, 6), Add(0, 6, 2), Change(3, 1), Cut(1, 2), Join(3, 4))
    assert to_text(history) == "d5.a0-6-1.a0-6-2.t3-1.c1-2.j3-4-1"
    assert from_text(to_text(history)) == history
    assert from_text("") == ()


@pytest.mark.parametrize("text", ["x", "d", "d-5", "d5-6", "d5..", "a1", "d1234567"])
def test_other_text_is_refused(text):
    with pytest.raises(ValueError, match="Expected edits such as"):
        from_text(text)
