"""Prints a results file as the Markdown table of the README.

    python benchmarks/results_table.py assets/results/held-out.json
"""

import json
import sys
from collections import defaultdict
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


def table(results: dict[str, Any]) -> str:
    """Mean ± standard deviation over seeds, one line a dataset, classifier and explainer.

    Args:
        results: What ``hpme bench --json`` wrote.

    Returns:
        A Markdown table.
    """
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in results["rows"]:
        groups[row["dataset"], row["model"], row["explainer"]].append(row)
    lines = [["dataset", "model", "explainer", *COLUMNS.values()], ["---"] * (3 + len(COLUMNS))]
    lines += [[*names, *(_cell(rows, key) for key in COLUMNS)] for names, rows in groups.items()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(rows: list[dict[str, Any]], key: str) -> str:
    values = [row[key] for row in rows]
    digits = DIGITS.get(key, 3)
    spread = f" ± {stdev(values):.{digits}f}" if len(values) > 1 else ""
    return f"{mean(values):.{digits}f}{spread}"


if __name__ == "__main__":
    print(table(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))  # noqa: T201
