"""Where HPME stands among the others: first, tied or behind by a test, and its mean rank."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Literal, get_args

import numpy as np
import pandas as pd

from hpme.benchmark import draw_places
from hpme.benchmark.leaderboard import CEILING, MEASURES, ORDERS, PLACE, SATURATED, UNRECORDED, no_order
from hpme.benchmark.statistics import LEVEL, MeanRanks, Paired, holm, mean_ranks, signed_ranks
from hpme.datasets import DATASETS
from hpme.explainers import EXPLAINERS, REFERENCE

Word = Literal["first", "tied", "behind", "not tested"]
WORDS: tuple[Word, ...] = get_args(Word)
OWN_SIZE = (
    "node_iou"  # compared among explainers whose size is their own choice: HPME lends the others its own
)
COMPARED = tuple(
    name
    for name in (
        "edge_auc", OWN_SIZE, "robust_fid_plus", "robust_fid_minus", "f_fid_plus", "f_fid_minus", "necessity",
    )
    if name in MEASURES
)  # fmt: skip
TASKS = {  # whose default models are summed up; of regressions it is often the wrong question
    "graph-classification": "classes of graphs",
    "node-classification": "classes of nodes",
    "graph-regression": "numbers of graphs",
}


@dataclass(frozen=True)
class Verdict:
    """What the paired tests at one place say of HPME, by one measure.

    *First*: better than every other explainer that was tested. *Behind*: at least one is better. *Tied*:
    neither. Better means that the p-value of Wilcoxon's signed-rank test over graphs, corrected by Holm's
    method for all tests of this one verdict, is below `LEVEL`, on that side. A verdict is a statement of its
    own, so it is a family of its own: correcting over the whole table would make "behind" harder to say.
    """

    word: Word
    rival: str = ""  # behind: of those that are better the one furthest ahead; else the nearest by the mean
    gap: float = nan  # mean difference to the rival over graphs; above 0 where HPME is better
    graphs: int = 0
    classifiers: int = 0
    sides: tuple[tuple[str, int], ...] = ()  # 1, 0 or -1 by tested explainer: HPME is better, neither, worse
    untested: tuple[str, ...] = ()  # measured, but without what the test needs, or on other graphs


Place = tuple[str, str, str]  # dataset, model and split
Verdicts = Mapping[str, Mapping[Place, Verdict]]


def judged(rows: pd.DataFrame, measure: str) -> dict[Place, Verdict]:
    """Returns the verdict of each dataset, model and split where HPME has the measure and a rival.

    Args:
        rows: Rows of `hpme.benchmark.leaderboard.read_rows`; variants do not compete.
        measure: A name of `hpme.metrics.METRICS`.
    """
    rows = competing(rows, measure)
    rows = rows[rows["variant"].isna()]
    places = {}
    for place, here in rows.groupby(PLACE, sort=False):
        known, silent = here[here[measure].notna()], unknown_saturation(here) if measure in ORDERS else []
        if REFERENCE in set(known["explainer"]) and len({*known["explainer"], *silent}) > 1:
            places[place] = _verdict(known, measure, silent)
    return places


def judged_by_all(rows: pd.DataFrame) -> Verdicts:
    """Returns the verdicts of `judged` by each measure of `COMPARED`."""
    return {name: judged(rows, name) for name in COMPARED}


def competing(rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Returns the rows that compete by a measure: not the ceiling, and by `OWN_SIZE` hard explainers only."""
    hard = [name for name, spec in EXPLAINERS.items() if spec.hard]
    return rows[rows["explainer"].isin(hard) if measure == OWN_SIZE else rows["explainer"] != CEILING]


def unknown_saturation(rows: pd.DataFrame) -> list[str]:
    """Returns the explainers with fitted soft masks of which some rows do not say how many are saturated.

    These are from before it was recorded, and have no AUC: it could be of a mask that keeps everything.
    """
    shares = zip(rows["explainer"], rows["saturated"], strict=True)
    silent = {name for name, share in shares if no_order(name, share) == UNRECORDED}
    return [name for name in EXPLAINERS if name in silent]


def _verdict(here: pd.DataFrame, measure: str, silent: Sequence[str]) -> Verdict:
    values = {name: graph_values(runs, measure) for name, runs in here.groupby("explainer", sort=False)}
    ours, pool = values.pop(REFERENCE), _pool(here)
    sign = -1 if MEASURES[measure].direction == "down" else 1
    tests, classifiers = {}, 0
    for name, theirs in values.items():
        pairs = [difference(ours[key], theirs[key], pool) for key in ours if key in theirs]
        shared = [pair for pair in pairs if pair is not None]
        if shared:
            tests[name] = signed_ranks(sign * _over_classifiers(shared))
            classifiers = max(classifiers, len(shared))
    untested = tuple(dict.fromkeys([*(name for name in values if name not in tests), *silent]))
    if not tests:
        return Verdict("not tested", untested=untested)
    sides = _sides(tests)
    behind = [name for name, side in sides.items() if side < 0]
    rival = min(behind or tests, key=lambda name: tests[name].gap)
    word: Word = "behind" if behind else "first" if all(side > 0 for side in sides.values()) else "tied"
    return Verdict(
        word, rival, tests[rival].gap, tests[rival].graphs, classifiers, tuple(sides.items()), untested
    )


def _pool(here: pd.DataFrame) -> int | None:
    """The number of graphs that the scored ones of a place are drawn from; None where no row tells."""
    told = [*here["pool"].dropna(), *here["graphs"][here["graphs"] < here["limit"]]]
    return int(max(told)) if told else None


