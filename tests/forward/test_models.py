"""Models as people bring them: each gives its own answers, or is refused in one sentence."""

import re

import pytest
import torch
from torch import Tensor

from hpme import HPME, HPMEConfig
from hpme.explainers import EXPLAINERS
from hpme.explainers.edge_masks.gnnexplainer import BatchedGNNExplainer, GNNExplainerConfig
from hpme.forward.ask import graph_logits
from hpme.forward.question import Question
from tests.forward.models.case import Case
from tests.forward.models.page import PAGE, renewed
from tests.forward.models.table import CASES, REFUSED, WORKING

QUICK = HPMEConfig(rounds=1, min_steps=6, batch_size=8, checkpoints=2, samples=2, draws=1)
pytestmark = pytest.mark.filterwarnings("ignore:Sparse")  # of torch, in ASAPooling
of_working = pytest.mark.parametrize("case", WORKING, ids=lambda case: case.id)


def owner_says(case: Case, model) -> Tensor:
    return torch.stack([case.ask(model, graph) for graph in case.graphs()])


def near(found: Tensor, wanted: Tensor, gap: float = 1e-4) -> bool:
    size = max(1.0, float(wanted.abs().max())) if wanted.numel() else 1.0
    return torch.allclose(found, wanted, rtol=0, atol=gap * size)


def test_every_case_has_an_id_of_its_own():
    assert len({case.id for case in CASES}) == len(CASES)


def test_the_page_about_models_lists_them_as_they_are_tested():
    """After a change: ``python -m tests.forward.models.page``."""
    page = PAGE.read_text(encoding="utf-8")
    assert renewed(page) == page


@of_working
def test_the_question_is_answered_as_its_owner_is_answered(case):
    model = case.build()
    wanted, question, graphs = owner_says(case, model), Question(model, **case.settings), case.graphs()
    together = graph_logits(question, question.pack(graphs))
    singly = torch.cat([graph_logits(question, question.pack([graph])) for graph in graphs])
    gap = 2e-2 if next((p for p in model.parameters()), wanted).dtype.itemsize == 2 else 1e-4
    for found in (together, singly):
        assert near(found, wanted, gap)
        assert torch.equal(found.argmax(1), wanted.argmax(1))


@of_working
def test_hpme_explains_what_its_owner_is_told(case):
    model, graphs = case.build(), case.graphs()
    explainer = HPME(model, QUICK, **case.settings).fit(case.fitted_on(graphs))
    outs = explainer.explain_batch(graphs)
    assert [int(out.target) for out in outs] == owner_says(case, model).argmax(1).tolist()
    assert explainer.check.same_as_model == 1
    for graph, out in zip(graphs[:4], outs, strict=False):
        lone = explainer.explain(graph)
        assert near(lone.node_score, out.node_score, 1e-5)
        assert near(lone.edge_score, out.edge_score, 1e-5)
    said = " ".join(outs[0].notes)
    assert len(outs[0].notes) == len(case.notes), said
    assert all(re.search(note, said) for note in case.notes), said
    if "reads positions" not in said:
        mixed = explainer.mix_batch(graphs[:3], graphs[3:6])
        rows = graph_logits(explainer.question, explainer.question.pack(mixed))
        assert rows.isfinite().all()


def peers(model):
    yield "random", EXPLAINERS["random"].build(model, 0)
    yield "saliency", EXPLAINERS["saliency"].build(model, 0)
    yield "gnnexplainer", BatchedGNNExplainer(model, GNNExplainerConfig(epochs=2))


@of_working
def test_peers_explain_it_too_or_say_in_one_sentence_why_not(case):
    model, graphs = case.build(), case.graphs()
    question, wanted = Question(model, **case.settings), owner_says(case, model).argmax(1).tolist()
    for name, explainer in peers(question):
        if name in case.peers:
            with pytest.raises(ValueError, match=f"^Expected .*{case.peers[name]}") as refusal:
                explainer.explain_batch(graphs[:4])
            assert "\n" not in str(refusal.value)
            continue
        outs = explainer.explain_batch(graphs[:4])
        assert [int(out.target) for out in outs] == wanted[:4], name
        if case.peers_note and name != "random":
            assert re.search(case.peers_note, " ".join(outs[0].notes)), name
        lone = explainer.explain(graphs[0])
        assert near(lone.node_score, outs[0].node_score, 1e-5), name
        assert near(lone.edge_score, outs[0].edge_score, 1e-5), name


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.id)
def test_what_cannot_be_explained_is_refused_in_one_sentence(case):
    with pytest.raises(ValueError, match=case.refused) as refusal:
        HPME(case.build(), QUICK, **case.settings).fit(case.graphs())
    said = str(refusal.value)
    assert said.startswith("Expected ")
    assert "\n" not in said
