from dataclasses import replace

import pytest
import torch

from hpme.figures import Method, outcome
from tests.figures.scenes import explanation_of
from tests.figures.test_documents import story  # noqa: F401 (a fixture)


@pytest.fixture
def named(story):  # noqa: F811
    """Gives a method of a title, a node IoU, of 20 mixed graphs how many hold, and weights of edges."""
    story.answers.__dict__["classes"] = ("low", "high")

    def make(title, found, held, weights=None):
        raw = explanation_of(story.scene.graph, (0, 1))
        if weights is not None:
            raw.edge_mask = torch.tensor(weights)
        told = replace(story, metrics=story.metrics | {"node_iou": found}, num_held=held, draws=20)
        return Method(title, told, raw, 0.1)

    story.scene.graph.node_gt = torch.tensor([True, True, False, False])
    story.scene.__dict__.pop("ground_truth", None)
    return make


def test_the_sentence_counts_by_its_limits_and_names_the_fewer(named):
    methods = [named("A", 0.5, 18), named("B", 0.49, 17), named("C", 1.0, 20)]
    assert outcome(methods) == (
        "2 of 3 (not B) find the true part (node IoU of at least 0.5); "
        "2 of 3 (not B) carry “high” into at least 90% of the mixed graphs (HPME's own criterion)."
    )


def test_all_none_and_one_are_said_so(named):
    both, neither = [named("A", 1.0, 20), named("B", 1.0, 20)], [named("A", 0.0, 0), named("B", None, 0)]
    assert outcome(both).startswith("All 2 find the true part")
    assert outcome(neither).startswith("None of the 2 finds the true part")
    assert outcome([both[0], neither[1]]).startswith("1 of 2 (A) finds the true part")
    assert outcome(both[:1]) == ""


def test_a_mask_removes_nothing_where_every_edge_can_be_seen_and_it_is_soft(named):
    edges = named("A", 1.0, 20).raw.edge_mask.numel()
    soft = named("Soft", 1.0, 20, torch.linspace(0.02, 1, edges).tolist())
    some = named("Some", 1.0, 20, torch.linspace(0.0, 1, edges).tolist())
    whole = named("Whole", 1.0, 20, [1.0] * edges)
    assert outcome([soft, some, whole]).endswith("; the soft mask of Soft removes nothing.")
    assert "removes nothing" not in outcome([some, whole])
    assert outcome([soft, soft]).endswith("; the soft masks of Soft and Soft remove nothing.")


def test_without_a_ground_truth_nothing_is_said_of_it(named):
    methods = [named("A", None, 20), named("B", None, 20)]
    methods[0].story.scene.graph.node_gt[:] = False
    methods[0].story.scene.__dict__.pop("ground_truth", None)
    assert (
        outcome(methods) == "All 2 carry “high” into at least 90% of the mixed graphs (HPME's own criterion)."
    )