def difference(ours: np.ndarray, theirs: np.ndarray, pool: int | None) -> np.ndarray | None:
    """Returns the differences on the graphs that both have, ``[G]``; None where these are not known.

    Args:
        ours: Values of one sample of graphs, see `hpme.benchmark.draw_places`.
        theirs: Of another, which is part of it, or of which it is part; or of the same.
        pool: The number of graphs that both were drawn from; None if unknown.
    """
    sizes = len(ours), len(theirs)
    if sizes[0] == sizes[1]:
        return ours - theirs
    if pool is None:
        return None
    places = [draw_places(pool, size) for size in sizes]
    both = sorted(set(places[0]) & set(places[1]))
    mine, other = (
        values[np.searchsorted(own, both)] for values, own in zip((ours, theirs), places, strict=True)
    )
    return mine - other


def _sides(tests: dict[str, Paired]) -> dict[str, int]:
    adjusted = holm([test.p_value for test in tests.values()])
    pairs = zip(tests.items(), adjusted, strict=True)
    return {name: test.side if p_value < LEVEL else 0 for (name, test), p_value in pairs}


def graph_values(runs: pd.DataFrame, measure: str) -> dict[str, np.ndarray]:
    """Returns an explainer's values ``[G]`` by classifier, means over its seeds.

    Rows of one limit, dataset and split are of the same graphs, in one order; a graph without a value is NaN.
    Rows from before values of each graph were recorded have none.
    """
    found: dict[str, list[np.ndarray]] = {}
    for classifier, kept in zip(runs["classifier"], runs["by_graph"], strict=True):
        if isinstance(kept, dict) and kept.get(measure):
            found.setdefault(str(classifier), []).append(np.array(kept[measure], dtype=float))
    return {key: _mean(_longest(seeds)) for key, seeds in found.items()}


def _longest(arrays: list[np.ndarray]) -> list[np.ndarray]:
    """Those of the most graphs: others cannot be averaged with them."""
    size = max(map(len, arrays))
    return [part for part in arrays if len(part) == size]


def _over_classifiers(differences: list[np.ndarray]) -> np.ndarray:
    """Returns one difference a graph ``[G]``: the mean over classifiers, which all explain the same graphs.

    The graph is what was drawn. Were the classifiers' differences joined end to end, a graph would count once
    for each, as if its values under several classifiers had nothing to do with one another, and the p-values
    would come out too small. So a verdict is about these classifiers, and about graphs like these.
    """
    return _mean(_longest(differences))


def _mean(arrays: list[np.ndarray]) -> np.ndarray:
    """Returns the mean of what is known at each place, NaN where nothing is."""
    stack = np.stack(arrays)
    known = ~np.isnan(stack)
    total, count = np.where(known, stack, 0.0).sum(axis=0), known.sum(axis=0)
    return np.divide(total, count, out=np.full(total.shape, nan), where=count > 0)


def on_default_models(rows: pd.DataFrame, task: str) -> pd.DataFrame:
    """Returns the held-out rows of a task's datasets on their default models, which the summary is of."""
    default = {name: spec.default_model for name, spec in DATASETS.items() if spec.task == task}
    chosen = rows["model"] == rows["dataset"].map(default)
    return rows[chosen & (rows["split"] == "held-out") & rows["variant"].isna()]


def ranks_of(rows: pd.DataFrame, measure: str) -> MeanRanks | None:
    """Returns the mean ranks over all places where HPME has a rival, or None if there is no such place.

    A saturated mask comes last by a measure of its order. What was not measured everywhere has no mean rank.
    """
    rows = competing(rows, measure)
    lines = rows.groupby([*PLACE, "explainer"], sort=False)
    means = lines[measure].mean().unstack("explainer")
    saturated = (lines["saturated"].min() > SATURATED) & (measure in ORDERS)
    last = saturated.unstack("explainer", fill_value=False)
    if REFERENCE not in means:
        return None
    there = means.notna() | last
    places = there[REFERENCE] & (there.sum(axis=1) > 1)
    ever = there[places].any()
    if not places.any():
        return None
    chosen = means.loc[places, ever], last.loc[places, ever]
    return mean_ranks(chosen[0], MEASURES[measure].direction == "down", chosen[1])


@dataclass(frozen=True)
class Summary:
    """Where HPME stands in one task by one measure, on the default models."""

    task: str
    measure: str
    verdicts: dict[Place, Verdict]
    ranks: MeanRanks | None

    def count(self, word: Word) -> int:
        """Returns the number of places with a verdict."""
        return sum(verdict.word == word for verdict in self.verdicts.values())

    def against(self, explainer: str) -> tuple[int, int, int]:
        """Returns on how many places HPME is better than an explainer, neither, and worse."""
        sides = [dict(verdict.sides).get(explainer) for verdict in self.verdicts.values()]
        return sides.count(1), sides.count(0), sides.count(-1)


def summaries(rows: pd.DataFrame, verdicts: Verdicts) -> list[Summary]:
    """Returns the summary of each task and measure for which there is anything.

    Args:
        rows: Rows of `hpme.benchmark.leaderboard.read_rows`.
        verdicts: Results of `judged_by_all` for these rows, or for more.
    """
    found = []
    for task in TASKS:
        here = on_default_models(rows, task)
        places = set(here[PLACE].itertuples(index=False, name=None))
        for name in COMPARED:
            own = {place: verdict for place, verdict in verdicts[name].items() if place in places}
            found.append(Summary(task, name, own, ranks_of(here, name)))
    return [summary for summary in found if summary.verdicts or summary.ranks]
