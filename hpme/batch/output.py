"""The output of a job, read as it is looked at: whatever its size, little of it is in memory at a time."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any, Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.dataset as dataset
import torch
from pyarrow import fs

from hpme import checks
from hpme.batch.columns import SCHEMA, read_made_by
from hpme.batch.sources import opened
from hpme.batch.summary import SUMMARY
from hpme.io.text import quote
from hpme.seeding import generator

VARIABLE = "HPME_BATCH"  # environment: the folder that the explorer was started with
Sort = Literal[
    "input", "shuffled", "prediction", "probability", "kept_share", "capacity_bits", "holds_on_mixes"
]


@dataclass(frozen=True)
class RowFilter:
    """Which rows are looked at: by default all."""

    predictions: tuple[str, ...] = ()  # any of these
    flags: tuple[str, ...] = ()  # at least one of these
    shares: tuple[float, float] = (0.0, 1.0)  # from, to
    text: str = ""  # somewhere in the id or the SMILES, as it is written there
    kept: str | None = None  # SMARTS of all that is kept
    errors: bool | None = None  # whether the row has one

    def condition(self) -> compute.Expression | None:
        """Returns what a row must fulfil; None if they all pass."""
        field, found = compute.field, list[compute.Expression]()
        if self.predictions:
            found.append(field("prediction").isin(self.predictions))
        if self.flags:
            every = compute.binary_join(field("flags"), "\n")
            found.append(reduce(lambda one, other: one | other, (_holds(every, flag) for flag in self.flags)))
        if self.shares != (0.0, 1.0):
            low, high = (pa.scalar(share, pa.float32()) for share in self.shares)  # as the column has them
            found.append((field("kept_share") >= low) & (field("kept_share") <= high))
        if self.text:
            smiles = compute.coalesce(field("smiles"), "")
            found.append(_holds(field("id"), self.text) | _holds(smiles, self.text))
        if self.kept is not None:
            found.append(field("kept_smarts") == self.kept)
        if self.errors is not None:
            found.append(field("error").is_valid() if self.errors else field("error").is_null())
        return reduce(and_, found) if found else None

    @property
    def columns(self) -> list[str]:
        """What has to be read to know which rows pass."""
        known = {
            "prediction": self.predictions,
            "flags": self.flags,
            "kept_share": self.shares != (0.0, 1.0),
            "id": self.text,
            "smiles": self.text,
            "kept_smarts": self.kept is not None,
            "error": self.errors is not None,
        }
        return [name for name, asked in known.items() if asked]


def _holds(text: compute.Expression, part: str) -> compute.Expression:
    return compute.match_substring(text, part)


ALL_ROWS = RowFilter()


@dataclass(frozen=True)
class FoundRows:
    """Some of the rows that pass a filter."""

    count: int  # of all that pass
    rows: list[dict[str, Any]]  # by column of `SCHEMA`


@dataclass(frozen=True)
class KeptCount:
    """Rows of which the same is kept."""

    smarts: str  # of what is kept
    count: int
    predictions: dict[str, int]  # rows by predicted class, the most frequent first; empty for numbers
    place: int  # of the first such row


@dataclass(frozen=True)
class KeptCounts:
    """What is kept of the rows that pass a filter, the most frequent first."""

    rows: int  # with SMARTS of what is kept
    different: int  # parts, at least
    most: list[KeptCount]
    whole: bool  # whether all were counted to the end; else rare ones have too few rows or are missing

    @property
    def left_out(self) -> int:
        """How many parts are not among the most frequent."""
        return self.different - len(self.most)


class BatchOutput:
    """The files that a job has written so far.

    Args:
        folder: Where `hpme.batch.run_batch` writes them, on this machine or at an address.

    Raises:
        ValueError: If there are none.
    """

    KEPT, LISTED = 200_000, 1_000  # different kept parts that are counted at one time, and returned

    def __init__(self, folder: str) -> None:
        self.folder = folder
        try:
            system, path = opened(folder)
            names = _written(system, path)
            self.finished = names is not None
            inside = system.get_file_info(fs.FileSelector(path, allow_not_found=True))
            names = names or sorted(one.base_name for one in inside if one.extension == "parquet")
            files = [f"{path}/{name}" for name in names]
            found = (
                dataset.dataset(files, filesystem=system, format="parquet").get_fragments() if files else ()
            )
            parts = [(part, read_made_by(part.physical_schema.metadata)) for part in found]
        except (OSError, pa.ArrowException) as error:
            raise ValueError(
                f"Expected a folder of Parquet files (got {quote(folder, 300)}: {error}); check the path"
            ) from error
        written = {one.path: one.mtime_ns or 0 for one in inside}
        ours = [(part, made_by) for part, made_by in parts if made_by]
        if not ours:
            what = "other ones" if parts else "none"
            raise ValueError(
                f"Expected Parquet files of 'hpme batch' in {quote(folder, 300)} (got {what}); check the "
                "path, or wait for the first file of a job that has begun"
            )
        self.made_by = max(ours, key=lambda one: written[one[0].path])[1]
        self.changed = max(written.values())  # when something was last written
        self._parts = [part for part, made_by in ours if made_by == self.made_by]  # none of another model
        self._starts = np.cumsum([0, *(part.count_rows() for part in self._parts)])

    @property
    def rows(self) -> int:
        """How many there are."""
        return int(self._starts[-1])

    @property
    def files(self) -> int:
        """How many files they are in."""
        return len(self._parts)

    @property
    def orders(self) -> list[Sort]:
        """What rows can be sorted by: not by what they do not have."""
        without = {"prediction" if self.made_by.classes else "probability"}
        without |= set() if self.made_by.mixes else {"holds_on_mixes"}
        return [name for name in get_args(Sort) if name not in without]

    def find(
        self,
        wanted: RowFilter = ALL_ROWS,
        by: Sort = "input",
        *,
        descending: bool = False,
        start: int = 0,
        count: int = 24,
        columns: Sequence[str] = SCHEMA.names,
    ) -> FoundRows:
        """Returns rows that pass a filter, in an order: what is missing comes last, ties as in the input.

        Args:
            wanted: The filter.
            by: What they are sorted by; "shuffled" is the same order at every call.
            descending: Whether the largest come first.
            start: How many to pass over.
            count: How many to return at most.
            columns: What to read of these.

        Raises:
            KeyError: If the output has no such order.
        """
        checks.known(by, self.orders, "order")
        total, places = self._best(wanted, by, descending, start + count)
        return FoundRows(total, self.rows_at(places[start:], columns))

    def rows_at(
        self, places: Sequence[int] | np.ndarray, columns: Sequence[str] = SCHEMA.names
    ) -> list[dict[str, Any]]:
        """Returns rows by their places in the whole output, from 0."""
        chosen = np.asarray(places, int)
        parts = np.searchsorted(self._starts, chosen, "right") - 1
        rows: dict[int, dict[str, Any]] = {}
        for part in np.unique(parts).tolist():
            here = chosen[parts == part]
            table = self._parts[part].to_table(columns=[*columns]).take(here - self._starts[part])
            rows |= zip(here.tolist(), table.to_pylist(), strict=True)
        return [rows[place] for place in chosen.tolist()]

    def part_at(self, place: int) -> tuple[dataset.ParquetFileFragment, int]:
        """Returns the file that has a row, and its place there, by its place in the whole output."""
        part = int(np.searchsorted(self._starts, place, "right")) - 1
        return self._parts[part], place - int(self._starts[part])

    def count_kept(self, wanted: RowFilter = ALL_ROWS) -> KeptCounts:
        """Counts what is kept of the rows that pass a filter, all of them, by its SMARTS."""
        group = ["kept_smarts", *(["prediction"] if self.made_by.classes else [])]
        counts: dict[str, dict[str, int]] = {}
        places: dict[str, int] = {}
        rows, whole = 0, True
        for table in self._scan(wanted, group):
            known = table.filter(compute.field("kept_smarts").is_valid())
            rows += len(known)
            found = known.group_by(group).aggregate([("place", "count"), ("place", "min")])
            for one in found.to_pylist():
                own = counts.setdefault(one["kept_smarts"], {})
                said = one.get("prediction", "")
                own[said] = own.get(said, 0) + one["place_count"]
                places.setdefault(one["kept_smarts"], one["place_min"])
            if len(counts) > self.KEPT:
                whole = False
                counts = dict(_most(counts, self.KEPT // 2))
                places = {name: places[name] for name in counts}
        most = [self._kept(name, own, places[name]) for name, own in _most(counts, self.LISTED)]
        return KeptCounts(rows, len(counts), most, whole)

    def _kept(self, name: str, by_class: dict[str, int], place: int) -> KeptCount:
        said = dict(sorted(by_class.items(), key=lambda pair: -pair[1])) if self.made_by.classes else {}
        return KeptCount(name, sum(by_class.values()), said, place)

    def _best(self, wanted: RowFilter, by: Sort, descending: bool, most: int) -> tuple[int, np.ndarray]:
        """How many rows pass, and the places of the first ones in an order."""
        if by == "input" and wanted == ALL_ROWS:
            return self.rows, np.arange(min(most, self.rows))
        total, places, keys = 0, np.empty(0, int), np.empty(0)
        for table in self._scan(
            wanted, [] if by in ("input", "shuffled") else [by], shuffled=by == "shuffled"
        ):
            total += len(table)
            here = table["place"].to_numpy()
            places = np.append(places, here)
            keys = np.append(keys, here if by == "input" else _numbers(table[by], descending))
            first = np.lexsort((places, keys))[:most]
            places, keys = places[first], keys[first]
        return total, places

    def _scan(self, wanted: RowFilter, columns: Sequence[str], shuffled: bool = False) -> Iterator[pa.Table]:
        """Yields columns of the rows that pass, some at a time, with their places, and random numbers."""
        condition = wanted.condition()
        needed = [*dict.fromkeys([*columns, *wanted.columns])] or ["kept_share"]
        for part, start in zip(self._parts, self._starts.tolist(), strict=False):
            for batch in part.to_batches(columns=needed):
                places = np.arange(start, start + len(batch))
                table = pa.Table.from_batches([batch]).append_column("place", pa.array(places))
                if shuffled:
                    drawn = torch.rand(len(batch), generator=generator(0, start), dtype=torch.float64)
                    table = table.append_column("shuffled", pa.array(drawn.numpy()))
                yield table if condition is None else table.filter(condition)
                start += len(batch)


def _written(system: fs.FileSystem, path: str) -> list[str] | None:
    """Names of the files that a job has written; None if it is not at its end."""
    try:
        with system.open_input_stream(f"{path}/{SUMMARY}") as stream:
            return list(json.loads(stream.read())["parts"])
    except FileNotFoundError:
        return None
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"Expected a {SUMMARY} that 'hpme batch' wrote in {quote(path, 300)} (got another one); check "
            "the path"
        ) from error


def _numbers(values: pa.ChunkedArray, descending: bool) -> np.ndarray:
    """Values as numbers that sort as is asked for, what is missing last."""
    numbers = values.cast(pa.float64()).to_numpy()
    return -numbers if descending else numbers


def _most(counts: dict[str, dict[str, int]], number: int) -> list[tuple[str, dict[str, int]]]:
    """The most frequent ones, those of equal counts by name."""
    return sorted(counts.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))[:number]
