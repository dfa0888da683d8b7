"""What a folder of explained rows comes to."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow.compute as compute
import pyarrow.dataset as dataset

from hpme.batch.sources import opened

SUMMARY = "summary.json"  # beside the parts, once all are written
TOP = 20  # pieces that are listed
KEPT = 100_000  # different pieces that are counted at one time
BINS = 10  # of kept shares
READ = ("prediction", "kept_smarts", "kept_share", "flags", "error")


@dataclass(frozen=True)
class BatchSummary:
    """Counts over all rows."""

    rows: int = 0
    errors: dict[str, int] = field(default_factory=dict)  # by kind, the most frequent first
    predictions: dict[str, int] = field(default_factory=dict)  # by class; empty for numbers
    kept_shares: list[int] = field(default_factory=list)  # rows by tenth of the kept share, from 0
    pieces: dict[str, int] = field(default_factory=dict)  # SMARTS of kept parts, the most frequent first
    flags: dict[str, int] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)  # files that were counted


def summarise_parts(folder: str, parts: Sequence[str], classes: bool) -> BatchSummary:
    """Returns the summary of parts, of which little is in memory at a time.

    Args:
        folder: Where `run_batch` wrote them.
        parts: Names of their files.
        classes: Whether predictions are classes.
    """
    system, path = opened(folder)
    files = dataset.dataset([f"{path}/{name}" for name in parts], filesystem=system, format="parquet")
    rows, shares = 0, np.zeros(BINS, int)
    errors, predictions, pieces, flags = Counter(), Counter(), Counter(), Counter()  # type: ignore[var-annotated]
    for batch in files.to_batches(columns=[*READ]):
        rows += len(batch)
        errors.update(map(_kind, batch["error"].drop_null().to_pylist()))
        share = batch["kept_share"].drop_null().to_numpy(zero_copy_only=False)
        shares += np.histogram(share, BINS, (0, 1))[0]
        _count(pieces, batch["kept_smarts"])
        _count(flags, batch["flags"].drop_null().flatten())
        if classes:
            _count(predictions, batch["prediction"])
        if len(pieces) > KEPT:
            pieces = Counter(dict(pieces.most_common(KEPT // 2)))
    return BatchSummary(
        rows,
        dict(errors.most_common()),
        dict(predictions.most_common()),
        shares.tolist(),
        dict(pieces.most_common(TOP)),
        dict(flags.most_common()),
        [*parts],
    )


def _count(counter: Counter[str], values: Any) -> None:
    for entry in compute.value_counts(values.drop_null()).to_pylist():
        counter[entry["values"]] += entry["counts"]


def _kind(error: str) -> str:
    """What kind of an error it is: its sentence without what was got."""
    return error.partition(" (got")[0]
