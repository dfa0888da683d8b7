"""The choice among the settings of a fitted mask, by predictions alone; the same for every one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import torch
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import checks
from hpme.explainers.sizes import hard_mask
from hpme.forward.question import Question
from hpme.metrics.neutral import kept_neutrally
from hpme.metrics.saturation import saturated
from hpme.seeding import generator

Setting = Mapping[str, float]  # values of some fields, of a config or of its objective

SIZES = (0.2, 0.4, 0.6)  # shares of the nodes at which predictions should be kept
DRAWS = 4  # neutral changes of each graph and size
MOST = 150  # graphs held back for the choice
MARGIN = 0.05  # of predictions kept: what a mask that tells nodes apart may keep less than one that does not
TRIAL = 200  # steps of a trial of PGExplainer and its kin, where a fit has 500


def grid(names: str, *rows: tuple[float, ...]) -> tuple[Setting, ...]:
    """Returns settings as a table: the names of what varies, in one string, and a row for each setting."""
    return tuple(dict(zip(names.split(), row, strict=True)) for row in rows)


@dataclass(frozen=True, kw_only=True)
class Tried:
    """Settings of a fit that may be tried out at several values, of which the best are taken.

    Raises:
        ValueError: If a setting is out of range, or the grid names one that there is not.
    """

    seed: int = 0  # of weights, batches, samples, and of the graphs held back
    steps: int = 500  # gradient steps
    trial_steps: int = 0  # steps of each trial before the fit at the best setting; 0: the trials are the fits
    grid: tuple[Setting, ...] = ()  # to choose among, each row of the same names; none: no choice

    def __post_init__(self) -> None:
        """Checks the ranges, those of the grid's settings too."""
        checks.in_range("seed", self.seed, 0, 2**31)
        checks.in_range("steps", self.steps, 1, 1_000_000)
        checks.in_range("trial_steps", self.trial_steps, 0, 1_000_000)
        for setting in self.grid:
            if setting.keys() != self.grid[0].keys():
                raise ValueError(
                    f"Expected the same names in all rows of a grid (got {sorted(setting)} beside "
                    f"{sorted(self.grid[0])}); give each row a value of each"
                )
            replace(self, grid=()).at(setting)

    def at(self, setting: Setting) -> Self:
        """Returns these settings with some values changed, of their own fields or the objective's.

        Raises:
            ValueError: If there is no such field, or a value is out of range.
        """
        own, inner = {field.name for field in fields(self)}, getattr(self, "objective", None)
        theirs = {field.name for field in fields(inner)} if inner is not None else set[str]()
        if unknown := sorted(setting.keys() - own - theirs):
            raise ValueError(
                f"Expected settings of {type(self).__name__} in a grid (got {unknown[0]!r}); "
                f"known are {', '.join(sorted(own | theirs))}"
            )
        changes: dict[str, Any] = {name: value for name, value in setting.items() if name in own}
        if inside := {name: value for name, value in setting.items() if name not in own}:
            changes["objective"] = replace(inner, **inside)  # type: ignore[type-var]
        return replace(self, **changes)

    def trial(self, setting: Setting) -> Self:
        """Returns these settings with some values changed, for a trial."""
        tried = self.at(setting)
        return replace(tried, steps=min(tried.steps, self.trial_steps)) if self.trial_steps else tried

    @property
    def total_steps(self) -> int:
        """Steps of all trials, and of the fit where the trials are not the fits."""
        trials = sum(self.trial(setting).steps for setting in self.grid)
        return trials if self.grid and not self.trial_steps else trials + self.steps


@dataclass(frozen=True)
class Candidate:
    """A setting that was tried, and how it did on the graphs held back."""

    setting: Setting
    kept: float | None  # share of predictions kept, mean over the sizes; None: the fit gave no numbers
    saturated: float | None  # share of the graphs whose mask is saturated


def held_back(graphs: Sequence[Data], seed: int) -> tuple[list[Data], list[Data]]:
    """Splits graphs into those to fit on and those to choose on: a random tenth, at least two, at most 150.

    Of less than four graphs all are both.
    """
    if len(graphs) < 4:
        return [*graphs], [*graphs]
    order = torch.randperm(len(graphs), generator=generator(seed, 2)).tolist()
    count = min(max(len(graphs) // 10, 2), MOST)
    held = set(order[:count])
    fitted = [graph for place, graph in enumerate(graphs) if place not in held]
    return fitted, [graph for place, graph in enumerate(graphs) if place in held]


def judge(
    question: Question,
    graphs: Sequence[Data],
    explanations: Sequence[Explanation],
    setting: Setting,
    seed: int,
) -> Candidate:
    """Returns how a setting's explanations do: no ground truth and no label is read.

    Args:
        question: The explained model.
        graphs: Graphs held back.
        explanations: Their explanations.
        setting: What they were fitted with.
        seed: Of the neutral changes, which are the same for all settings.
    """
    if not all(out.edge_mask.isfinite().all() and out.node_score.isfinite().all() for out in explanations):
        return Candidate(setting, None, None)
    kept = []
    for size in SIZES:
        keeps = [hard_mask(out, max(1, round(size * len(out.node_score)))) for out in explanations]
        kept.append(float(kept_neutrally(question, graphs, keeps, seed, DRAWS).mean()))
    return Candidate(setting, sum(kept) / len(kept), saturated([out.edge_mask for out in explanations]))


def best_candidate(candidates: Sequence[Candidate]) -> int:
    """Returns the place of the candidate that keeps most predictions, of equal ones the first.

    One that is saturated in more than half of the graphs gives way to the best of the others, if that keeps
    at most .05 less.

    Raises:
        ValueError: If no fit gave numbers.
    """
    kept = [-1.0 if candidate.kept is None else candidate.kept for candidate in candidates]
    if max(kept) < 0:
        raise ValueError(
            f"Expected numbers from a fit at one setting at least (got none from {len(candidates)}); "
            "try a smaller learning_rate"
        )
    near = [place for place, value in enumerate(kept) if value >= max(kept) - MARGIN]
    telling = [place for place in near if (candidates[place].saturated or 0) <= 0.5]
    return max(telling or near, key=lambda place: kept[place])
