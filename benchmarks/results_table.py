"""Writes the tables of `docs/results.md`, and the README's, from the shipped results.

python -m benchmarks.results_table          # writes both
python -m benchmarks.results_table FILE...  # prints the tables of other results files
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from hpme.benchmark import leaderboard
from hpme.benchmark.leaderboard import ARROWS, CEILING, MEASURES
from hpme.benchmark.published import QUOTES, quoted
from hpme.explainers import EXPLAINERS, REFERENCE

ROOT = Path(__file__).parents[1]
SHIPPED = sorted((ROOT / "hpme" / "benchmark" / "results").glob("*.json"))
PLACE = ["dataset", "model"]
COLUMNS = (
    "kept_share", "edge_auc", "node_iou", "kept_on_mix", "robust_fid_plus", "robust_fid_minus",
    "cos_subgraph", "cos_mix", "seed_iou", "capacity_bits", "path_iou", "centre_kept",
    "fit_seconds", "explain_ms",
)  # fmt: skip
ABLATED = ("edge_auc", "node_iou", "kept_on_mix")
FRONT = ("ba-2motifs", "ba-3motifs", "benzene", "fluoride-carbonyl", "alkane-carbonyl", "triangles")  # README

LITERATURE = (
    "Transductive runs are on the molecules that papers measure on, read from files: `benzene` has 12,000 of "
    "them here, `fluoride_carbonyl` 4,326 and `alkane_carbonyl` 8,671. The sets that ship, `benzene`, "
    "`fluoride-carbonyl` and `alkane-carbonyl`, are of other molecules. On datasets of nodes explainers but "
    "for HPME are fitted on the nodes of motifs alone, as published."
)


def tables(rows: pd.DataFrame) -> str:
    """Returns the tables of `docs/results.md`, each on held-out and on transductive graphs, if there are any.

    Args:
        rows: Rows of `hpme.benchmark.leaderboard.read_rows`.

    Returns:
        Markdown.
    """
    parts = []
    variants, rows = rows[rows["variant"].notna()], rows[rows["variant"].isna()]  # ablations do not compete
    for split, key in (("held-out", "edge_auc"), ("transductive", "edge_auc_pooled")):
        runs = rows[rows["split"] == split]
        if runs.empty:
            continue
        parts += [LITERATURE] if split == "transductive" else []
        what = "Edge AUC" if key == "edge_auc" else "Edge AUC, pooled"
        parts += [f"**{what}, {split}**", by_dataset(runs, key), f"**HPME, {split}**", ours(runs)]
        parts += [f"**{what} of HPME less that of the best other explainer, {split}**", ahead(runs, key)]
        if split == "transductive":
            parts += ["**Edge AUC, pooled: measured here, and in brackets what papers report**", beside(runs)]
    if not variants.empty:
        parts += ["**HPME with one piece changed: edge AUC, node IoU, holds in mixes**", ablated(variants)]
    return "\n\n".join(parts)


def summary(rows: pd.DataFrame) -> str:
    """Returns the README's table: HPME, the best other explainer and the ground truth, held-out, on the GIN.

    The best other one is that of each column and dataset, apart from the ground truth.
    """
    rows = rows[(rows["split"] == "held-out") & (rows["model"] == "gin") & rows["variant"].isna()]
    table = leaderboard.summarise(rows, ["dataset", "explainer"])
    heads = ["edge AUC: HPME", "best other", "predictions hold in mixes: HPME", "best other", "ground truth"]
    lines = [["dataset", *heads]]
    for name in FRONT:
        auc, holds = (
            [_cell(table, (name, REFERENCE), measure), _best_other(table.loc[name], measure)]
            for measure in ("edge_auc", "kept_on_mix")
        )
        lines.append([name, *auc, *holds, f"{table.loc[(name, CEILING), ('kept_on_mix', 'mean')]:.3f}"])
    return _markdown(lines)


def _best_other(table: pd.DataFrame, measure: str) -> str:
    means = table[measure, "mean"].drop([REFERENCE, CEILING])
    return f"{means.max():.3f} ({EXPLAINERS[means.idxmax()].title})"


def by_dataset(rows: pd.DataFrame, measure: str) -> str:
    """Returns a measure's mean ± standard deviation over seeds: datasets down, explainers across."""
    table = leaderboard.summarise(rows, [*PLACE, "explainer"])
    names = list(dict.fromkeys(rows["explainer"]))
    lines = [["dataset", "model", *names]]
    for place in dict.fromkeys(zip(*(rows[name] for name in PLACE), strict=True)):
        lines.append([*place, *(_cell(table, (*place, name), measure) for name in names)])
    return _markdown(lines)


