"""Tables in Markdown, and their places in a page."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from hpme.benchmark import leaderboard


def cell(table: pd.DataFrame, line: tuple, measure: str) -> str:
    """Returns a mean of `leaderboard.summarise` as text, and a dash where there is none."""
    if line not in table.index:
        return "–"
    return leaderboard.text(table.loc[line, (measure, "mean")], table.loc[line, (measure, "std")], measure)


def markdown(lines: Iterable[Sequence[str]]) -> str:
    """Returns a table, whose first line is its head."""
    first, *body = lines
    return "\n".join(f"| {' | '.join(line)} |" for line in [first, ["---"] * len(first), *body])


def put_between(path: Path, mark: str, text: str) -> None:
    """Replaces the text between a file's lines ``<!-- mark -->`` and ``<!-- /mark -->``."""
    before, start, rest = path.read_text(encoding="utf-8").partition(f"<!-- {mark} -->\n")
    _, end, after = rest.partition(f"<!-- /{mark} -->")
    path.write_text(f"{before}{start}\n{text}\n\n{end}{after}", encoding="utf-8")
