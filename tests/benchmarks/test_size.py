import pytest
import torch

from benchmarks.size import agreement, half_of, row, truth_keeps
from hpme import HPME, load_dataset
from hpme.metrics import with_ground_truth


def mask(*nodes: int) -> torch.Tensor:
    return torch.tensor(nodes, dtype=torch.bool)


def test_masks_agree_by_their_iou_and_two_empty_ones_wholly():
    assert agreement([mask(1, 1, 0), mask(0, 0)], [mask(0, 1, 1), mask(0, 0)]) == pytest.approx(
        (1 / 3 + 1) / 2
    )


def test_a_half_is_of_the_truth_and_rounded_up():
    half = half_of(mask(0, 1, 1, 1, 0), torch.Generator().manual_seed(0))
    assert int(half.sum()) == 2
    assert bool((half <= mask(0, 1, 1, 1, 0)).all())


def test_a_house_or_cycle_keeps_its_prediction_in_other_graphs_and_the_sizes_lie_around_it():
    dataset, explainer = load_dataset("ba-2motifs"), HPME.load("ba-2motifs", "gin")
    graphs = [*with_ground_truth(dataset.test)][:20]
    whole, half = truth_keeps(explainer.question, graphs, dataset.test[20:40])
    assert whole > 0.95
    assert half < whole
    facts, masks = row(explainer, dataset, 20)
    assert facts["core"] <= facts["default"] <= facts["all"]
    assert facts["between"]
    assert facts["truth"] == pytest.approx(0.2)
    assert facts["ratio"] == pytest.approx(facts["node IoU"] / facts["best on path"])
    assert len(masks) == 20