def ours(rows: pd.DataFrame) -> str:
    """Returns HPME's measures, with the number of seeds that collapsed, keeping all nodes or none."""
    mine = rows[rows["explainer"] == REFERENCE]
    table = leaderboard.summarise(mine, PLACE)
    heads = [MEASURES[name].title + ARROWS[MEASURES[name].direction] for name in COLUMNS]
    lines = [["dataset", "model", "seeds", "collapsed", *heads]]
    for place, runs in mine.groupby(PLACE, sort=False):
        collapsed = runs["kept_share"].isin((0, 1)).sum()
        cells = [_cell(table, place, name) for name in COLUMNS]
        lines.append([*place, str(len(runs)), str(collapsed), *cells])
    return _markdown(lines)


def ahead(rows: pd.DataFrame, measure: str) -> str:
    """Returns HPME's difference, seed by seed, to the best other explainer apart from the ground truth."""
    lines = [["dataset", "model", "best other", "difference", "seeds ahead"]]
    for place, runs in rows[rows["explainer"] != CEILING].groupby(PLACE, sort=False):
        values = runs.pivot(index=[*leaderboard.SEEDS], columns="explainer", values=measure).dropna(
            axis=1, how="all"
        )
        if REFERENCE not in values or len(values.columns) < 2:
            continue
        best = values.drop(columns=REFERENCE).mean().idxmax()
        gaps = (values[REFERENCE] - values[best]).dropna()
        gap = leaderboard.text(gaps.mean(), gaps.std(), measure)
        lines.append([*place, best, gap, f"{(gaps > 0).sum()} of {len(gaps)}"])
    return _markdown(lines)


def beside(rows: pd.DataFrame) -> str:
    """Returns edge AUCs measured as in the literature, in brackets those of papers; explainers across."""
    table = leaderboard.summarise(rows, [*PLACE, "explainer"])
    known = {quote.explainer for quote in QUOTES}
    names = [name for name in dict.fromkeys(rows["explainer"]) if name in known]
    lines = [["dataset", "model", *names]]
    for place in dict.fromkeys(zip(*(rows[name] for name in PLACE), strict=True)):
        cells = [_cell(table, (*place, name), "edge_auc_pooled") for name in names]
        papers = [quoted(place[0].replace("_", "-"), name) for name in names]  # packed files have underscores
        lines.append([*place, *(f"{cell} ({quote})" for cell, quote in zip(cells, papers, strict=True))])
    return _markdown(lines)


def ablated(rows: pd.DataFrame) -> str:
    """Returns the scores of each variant of HPME: variants down, datasets across."""
    table = leaderboard.summarise(rows, ["variant", "dataset"])
    datasets = list(dict.fromkeys(rows["dataset"]))
    lines = [["variant", *datasets]]
    for variant in dict.fromkeys(rows["variant"]):
        cells = [[_cell(table, (variant, name), measure) for measure in ABLATED] for name in datasets]
        lines.append([variant, *(", ".join(values) for values in cells)])
    return _markdown(lines)


def _cell(table: pd.DataFrame, line: tuple, measure: str) -> str:
    if line not in table.index:
        return "–"
    return leaderboard.text(table.loc[line, (measure, "mean")], table.loc[line, (measure, "std")], measure)


def _markdown(lines: Iterable[Sequence[str]]) -> str:
    head, *body = lines
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *body])


def put_between(path: Path, mark: str, text: str) -> None:
    """Replaces the text between a file's lines ``<!-- mark -->`` and ``<!-- /mark -->``."""
    before, start, rest = path.read_text(encoding="utf-8").partition(f"<!-- {mark} -->\n")
    _, end, after = rest.partition(f"<!-- /{mark} -->")
    path.write_text(f"{before}{start}\n{text}\n\n{end}{after}", encoding="utf-8")


def main(paths: Sequence[str]) -> None:
    """Prints the tables of some results files; without any, writes those of the shipped ones."""
    rows = leaderboard.read_rows(map(Path, paths) if paths else SHIPPED)
    if paths:
        print(tables(rows))  # noqa: T201
    else:
        put_between(ROOT / "docs" / "results.md", "results", tables(rows))
        put_between(ROOT / "README.md", "summary", summary(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
