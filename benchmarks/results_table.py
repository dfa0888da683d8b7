"""Writes the tables of `docs/results.md`, and the README's, from the shipped results.

python -m benchmarks.results_table          # writes both
python -m benchmarks.results_table FILE...  # prints the tables of other results files
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from benchmarks import standing_tables
from benchmarks.markdown import cell, markdown, put_between
from hpme.benchmark import leaderboard, standing
from hpme.benchmark.leaderboard import SHIPPED, head
from hpme.benchmark.published import QUOTES, quoted
from hpme.benchmark.standing import Verdicts
from hpme.explainers import EXPLAINERS, REFERENCE

ROOT = Path(__file__).parents[1]
PLACE = ["dataset", "model"]
COLUMNS = (
    "kept_share", "edge_auc", "node_iou", "robust_fid_plus", "robust_fid_minus", "kept_on_mix",
    "cos_subgraph", "cos_mix", "seed_iou", "capacity_bits", "path_iou", "centre_kept",
    "fit_seconds", "explain_ms",
)  # fmt: skip
ABLATED = ("edge_auc", "node_iou", "kept_on_mix")
SPLITS = {"held-out": "edge_auc", "transductive": "edge_auc_pooled"}
LITERATURE = (
    "Transductive runs follow the protocol of papers: fitted on the graphs that are scored, edges pooled. On "
    "datasets of nodes explainers but for HPME are fitted on the nodes of motifs alone, as published."
)
VARIANTS = (
    "Edge AUC, node IoU, and holds in mixes, HPME's own criterion, which says how far a fit got and not "
    "how good it is; mean ± standard deviation over seeds, on the GIN. One thing is changed: *append* puts "
    "the kept part beside the whole donor; *soft* has soft masks; *donors* are of the same predicted "
    "class, or of others; new *links* go to nodes of any type, or there are none; *straight-through* is "
    "the gradient; a node's *price* is fixed; without *penalty* scores may grow; with *dilation* donors "
    "never, or always, lose the neighbours of their part, too; *samples* are masks drawn a step, 4 else."
)


def tables(rows: pd.DataFrame, verdicts: Verdicts) -> str:
    """Returns the tables of `docs/results.md` below the opening one, by dataset.

    Args:
        rows: Rows of `hpme.benchmark.leaderboard.read_rows`.
        verdicts: Results of `hpme.benchmark.standing.judged_by_all` for them.

    Returns:
        Markdown.
    """
    variants, rows = rows[rows["variant"].notna()], rows[rows["variant"].isna()]  # ablations do not compete
    parts = ["### Default models, by dataset", *_default_models(rows, verdicts)]
    for split, measure in SPLITS.items():
        runs = rows[rows["split"] == split]
        if runs.empty:
            continue
        parts += [f"### All models, {split}", *([LITERATURE] if split == "transductive" else [])]
        parts += [f"**{head(measure)}, {split}**", by_dataset(runs, measure)]
        here = {
            name: {place: verdict for place, verdict in places.items() if place[2] == split}
            for name, places in verdicts.items()
        }
        parts += [f"**HPME by the test, {split}**", standing_tables.by_place(here)]
        parts += [f"**HPME, {split}**", ours(runs)]
        if split == "transductive":
            parts += [f"**{head(measure)}: measured here, and in brackets what papers report**", beside(runs)]
    if not variants.empty:
        parts += ["### HPME with one piece changed", VARIANTS, ablated(variants)]
    return "\n\n".join(part for part in parts if part)


def _default_models(rows: pd.DataFrame, verdicts: Verdicts) -> list[str]:
    found = []
    for task in standing.TASKS:
        for place, here in standing.on_default_models(rows, task).groupby(leaderboard.PLACE, sort=False):
            found += standing_tables.of_place(place, here, verdicts)
    return found


def by_dataset(rows: pd.DataFrame, measure: str) -> str:
    """Returns a measure's mean ± standard deviation over seeds: datasets down, explainers across."""
    table = leaderboard.summarise(rows, [*PLACE, "explainer"])
    names = list(dict.fromkeys(rows["explainer"]))
    lines = [["dataset", "model", *names]]
    for place in dict.fromkeys(zip(*(rows[name] for name in PLACE), strict=True)):
        lines.append([*place, *(cell(table, (*place, name), measure) for name in names)])
    return markdown(lines)


