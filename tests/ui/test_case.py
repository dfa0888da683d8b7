import pytest
import torch

from hpme.explainers import EXPLAINERS
from hpme.forward.fingerprint import fingerprint
from ui import state
from ui.state import explained

PICK = state.Pick("ba-2motifs", "gin", 0, None, 6, None, 0)


def test_caches_know_a_case_by_its_pick():
    one, other = state.resolve(PICK), state.resolve(PICK)
    assert one is not other
    assert state.story(one) is state.story(other)
    assert state.positions(PICK.dataset, one.graph).tolist() == state.story(one).scene.positions.tolist()


def test_another_size_or_explainer_looks_nothing_up_and_is_another_case():
    case = state.resolve(PICK)
    smaller, saliency = case.vary(k=3), case.vary(explainer="saliency")
    for other in (smaller, saliency):
        assert (other.graph, other.donors, other.hpme) == (case.graph, case.donors, case.hpme)
    assert int(state.story(smaller).scene.keep.sum()) == 3
    assert int(state.story(case).scene.keep.sum()) == 5
    assert state.story(saliency).explainer == saliency.explainer.title == "Saliency"


def test_what_took_one_pass_is_asked_once_a_graph_and_charts_and_layouts_are_made_once(monkeypatch):
    asked, ask, case = [], explained.explained, state.resolve(PICK).vary(explainer="integrated-gradients")

    def noted(explainer, graphs, target):
        asked.extend(int(graph.graph_id) for graph in graphs)
        return ask(explainer, graphs, target)

    monkeypatch.setattr(explained, "explained", noted)
    explained.quick_results.clear()
    state.raw_explanation.clear()
    state.story.clear()
    (raw, _), story = state.raw_explanation(case), state.story(case)
    assert len(asked) == len(set(asked)) > 1
    assert (raw.node_score == story.scene.explanation.node_score).all()
    next_pick = state.Pick("ba-2motifs", "gin", 0, None, 500, 6, 0, explainer=case.pick.explainer)
    state.story(state.resolve(next_pick))
    assert len(asked) == len(set(asked))
    state.raw_explanation(state.resolve(next_pick))
    assert asked.count(500) == 2  # its time is shown, which must not be that of a look-up
    assert state.path_chart(case) is state.path_chart(state.resolve(PICK).vary(k=3))
    assert state.path_chart(case.vary(checkpoint=2)) is not state.path_chart(case)
    assert (story.scene.lay_out(case.donor) == state.positions("ba-2motifs", case.donor)).all()


@pytest.mark.parametrize("name", [spec.name for spec in EXPLAINERS.values() if spec.one_pass])
def test_what_takes_one_pass_leaves_the_shared_model_as_it_is(name):
    case = state.resolve(PICK).vary(explainer=name)
    before = fingerprint(case.model)
    state.raw_explanation.clear()
    state.raw_explanation(case)
    assert fingerprint(case.model) == before
    assert not case.model.training
    for module in case.model.modules():
        assert not module._forward_hooks
        assert not [key for key, value in vars(module).items() if isinstance(value, torch.Tensor)]
    for weight in case.model.parameters():
        assert weight.grad is None
        assert not weight.requires_grad


def test_the_donor_is_the_picked_one_or_the_next_of_those_that_are_drawn():
    case = state.resolve(PICK)
    assert case.donor is case.donors[0]
    assert case.graph.graph_id not in [donor.graph_id for donor in case.donors]
    assert len(case.donors) == len(case.dataset.test) - 1
    again = state.resolve(state.Pick("ba-2motifs", "gin", 0, None, 6, None, len(case.donors) + 2))
    assert again.donor is case.donors[2]  # after the last one the first comes again
    assert state.resolve(state.Pick("ba-2motifs", "gin", 0, None, 6, 500, 0)).donor.graph_id == 500
