"""Settings of HPME; one configuration serves every dataset."""

import math
from dataclasses import dataclass

from hpme import checks


@dataclass(frozen=True)
class HPMEConfig:
    """Settings of a fit, saved with its result.

    Raises:
        ValueError: If a setting is out of range.
    """

    seed: int = 0  # of weights, batches, masks and mixtures
    rounds: int = 25  # passes through the training graphs along the capacity path
    min_steps: int = 500  # gradient steps on a small training set
    batch_size: int = 96  # graphs in a step
    samples: int = 4  # hard masks of each graph in a step, T
    price_low: float = 0.05  # price of the whole graph at the first step, lambda
    price_high: float = 2.0  # and at the last; it rises geometrically
    learning_rate: float = 3e-3  # of Adam
    logit_penalty: float = 0.005  # epsilon: keeps logits out of all-or-nothing
    dilation: float = 0.5  # share of mixtures whose donor loses the neighbours of its explanation, too
    hidden: int = 64  # width of the scorer
    checkpoints: int = 30  # points of the path
    draws: int = 8  # mixtures of each validation graph at a point of the path

    def __post_init__(self) -> None:
        """Checks the ranges."""
        checks.in_range("seed", self.seed, 0, 2**31)
        checks.in_range("rounds", self.rounds, 1, 100_000)
        checks.in_range("min_steps", self.min_steps, 1, 1_000_000)
        checks.in_range("batch_size", self.batch_size, 2, 100_000)
        checks.in_range("samples", self.samples, 2, 1000)
        checks.in_range("price_low", self.price_low, 1e-6, self.price_high)
        checks.in_range("learning_rate", self.learning_rate, 1e-6, 1)
        checks.in_range("logit_penalty", self.logit_penalty, 0, 1)
        checks.in_range("dilation", self.dilation, 0, 1)
        checks.in_range("hidden", self.hidden, 1, 10_000)
        checks.in_range("checkpoints", self.checkpoints, 1, 10_000)
        checks.in_range("draws", self.draws, 1, 10_000)

    def steps(self, num_graphs: int) -> int:
        """Returns the number of gradient steps for this many graphs, a multiple of `checkpoints`."""
        wanted = max(self.min_steps, self.rounds * num_graphs / self.batch_size)
        return self.checkpoints * math.ceil(wanted / self.checkpoints)