def ours(rows: pd.DataFrame) -> str:
    """Returns HPME's measures, with the number of seeds that collapsed, keeping all nodes or none."""
    mine = rows[rows["explainer"] == REFERENCE]
    table = leaderboard.summarise(mine, PLACE)
    lines = [["dataset", "model", "seeds", "collapsed", *map(head, COLUMNS)]]
    for place, runs in mine.groupby(PLACE, sort=False):
        collapsed = runs["kept_share"].isin((0, 1)).sum()
        cells = [cell(table, place, name) for name in COLUMNS]
        lines.append([*place, str(len(runs)), str(collapsed), *cells])
    return markdown(lines)


def beside(rows: pd.DataFrame) -> str:
    """Returns edge AUCs measured as in the literature, in brackets those of papers; explainers across.

    Only of datasets for which papers report any.
    """
    table = leaderboard.summarise(rows, [*PLACE, "explainer"])
    known = {quote.explainer for quote in QUOTES}
    rows = rows[rows["dataset"].isin({quote.dataset for quote in QUOTES})]
    names = [name for name in dict.fromkeys(rows["explainer"]) if name in known]
    lines = [["dataset", "model", *names]]
    for place in dict.fromkeys(zip(*(rows[name] for name in PLACE), strict=True)):
        papers = [quoted(place[0], name) for name in names]
        cells = [cell(table, (*place, name), "edge_auc_pooled") for name in names]
        lines.append([*place, *(f"{own} ({paper or '–'})" for own, paper in zip(cells, papers, strict=True))])
    return markdown(lines) if len(lines) > 1 else ""


def ablated(rows: pd.DataFrame) -> str:
    """Returns the scores of each variant of HPME: variants down, datasets across."""
    table = leaderboard.summarise(rows, ["variant", "dataset"])
    datasets = list(dict.fromkeys(rows["dataset"]))
    lines = [["variant", *datasets]]
    for variant in dict.fromkeys(rows["variant"]):
        cells = [[cell(table, (variant, name), measure) for measure in ABLATED] for name in datasets]
        lines.append([variant, *(", ".join(values) for values in cells)])
    return markdown(lines)


def validation() -> str:
    """Returns what each explainer was held to: its published or official figures, or nothing."""
    lines = [["explainer", "after", "held to"]]
    for name, spec in EXPLAINERS.items():
        lines.append([f"`{name}`", spec.source, spec.validation or "–"])
    return markdown(lines)


def commands(rows: pd.DataFrame) -> str:
    """Returns the commands that wrote each results file, so every figure above, with its newest date."""
    parts = []
    for file, date, lines in rows[["file", "date", "commands"]].drop_duplicates().itertuples(index=False):
        parts += [f"`{file}.json`, {date[:10]}:", "\n".join(f"    {line}" for line in lines)]
    return "\n\n".join(parts)


def blocks(rows: pd.DataFrame, verdicts: Verdicts) -> dict[str, str]:
    """Returns the generated parts of `docs/results.md`, by the mark that each stands at."""
    return {
        "standing": standing_tables.opening(rows, verdicts),
        "results": tables(rows, verdicts),
        "validation": validation(),
        "commands": commands(rows),
    }


def main(paths: Sequence[str]) -> None:
    """Prints the tables of some results files; without any, writes those of the shipped ones."""
    rows = leaderboard.read_rows(map(Path, paths) if paths else SHIPPED)
    verdicts = standing.judged_by_all(rows)
    if paths:
        print("\n\n".join(blocks(rows, verdicts).values()))  # noqa: T201
        return
    for mark, text in blocks(rows, verdicts).items():
        put_between(ROOT / "docs" / "results.md", mark, text)
    put_between(ROOT / "README.md", "summary", standing_tables.front(rows, verdicts))


if __name__ == "__main__":
    main(sys.argv[1:])
