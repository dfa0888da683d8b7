"""Prints results files as the Markdown tables of the README.

python -m benchmarks.results_table assets/results/*.json
"""

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import mean, stdev
from typing import Any

Row = dict[str, Any]
OURS = "hpme"
CEILING = "ground-truth"
COLUMNS = {
    "edge_auc": "edge AUC ↑",
    "node_iou": "node IoU ↑",
    "kept_on_mix": "kept on mix ↑",
    "robust_fid_plus": "robust Fid+ ↑",
    "robust_fid_minus": "robust Fid− ↓",
    "cos_subgraph": "cosine, subgraph ↑",
    "cos_mix": "cosine, mix ↑",
    "seed_iou": "stability ↑",
    "capacity_bits": "bits ↓",
    "fit_seconds": "fit, s ↓",
    "explain_ms": "explain, ms ↓",
}
DIGITS = {"capacity_bits": 0, "fit_seconds": 1, "explain_ms": 2}


def tables(rows: Iterable[Row]) -> str:
    """The README's tables, each on held-out and on transductive graphs, if there are any.

    Args:
        rows: Rows that ``hpme bench --json`` wrote.

    Returns:
        Markdown.
    """
    rows = list(rows)
    parts = []
    for split, key in (("held-out", "edge_auc"), ("transductive", "edge_auc_pooled")):
        some = [row for row in rows if row["split"] == split]
        if not some:
            continue
        parts.append(
            f"**Edge AUC{', pooled' if key != 'edge_auc' else ''}, {split}**\n\n{by_dataset(some, key)}"
        )
        parts.append(f"**HPME, {split}**\n\n{ours(some)}")
        parts.append(
            f"**Edge AUC of HPME less that of the best other explainer, {split}**\n\n{ahead(some, key)}"
        )
    return "\n\n".join(parts)


def by_dataset(rows: Iterable[Row], key: str) -> str:
    """A metric's mean ± standard deviation over seeds: datasets and classifiers down, explainers across."""
    groups = _group(rows, lambda row: (row["dataset"], row["model"]))
    names = list(dict.fromkeys(row["explainer"] for group in groups.values() for row in group))
    lines = [["dataset", "model", *names]]
    for place, group in groups.items():
        found = _group(group, lambda row: row["explainer"])
        lines.append([*place, *(_cell(found.get(name, []), key) for name in names)])
    return _markdown(lines)


def ours(rows: Iterable[Row]) -> str:
    """HPME's own metrics, with the number of seeds that collapsed: kept all nodes, or none."""
    lines = [["dataset", "model", "seeds", "collapsed", "kept share", *COLUMNS.values()]]
    mine = [row for row in rows if row["explainer"] == OURS]
    for place, group in _group(mine, lambda row: (row["dataset"], row["model"])).items():
        collapsed = sum(row["kept_share"] in (0, 1) for row in group)
        cells = [_cell(group, key) for key in ("kept_share", *COLUMNS)]
        lines.append([*place, str(len(group)), str(collapsed), *cells])
    return _markdown(lines)


def ahead(rows: Iterable[Row], key: str) -> str:
    """HPME's difference, seed by seed, to the other explainer whose mean is best; the ground truth aside."""
    lines = [["dataset", "model", "best other", "difference", "seeds ahead"]]
    for place, group in _group(rows, lambda row: (row["dataset"], row["model"])).items():
        known = _group([row for row in group if row[key] is not None], lambda row: row["explainer"])
        mine = {row["seed"]: row[key] for row in known.pop(OURS, [])}
        known.pop(CEILING, None)
        if not known or not mine:
            continue
        best = max(known, key=lambda name: mean(row[key] for row in known[name]))
        gaps = [mine[row["seed"]] - row[key] for row in known[best] if row["seed"] in mine]
        wins = f"{sum(gap > 0 for gap in gaps)} of {len(gaps)}"
        lines.append([*place, best, _spread(gaps, 3, "+"), wins])
    return _markdown(lines)


def _group(rows: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _cell(rows: Sequence[Row], key: str) -> str:
    return _spread([row[key] for row in rows if row[key] is not None], DIGITS.get(key, 3))


def _spread(values: Sequence[float], digits: int, sign: str = "") -> str:
    if not values:
        return "–"
    spread = f" ± {stdev(values):.{digits}f}" if len(values) > 1 else ""
    return f"{mean(values):{sign}.{digits}f}{spread}"


def _markdown(lines: list[list[str]]) -> str:
    head, *body = lines
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *body])


if __name__ == "__main__":
    files = [json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]]
    print(tables(row for file in files for row in file["rows"]))  # noqa: T201
