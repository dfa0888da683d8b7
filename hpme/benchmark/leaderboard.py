"""Tables of the results of many runs: mean and spread over seeds, ranks, the lead of the best."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from math import inf, isnan, nan
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from hpme.benchmark.by_graph import unpacked
from hpme.benchmark.oracle import GROUND_TRUTH
from hpme.datasets import DATASETS
from hpme.explainers import EXPLAINERS
from hpme.home import PACKAGE
from hpme.io.table import harmless
from hpme.metrics import METRICS, Metric

SEEDS = ("classifier_seed", "seed")  # of the model, 0 being the shipped one, and of the explainer
PLACE = ["dataset", "model", "split"]  # explainers in the same place compete
LINE = [*PLACE, "explainer"]
CEILING = GROUND_TRUTH.name  # does not compete
COSTS = {
    metric.name: metric
    for metric in (
        Metric(
            name="fit_seconds",
            title="Fit, s",
            direction="down",
            low=0.0,
            high=inf,
            help="Wall-clock seconds of fitting.",
            source="this project",
        ),
        Metric(
            name="explain_ms",
            title="Explain, ms",
            direction="down",
            low=0.0,
            high=inf,
            help="Milliseconds a graph.",
            source="this project",
        ),
        Metric(
            name="total_seconds",
            title="Fit + explain, s",
            direction="down",
            low=0.0,
            high=inf,
            help="Wall-clock seconds of fitting, and of explaining all graphs that were measured on.",
            source="this project",
        ),
    )
}
MEASURES = COSTS | METRICS
RANKED = [name for name, metric in METRICS.items() if metric.direction != "none"]
ARROWS = {"up": " ↑", "down": " ↓", "none": ""}
SHIPPED = sorted((PACKAGE / "benchmark" / "results").glob("*.json"))  # what the docs and the explorer show
ORDERS = ("edge_auc", "edge_auc_pooled", "edge_ap")  # of the edges, which a saturated mask does not give
SATURATED = 0.5  # of the graphs; a mask with more is one that keeps everything, or nothing
SATURATED_NOTE = (
    "no figure: in more than half of the graphs the mask spans less than 0.05 from its least edge to its "
    "most, so it keeps everything, or nothing, and has no order to be scored; nor is there one where it was "
    "not recorded, in rows of fitted masks from before"
)
UNRECORDED = "not recorded"  # whether a fitted mask is saturated
NUMBERS = ("edge_auc_untrained",)
# Of a row, beside its measures; None in rows from before they were recorded.
FACTS = ("classifier", "limit", "pool", *NUMBERS, "edge_auc_by_class", "by_graph")
DIGITS = {"fit_seconds": 1, "explain_ms": 2, "total_seconds": 1, "capacity_bits": 1}


class Figure(float):
    """A mean that is sorted as a number and shown with its spread."""

    text: str

    def __new__(cls, mean: float, text: str) -> "Figure":
        """Makes a float with its text."""
        figure = super().__new__(cls, mean)
        figure.text = text
        return figure


def read_rows(paths: Iterable[Path]) -> pd.DataFrame:
    """Returns all rows of results files; where several have the same line those of the newest file.

    Seeds of an older file are not added to those of a newer one: much may have changed in between.

    Args:
        paths: Files that ``hpme bench --json`` wrote.

    Returns:
        One row per run: `LINE`, ``variant`` (None except in ablations), `SEEDS`, ``graphs``, ``accuracy``,
        `MEASURES` (NaN where one does not apply; `ORDERS` also of a saturated mask), `FACTS`, ``date``,
        ``file``, ``commands`` (all that wrote the file, the newest last) and ``task``.

    Raises:
        ValueError: If a file does not hold results.
    """
    rows = []
    for path in paths:
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            meta = content["meta"]
            commands = (*meta.get("earlier", ()), meta["command"])
            facts = {"date": meta["date"], "file": path.stem, "commands": commands}
            values = ({"by_graph": unpacked(row.get("by_graph"))} for row in content["rows"])
            rows += [row | own | facts for row, own in zip(content["rows"], values, strict=True)]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"Expected results written by 'hpme bench --json' in {path} (got: {error!r}); run it again"
            ) from error
    about = ("variant", *SEEDS, "graphs", "accuracy", *MEASURES, *FACTS, "date", "file", "commands")
    table = pd.DataFrame(rows, columns=[*dict.fromkeys((*LINE, *about))])
    table = table.astype(dict.fromkeys((*MEASURES, *NUMBERS), float))
    reasons = map(no_order, table["explainer"], table["saturated"])
    table.loc[[bool(reason) for reason in reasons], list(ORDERS)] = nan
    table["classifier_seed"] = table["classifier_seed"].astype(float).fillna(0).astype(int)
    table["total_seconds"] = table["fit_seconds"] + table["explain_ms"] * table["graphs"].astype(float) / 1000
    table["task"] = [DATASETS[name].task if name in DATASETS else "your own" for name in table["dataset"]]
    lines = table.groupby([*LINE, "variant"], dropna=False)
    newest = table[table["date"] == lines["date"].transform("max")]
    return newest.drop_duplicates([*LINE, "variant", *SEEDS], keep="last")


def no_order(explainer: str, share: float) -> str:
    """Returns why the masks of an explainer have no order to be scored; empty where they have one.

    Args:
        explainer: Its name.
        share: Part of the graphs in which its mask is saturated; NaN where that was not recorded.
    """
    if share > SATURATED:
        return "saturated"
    fitted = explainer in EXPLAINERS and EXPLAINERS[explainer].fits_masks
    return UNRECORDED if fitted and isnan(share) else ""


def head(measure: str) -> str:
    """Returns the title of a measure with an arrow towards better values."""
    return MEASURES[measure].title + ARROWS[MEASURES[measure].direction]


def summarise(rows: pd.DataFrame, by: Sequence[str] = tuple(LINE)) -> pd.DataFrame:
    """Returns mean, standard deviation and number of seeds of each measure, and of `NUMBERS`.

    Args:
        rows: Rows of `read_rows`.
        by: Columns that name a line; the other rows of a line are its seeds.

    Returns:
        One line each, in the order of their first rows; columns ``(measure, "mean" | "std" | "count")``.
    """
    groups = rows.groupby([*by], sort=False, dropna=False)
    return groups[[*dict.fromkeys((*MEASURES, *NUMBERS))]].agg(["mean", "std", "count"])


def seeds(table: pd.DataFrame) -> pd.Series:
    """Returns the number of seeds behind each line; few seeds make it less certain than it looks."""
    return table.xs("count", axis=1, level=1)[[*MEASURES]].max(axis=1)


def rank(table: pd.DataFrame, measure: str) -> pd.Series:
    """Returns each line's rank among those of its dataset, model and split; 1 is best, equals share it."""
    means = _competing(table, measure)
    return means.groupby(level=PLACE).rank(method="min", ascending=MEASURES[measure].direction == "down")


