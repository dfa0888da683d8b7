"""The tables of where HPME stands: one that opens `docs/results.md`, and one a dataset."""

from collections.abc import Iterable, Sequence
from math import isnan

import pandas as pd

from benchmarks.markdown import cell, markdown
from hpme.benchmark import leaderboard, standing
from hpme.benchmark.leaderboard import MEASURES, SATURATED, SATURATED_NOTE, head
from hpme.benchmark.standing import COMPARED, TASKS, WORDS, Place, Summary, Verdict, Verdicts
from hpme.explainers import EXPLAINERS, REFERENCE

BY_CLASS, FLOOR = "edge_auc_by_class", "edge_auc_untrained"
SHOWN = ("edge_auc", FLOOR, BY_CLASS, *COMPARED[1:], "kept_share", "mean_mask", "fit_seconds")
HEADS = {name: head(name) for name in SHOWN if name in MEASURES} | {
    FLOOR: "floor",
    BY_CLASS: "by class",
    "mean_mask": "mean mask",
}
NOTHING_BEHIND = "By the tests that could be made HPME is behind nowhere."


def opening(rows: pd.DataFrame, verdicts: Verdicts) -> str:
    """Returns the table that the page opens on, the misses by name, and HPME against each other explainer."""
    found = standing.summaries(rows, verdicts)
    parts = [_counts(found), *_misses(found), _against(found)]
    left_out = {name for summary in found if summary.ranks for name in summary.ranks.left_out}
    if left_out:
        names = ", ".join(f"`{name}`" for name in EXPLAINERS if name in left_out)
        parts += [f"Without a mean rank by some measure, as not measured on all sets of a task: {names}."]
    silent = standing.unknown_saturation(rows[rows["variant"].isna()])
    if silent:
        names = ", ".join(f"`{name}`" for name in silent)
        parts += [
            "Rows from before it was recorded whether a mask is saturated show no AUC: it could be of a mask "
            f"that keeps everything. Of {names}; to be measured anew."
        ]
    return "\n\n".join(part for part in parts if part)


def front(rows: pd.DataFrame, verdicts: Verdicts) -> str:
    """Returns the README's table: the opening one for classes of graphs."""
    found = standing.summaries(rows, verdicts)
    return _counts([summary for summary in found if summary.task == next(iter(TASKS))])


def _counts(found: Iterable[Summary]) -> str:
    lines = [["measure", "predicted", "sets", *WORDS, "mean rank", "best other", "critical difference"]]
    for summary in found:
        counts = [str(len(summary.verdicts)), *(str(summary.count(word)) for word in WORDS)]
        lines.append([head(summary.measure), TASKS[summary.task], *counts, *_ranks(summary)])
    return markdown(lines)


def _ranks(summary: Summary) -> list[str]:
    if not summary.ranks or len(summary.ranks.ranks) < 2:
        return ["–"] * 3
    ranks = summary.ranks.ranks
    others = ranks.drop(REFERENCE)
    difference = "–" if isnan(summary.ranks.difference) else f"{summary.ranks.difference:.1f}"
    name = EXPLAINERS[others.index[0]].title if others.index[0] in EXPLAINERS else others.index[0]
    return [f"{ranks[REFERENCE]:.1f} of {len(ranks)}", f"{name} {others.iloc[0]:.1f}", difference]


def _misses(found: Iterable[Summary]) -> list[str]:
    """The places where another explainer is better, by measure."""
    lines = []
    for summary in found:
        behind = {place: verdict for place, verdict in summary.verdicts.items() if verdict.word == "behind"}
        if behind:
            names = ", ".join(f"{place[0]} ({_rival(verdict)})" for place, verdict in behind.items())
            lines.append(f"* {MEASURES[summary.measure].title}, {TASKS[summary.task]}: {names}")
    tested = any(summary.count("not tested") < len(summary.verdicts) for summary in found)
    return ["Behind:", "\n".join(lines)] if lines else [NOTHING_BEHIND] if tested else []


def _against(found: Sequence[Summary]) -> str:
    """HPME against each other explainer on all sets: better, neither, worse."""
    measures = [name for name in COMPARED if any(summary.measure == name for summary in found)]
    names = [name for name in EXPLAINERS if any(sum(summary.against(name)) for summary in found)]
    if not names:
        return ""
    lines = [["HPME against", *map(head, measures)]]
    for name in names:
        cells = []
        for measure in measures:
            counts = [summary.against(name) for summary in found if summary.measure == measure]
            total = [sum(part) for part in zip(*counts, strict=True)]
            cells.append("–".join(map(str, total)) if any(total) else "")
        lines.append([EXPLAINERS[name].title, *cells])
    return "\n\n".join(
        ["On how many of these sets HPME is better – neither – worse, by the test:", markdown(lines)]
    )


