import pytest
import torch
from torch import nn

from hpme.classifiers import CLASSIFIERS, available_classifiers, load_classifier, untrained
from hpme.classifiers.registry import create
from hpme.forward.fingerprint import fingerprint


@pytest.mark.parametrize("arch", CLASSIFIERS)
def test_every_model_here_has_an_untrained_copy_that_its_seed_repeats(arch):
    model = create(arch, 3, 2, 4, False).eval()
    before = fingerprint(model)
    first, again, other = (untrained(model, seed) for seed in (0, 0, 1))
    assert fingerprint(first) == fingerprint(again)
    assert len({before, fingerprint(first), fingerprint(other)}) == 3
    assert fingerprint(model) == before
    assert not first.training


def test_of_a_trained_model_no_weight_stays():
    model = load_classifier("ba-2motifs", available_classifiers("ba-2motifs")[0])
    fresh = untrained(model)
    pairs = zip(model.named_parameters(), fresh.parameters(), strict=True)
    assert not [name for (name, old), new in pairs if torch.equal(old, new) and "eps" not in name]


def test_a_model_with_weights_of_its_own_making_or_none_has_no_copy(feature_sum):
    class Own(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.linear, self.scale = nn.Linear(2, 2), nn.Parameter(torch.ones(1))

    assert untrained(Own()) is None
    assert untrained(feature_sum) is None
    assert untrained(nn.Sequential(nn.Linear(2, 2), nn.ReLU())) is not None
