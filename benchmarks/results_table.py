"""Prints results files as the Markdown table of the README.

python -m benchmarks.results_table assets/results/*.json
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from statistics import mean, stdev
from typing import Any

COLUMNS = {
    "edge_auc": "edge AUC ↑",
    "node_iou": "node IoU ↑",
    "kept_on_mix": "kept on mix ↑",
    "kept_on_subgraph": "kept on bare subgraph ↑",
    "cos_subgraph": "cosine, subgraph ↑",
    "cos_mix": "cosine, mix ↑",
    "kept_share": "kept share",
    "fit_seconds": "fit, s ↓",
    "explain_ms": "explain, ms ↓",
}
DIGITS = {"fit_seconds": 1, "explain_ms": 2}


def table(rows: Iterable[dict[str, Any]]) -> str:
    """Mean ± standard deviation over seeds, one line a dataset, classifier and explainer.

    Args:
        rows: Rows that ``hpme bench --json`` wrote.

    Returns:
        A Markdown table.
    """
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["dataset"], row["model"], row["explainer"]].append(row)
    lines = [["dataset", "model", "explainer", "seeds", *COLUMNS.values()], ["---"] * (4 + len(COLUMNS))]
    for names, group in sorted(groups.items(), key=lambda item: item[0][0]):
        lines.append([*names, str(len(group)), *(_cell(group, key) for key in COLUMNS)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(rows: list[dict[str, Any]], key: str) -> str:
    values = [row[key] for row in rows]
    digits = DIGITS.get(key, 3)
    spread = f" ± {stdev(values):.{digits}f}" if len(values) > 1 else ""
    return f"{mean(values):.{digits}f}{spread}"


if __name__ == "__main__":
    files = [json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]]
    print(table(row for file in files for row in file["rows"]))  # noqa: T201
