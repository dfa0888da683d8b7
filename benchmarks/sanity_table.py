"""Writes the tables of docs/sanity.md from the shipped rows: python -m benchmarks.sanity_table."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from hpme.files import atomic_write
from hpme.home import PACKAGE

Row = Mapping[str, Any]
SHIPPED = PACKAGE / "benchmark" / "sanity.json"
PAGE = PACKAGE.parent / "docs" / "sanity.md"
SHORTCUT = ("auc_shortcut", "auc_truth", "kept_shortcut", "kept_truth", "kept_share")


def lines(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Returns a table; numbers have two digits, and what is not there is a dash."""
    body = [[_text(value) for value in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in [header, ["---"] * len(header), *body])


def _text(value: Any) -> str:
    return "–" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)


def tables(rows: Sequence[Row]) -> dict[str, str]:
    """Returns the tables by the names of their marks."""
    parts = {
        name: [row for row in rows if row["check"] == name] for name in ("shortcut", "labels", "weights")
    }
    planted = [
        [row["dataset"], row["explainer"], *(row[key] for key in SHORTCUT)] for row in parts["shortcut"]
    ]
    learnt = [[row["dataset"], row["explainer"], row["edge_auc"], row["accuracy"]] for row in parts["labels"]]
    return {
        "shortcut": lines(["dataset", "explainer", *SHORTCUT], planted),
        "labels": lines(["dataset", "explainer", "edge AUC", "accuracy of the classifier"], learnt),
        "weights": lines(*_by_depth(parts["weights"])),
    }


def _by_depth(rows: Sequence[Row]) -> tuple[list[str], list[list[Any]]]:
    """A column for each number of stages, which holds the correlation and the edge AUC."""
    depths = sorted({row["depth"] for row in rows})
    pairs = dict.fromkeys((row["dataset"], row["explainer"]) for row in rows)
    cells = {(row["dataset"], row["explainer"], row["depth"]): row for row in rows}

    def cell(place: tuple[str, str], depth: int) -> str:
        row = cells.get((*place, depth))
        return "–" if row is None else f"{_text(row['correlation'])} / {_text(row['edge_auc'])}"

    header = ["dataset", "explainer", *(f"{depth} drawn anew" if depth else "trained" for depth in depths)]
    return header, [[*place, *(cell(place, depth) for depth in depths)] for place in pairs]


def renewed(page: str, rows: Sequence[Row]) -> str:
    """Returns the page with its tables anew, each between ``<!-- name -->`` and ``<!-- /name -->``."""
    for name, table in tables(rows).items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, _, rest = page.partition(start)
        _, _, after = rest.partition(end)
        page = f"{before}{start}\n\n{table}\n\n{end}{after}"
    return page


def main() -> None:
    """Writes the page."""
    rows = json.loads(SHIPPED.read_text(encoding="utf-8"))["rows"]
    page = renewed(PAGE.read_text(encoding="utf-8"), rows)
    with atomic_write(PAGE) as part:
        part.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
