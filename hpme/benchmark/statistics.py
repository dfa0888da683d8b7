"""Tests that a comparison may rest on: paired over graphs, and by mean ranks over datasets.

Source: Demšar (2006), "Statistical comparisons of classifiers over multiple data sets", JMLR 7.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, nan, sqrt

import numpy as np
import pandas as pd

LEVEL = 0.05  # a difference counts where it would be seen in fewer than one in twenty draws of equals
DIGITS = 9  # values have four: what differs after nine is equal, but for the order of sums


@dataclass(frozen=True)
class Paired:
    """How much one explainer is ahead of another on the same graphs."""

    gap: float  # mean difference; above 0 where the first is better
    side: int  # sign of the sum of signed ranks: 1 where the first is better, 0 where it is 0
    p_value: float
    graphs: int


def signed_ranks(differences: np.ndarray) -> Paired:
    """Returns Wilcoxon's signed-rank test of differences ``[G]``, one a graph; NaN where there is none.

    Differences of nothing are ranked with the others, and their ranks left out (Pratt, 1959): left out
    before, a hundred graphs on which both are perfect would count for nothing. Without any difference
    the p-value is 1. The test asks about ranks, not means, so in a skewed case `side` and `gap` differ.

    Source: Wilcoxon (1945), "Individual comparisons by ranking methods"; `scipy.stats.wilcoxon`.
    """
    from scipy import stats  # takes long to import

    known = differences[~np.isnan(differences)].round(DIGITS)
    if not known.any():
        return Paired(0.0 if len(known) else nan, 0, 1.0, len(known))
    signed = float((np.sign(known) * stats.rankdata(np.abs(known))).sum())
    p_value = float(stats.wilcoxon(known, zero_method="pratt").pvalue)
    return Paired(float(known.mean()), int(np.sign(signed)), p_value, len(known))


def holm(p_values: Sequence[float]) -> list[float]:
    """Returns p-values corrected for having tested all of them, in their order.

    Source: Holm (1979), "A simple sequentially rejective multiple test procedure".
    """
    adjusted, least = [1.0] * len(p_values), 0.0
    for place, index in enumerate(np.argsort(p_values, kind="stable")):
        least = max(least, min(1.0, (len(p_values) - place) * p_values[index]))
        adjusted[index] = least
    return adjusted


@dataclass(frozen=True)
class MeanRanks:
    """Mean ranks of explainers over places, 1 being best."""

    ranks: pd.Series  # by explainer, the best first
    places: int
    difference: float  # ranks that are less apart than this are not told apart; NaN without two places
    p_value: float  # of all being equal, by Friedman's test; NaN where it cannot be made
    left_out: tuple[str, ...]  # explainers that were not measured in every place


def mean_ranks(means: pd.DataFrame, falling: bool, last: pd.DataFrame | None = None) -> MeanRanks:
    """Returns mean ranks with Nemenyi's critical difference, and Friedman's test.

    Args:
        means: Places down, explainers across; NaN where one was not measured. Equals share their mean rank.
        falling: Whether less is better.
        last: Where an explainer comes last for having no order of its own, bool, of the same shape.

    Source: Friedman (1937), Nemenyi (1963), both as in Demšar (2006), section 3.2.
    """
    from scipy import stats  # takes long to import

    unmeasured = means.isna() if last is None else means.isna() & ~last
    complete = means.columns[~unmeasured.any()]
    table = means[complete]
    ranks = table.rank(axis=1, method="average", ascending=falling, na_option="bottom")
    places, count = ranks.shape
    tested = places > 1 and count > 2
    # The test ranks within places by itself; ranks in place of values give a saturated one its last place.
    p_value = float(stats.friedmanchisquare(*ranks.to_numpy().T).pvalue) if tested else nan
    return MeanRanks(
        ranks.mean().sort_values(kind="stable"),
        places,
        critical_difference(count, places) if places > 1 else nan,
        p_value,
        tuple(means.columns.difference(complete, sort=False)),
    )


def critical_difference(count: int, places: int) -> float:
    """Returns how far apart two mean ranks of `count` explainers over `places` must be to be told apart.

    Source: Nemenyi (1963); Demšar (2006), equation for CD and table 5, of which this gives the values.
    """
    from scipy import stats  # takes long to import

    if count < 2:
        return nan
    spread = float(stats.studentized_range.ppf(1 - LEVEL, count, inf)) / sqrt(2)
    return spread * sqrt(count * (count + 1) / (6 * places))
