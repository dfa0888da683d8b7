import pytest
import torch

from hpme import HPME, load_dataset
from hpme.explainers.explained import Explanations


@pytest.fixture(scope="module", params=["benzene", "ba-shapes"])
def explained(request):
    explainer, data = HPME.load(request.param), load_dataset(request.param)
    graphs = [*data.test[:5]]
    packed = explainer.question.pack(graphs)
    return graphs, explainer.explain_packed(packed), explainer


def test_flat_tensors_say_what_explanations_say(explained):
    graphs, out, explainer = explained
    alone = [explainer.explain(graph) for graph in graphs]
    assert len(out) == 5
    assert torch.cat([one.node_mask[:, 0] for one in alone]).bool().equal(out.keep)
    assert torch.cat([one.edge_mask for one in alone]).bool().equal(out.edge_keep)
    torch.testing.assert_close(torch.cat([one.node_score for one in alone]), out.node_score)
    torch.testing.assert_close(torch.cat([one.edge_score for one in alone]), out.edge_score)
    assert torch.cat([one.target for one in alone]).equal(out.target)
    assert [one.capacity_bits for one in alone] == out.bits.tolist()
    assert [int(one.node_mask.sum()) for one in alone] == out.kept.tolist()


def test_the_margin_is_the_log_odds_of_the_explained_class(explained):
    _, out, _ = explained
    chance = out.logits.softmax(-1).gather(1, out.target[:, None])[:, 0]
    torch.testing.assert_close(out.margin.sigmoid(), chance)


def test_what_was_asked_before_is_not_scored_again(explained):
    graphs, out, explainer = explained
    packed = explainer.question.pack(graphs)
    before = explainer.seen.missed
    assert explainer.explain_packed(packed).node_score.equal(out.node_score)
    assert 0 < explainer.seen.missed < before


def test_other_scorers_have_seen_nothing(explained):
    graphs, out, explainer = explained
    packed = explainer.question.pack(graphs)
    first = explainer.explain_packed(packed, 0).node_score
    assert not first.equal(out.node_score)
    scorers, explainer.scorers = explainer.scorers, [explainer.scorers[-1]] * len(explainer.scorers)
    assert not explainer.explain_packed(packed, 0).node_score.equal(first)
    explainer.scorers = scorers
    assert explainer.explain_packed(packed, 0).node_score.equal(first)


def test_explanations_are_made_once_and_only_those_that_are_asked_for():
    made = []

    def make(place):
        made.append(place)
        return object()

    outs = Explanations(4, make)
    assert len(outs) == 4
    assert made == []
    assert outs[-1] is outs[3]
    assert outs[1:3] == [outs[1], outs[2]]
    assert made == [3, 1, 2]
    assert len([*outs]) == 4
    assert sorted(made) == [0, 1, 2, 3]
    with pytest.raises(IndexError):
        outs[4]