def best(table: pd.DataFrame, measures: Sequence[str]) -> pd.DataFrame:
    """Returns which means are the best of their place, except for costs, and only where there is a rival."""
    marks = pd.DataFrame(False, index=table.index, columns=list(measures))
    for name in set(RANKED).intersection(measures):
        rivals = _competing(table, name).groupby(level=PLACE).transform("count")
        marks[name] = (rank(table, name) == 1) & (rivals > 1)
    return marks


def text(mean: float, std: float, measure: str) -> str:
    """Returns a mean as text, with its spread if there is one; what rounds to nothing has no sign."""
    if isnan(mean):
        return "–"
    digits = DIGITS.get(measure, 3)
    return f"{mean:z.{digits}f}" + ("" if isnan(std) else f" ± {std:.{digits}f}")


def figures(
    table: pd.DataFrame,
    measures: Sequence[str],
    notes: Mapping[str, Mapping[tuple, str]] = MappingProxyType({}),
) -> pd.DataFrame:
    """Returns the table as it is shown: a `Figure` in each cell, with a star on the best mean.

    Args:
        table: Lines of `summarise`.
        measures: Which to show.
        notes: By measure and line what stands in the star's place, such as a verdict.
    """
    stars, shown = best(table, measures), {}
    names, shares = table.index.get_level_values("explainer"), table["saturated", "mean"]
    reasons = [no_order(name, share) for name, share in zip(names, shares, strict=True)]
    for name in measures:
        own = notes.get(name, {})
        marks = [own.get(line, "★" * star) for line, star in stars[name].items()]
        why = reasons if name in ORDERS else [""] * len(table)
        cells = zip(table[name, "mean"], table[name, "std"], marks, why, strict=True)
        shown[name] = [
            Figure(mean, f"{text(mean, std, name)} {reason if isnan(mean) else mark}".rstrip())
            for mean, std, mark, reason in cells
        ]
    return pd.DataFrame(shown, index=table.index, dtype=object)


def to_csv(table: pd.DataFrame) -> str:
    """Returns a table of `summarise` as CSV; text that looks like a formula gets an apostrophe."""
    flat = table.reset_index()
    flat.columns = ["_".join(filter(None, name)) for name in flat.columns]
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(flat.columns)
    for line in flat.itertuples(index=False):
        writer.writerow("" if pd.isna(cell) else harmless(cell) for cell in line)
    return out.getvalue()


def _competing(table: pd.DataFrame, measure: str) -> pd.Series:
    """Returns the means of a measure, without that of the ceiling."""
    means = table[measure, "mean"]
    return means.where(means.index.get_level_values("explainer") != CEILING)
