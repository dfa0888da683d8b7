from math import log

import pytest
import torch

from hpme.explainers import EXPLAINERS, GSATObjective
from hpme.explainers.edge_masks.objective import Sampled
from hpme.forward.packed import pack
from hpme.forward.weighted import EdgeWeighted


def test_the_rate_falls_over_two_fifths_of_the_fit_and_stays():
    objective = GSATObjective(rate_high=0.9, rate_low=0.5)
    assert [objective.rate(p) for p in (0, 0.2, 0.4, 1)] == pytest.approx([0.9, 0.7, 0.5, 0.5])


def test_the_loss_is_cross_entropy_and_the_mean_divergence_of_each_graph(neighbour_sum, make_graph):
    graphs = pack([make_graph([1.0, 0.0], [(0, 1)]), make_graph([1.0, 0.0, 0.0], [(0, 1), (1, 2)])])
    logit = torch.tensor([log(3), log(3), 0, 0, log(3), log(3)])
    batch = Sampled(
        graphs=graphs,
        pair=torch.tensor([0, 0, 1, 1, 2, 2]),
        logit=logit,
        weight=torch.ones(6),
        output=torch.tensor([[1.0, 0.0], [0.0, 1.0]]),
        progress=1.0,
    )
    loss = GSATObjective(information=2)(EdgeWeighted(neighbour_sum), batch, None, torch.Generator())
    # All weights 1: logits (1, 1) twice, log 2 each. From rate 1/2 the logit 0 diverges by nothing.
    divergence = 0.75 * log(1.5) + 0.25 * log(0.5)
    assert float(loss) == pytest.approx(log(2) + 2 * (divergence + divergence / 2) / 2, rel=1e-5)


def test_the_registry_has_it(neighbour_sum):
    config = EXPLAINERS["gsat"].build(neighbour_sum, 3).config
    assert (config.objective, config.seed) == (GSATObjective(), 3)


@pytest.mark.parametrize("setting", [{"rate_high": 1}, {"rate_low": 0.95}, {"information": -1}])
def test_settings_out_of_range_are_refused(setting):
    with pytest.raises(ValueError, match=next(iter(setting))):
        GSATObjective(**setting)