def by_place(verdicts: Verdicts) -> str:
    """Returns HPME's verdicts: datasets and models down, measures across; or that nothing was tested."""
    tested = [
        name for name in COMPARED if any(verdict.word != "not tested" for verdict in verdicts[name].values())
    ]
    if not tested:
        return "Not tested: no values of each graph in these files yet."
    lines = [["dataset", "model", *map(head, tested)]]
    for place in dict.fromkeys(place for name in tested for place in verdicts[name]):
        lines.append([*place[:2], *(words(verdicts[name].get(place)) for name in tested)])
    return markdown(lines)


def of_place(place: Place, rows: pd.DataFrame, verdicts: Verdicts) -> list[str]:
    """Returns what one dataset, model and split has: a line about it, and its table, explainers down."""
    table = leaderboard.summarise(rows, ["explainer"])
    classes = {name: _by_class(runs) for name, runs in rows.groupby("explainer", sort=False)}
    there = {
        name: any(classes.values()) if name == BY_CLASS else table[name, "mean"].notna().any()
        for name in SHOWN
    }
    known = [name for name in SHOWN if there[name]]
    heads = HEADS | {BY_CLASS: f"by class: {_classes(rows)}"}
    lines = [["explainer", "fits", *(heads[name] for name in known)]]
    for name in table.index:
        runs = rows[rows["explainer"] == name]
        cells = [classes[name] or "–" if key == BY_CLASS else cell(table, name, key) for key in known]
        lines.append([name, str(len(runs)), *cells])
    own = [verdicts[key].get(place) if key in COMPARED else None for key in known]
    if any(own):
        lines.append(["*HPME, by the test*", "", *(words(verdict) if verdict else "" for verdict in own)])
    return [_about(place, rows), markdown(lines), *_saturated(rows)]


def _about(place: Place, rows: pd.DataFrame) -> str:
    dataset, model, split = place
    accuracy = rows.groupby("classifier_seed")["accuracy"].first()
    files = ", ".join(f"`{name}`" for name in dict.fromkeys(rows["file"]))
    count = f"{len(accuracy)} classifier{'s' if len(accuracy) > 1 else ''}"
    return (
        f"**{dataset}**, {model}, {split}: {rows['graphs'].max():.0f} graphs, {count}, accuracy (or R²) "
        f"{accuracy.min():.3f} to {accuracy.max():.3f}; from [files](#commands) {files}"
    )


def _saturated(rows: pd.DataFrame) -> list[str]:
    """Which fits have no AUC, and why."""
    counts = rows[rows["saturated"] > SATURATED].groupby("explainer", sort=False).size()
    if counts.empty:
        return []
    fits = rows.groupby("explainer").size()
    names = ", ".join(f"{name} ({count} of {fits[name]} fits)" for name, count in counts.items())
    return [f"Saturated: {names}; {SATURATED_NOTE}."]


def _classes(rows: pd.DataFrame) -> str:
    """The names of the classes in the order of `_by_class`."""
    return " / ".join(next((key for key in rows[BY_CLASS] if isinstance(key, dict)), {}))


def _by_class(runs: pd.DataFrame) -> str:
    """The mean edge AUC of each class over the runs, such as ``0.990 / 0.210``; none of saturated masks."""
    known = runs[BY_CLASS][runs["edge_auc"].notna()].dropna()
    if known.empty:
        return ""
    means = pd.DataFrame([*known], dtype=float).mean()
    return " / ".join(leaderboard.text(mean, float("nan"), "edge_auc") for mean in means)


def words(verdict: Verdict | None) -> str:
    """Returns a verdict for a table."""
    if verdict is None:
        return "–"
    if verdict.word == "not tested":
        return verdict.word
    more = f"; {len(verdict.untested)} not tested" if verdict.untested else ""
    return f"{verdict.word} ({_rival(verdict)}{more})"


def _rival(verdict: Verdict) -> str:
    """The rival, and how far HPME is ahead of it."""
    return f"{verdict.rival} {verdict.gap:+z.3f}"
