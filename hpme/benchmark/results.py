"""Results on disk: a JSON file, complete after every row, and beside it the kept nodes of each row."""

import json
import os
import platform
import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import combinations
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from hpme.benchmark.by_graph import packed, unpacked
from hpme.benchmark.config import KEYS, BenchConfig
from hpme.datasets import DATASETS
from hpme.explainers import EXPLAINERS
from hpme.files import atomic_write

Row = dict[str, Any]
NAME = ("dataset", "model", "classifier_seed", "explainer", "seed", "split")  # identifies a row of the table
NEWER = (
    "same_as_model", "centre_kept", "path_iou", "mean_mask", "saturated", "by_graph", "pool",
    "f_fid_plus", "f_fid_minus", "necessity", "edge_auc_by_class", "edge_auc_untrained", "floor", "chosen",
    "kept_on_neutral_mix", "refused",
)  # fmt: skip
EARLIER = {"classifier_seed": 0, **dict.fromkeys(NEWER)}  # what rows that do not say it mean
MADE = ("limit", "classifier", "config")  # rows of one name are the same if these are, too


class Results:
    """The rows so far, with those of a file that exists already.

    Args:
        config: Settings of the comparison.
        path: JSON file to write after every row, or None.
        folder: Folder of the kept nodes of each row, for equal sizes and for the stability over seeds.
        jobs: Number of processes, for the record.

    Raises:
        ValueError: If the file exists and does not hold results.
    """

    def __init__(self, config: BenchConfig, path: Path | None, folder: Path, jobs: int) -> None:
        self.path, self.folder = path, folder
        self.meta = meta(asdict(config), jobs)
        self.rows: dict[tuple, Row] = {}
        if path and path.is_file() and path.stat().st_size:
            self._read(path)

    @property
    def content(self) -> dict[str, Any]:
        """Returns the file's content ``{"meta": ..., "rows": [...]}``; rows are in the registries' order."""
        rows = sorted(self.rows.values(), key=_order)
        hashes = {_model_name(row): row["classifier"] for row in rows}
        return {"meta": self.meta | {"classifiers": hashes}, "rows": rows}

    def has(self, row: Row) -> bool:
        """Returns whether a row of the same name was measured in the same way.

        One without values of single graphs was not, as an earlier version measured less; nor is one without
        the floor where that is wanted.
        """
        known = self.rows.get(_name(row))
        if known is None or known["by_graph"] is None or (row["floor"] and not known["floor"]):
            return False
        return all(known[key] == _plain(row[key]) for key in MADE)

    def drop_others(self, facts: Row) -> None:
        """Drops the rows of a model with these facts that were measured on other weights."""
        self.rows = {
            name: row
            for name, row in self.rows.items()
            if _model_name(row) != _model_name(facts) or row["classifier"] == facts["classifier"]
        }

    def put(self, row: Row, kept: dict[str, Tensor]) -> None:
        """Adds a row and the nodes ``bool [N]`` that it keeps of each graph, and writes the file."""
        self.keep(row, kept)
        self.rows[_name(row)] = dict.fromkeys(KEYS) | {key: _plain(value) for key, value in row.items()}
        self._compare_seeds(row)
        self.write()

    def keep(self, row: Row, kept: dict[str, Tensor]) -> None:
        """Writes the kept nodes of a row; names are ``graph-ID`` where scored, and ``donor-ID``."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with atomic_write(self._kept_path(row)) as part:
            save_file(kept, part)

    def kept(self, row: Row) -> dict[str, Tensor] | None:
        """Returns the kept nodes of a row, or None if they are gone."""
        path = self._kept_path(row)
        return load_file(path) if path.exists() else None

    def write(self) -> None:
        """Writes the file, completely or not at all."""
        if self.path:
            rows = [row | {"by_graph": packed(row["by_graph"])} for row in self.content["rows"]]
            text = json.dumps(self.content | {"rows": rows}, indent=1, allow_nan=False)
            with atomic_write(self.path) as part:
                part.write_text(text + "\n", encoding="utf-8")

    def _read(self, path: Path) -> None:
        try:
            saved = json.loads(path.read_text(encoding="utf-8"))
            rows = [dict.fromkeys(KEYS) | EARLIER | row for row in saved["rows"] if _whole(row)]
            self.rows = {_name(row): row | {"by_graph": unpacked(row["by_graph"])} for row in rows}
            earlier = [*saved["meta"].get("earlier", []), saved["meta"]["command"]]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(
                f"Expected results written by 'hpme bench' at {path} (got: {error!r}); name another file"
            ) from error
        self.meta["earlier"] = [line for line in dict.fromkeys(earlier) if line != self.meta["command"]]

    def _kept_path(self, row: Row) -> Path:
        return self.folder / f"{'-'.join(str(row[key]) for key in NAME)}.safetensors"

    def _compare_seeds(self, row: Row) -> None:
        """Gives each row of a group that differs only in the seed its mean IoU with the others."""
        same = ("dataset", "model", "explainer", "split", "limit", "classifier")
        group = [other for other in self.rows.values() if all(other[key] == row[key] for key in same)]
        masks = [self.kept(other) for other in group]
        known = [mask for mask in masks if mask is not None]
        ious = mean_ious(known) if len(known) == len(group) > 1 else [None] * len(group)
        for other, iou in zip(group, ious, strict=True):
            other["seed_iou"] = iou


def mean_ious(masks: Sequence[dict[str, Tensor]]) -> list[float]:
    """Returns the mean IoU of each set of masks with every other set, over graphs; two empty masks agree."""
    names = [name for name in masks[0] if name.startswith("graph-")]
    total = [0.0] * len(masks)
    for a, b in combinations(range(len(masks)), 2):
        union = torch.stack([(masks[a][name] | masks[b][name]).sum() for name in names])
        common = torch.stack([(masks[a][name] & masks[b][name]).sum() for name in names])
        iou = float(torch.where(union > 0, common / union.clamp(min=1), 1.0).mean())
        total[a] += iou
        total[b] += iou
    return [value / (len(masks) - 1) for value in total]


def _model_name(row: Row) -> str:
    """A model in the record: its dataset and architecture, and the seed of one that was trained anew."""
    seed = row["classifier_seed"]
    return f"{row['dataset']}-{row['model']}" + (f"-{seed}" if seed else "")


def _whole(row: Row) -> bool:
    """Tells whether a row has all keys but those that came later, and no other, such as an ablation's."""
    return set(KEYS) - row.keys() <= EARLIER.keys() and row.keys() <= set(KEYS)


def _name(row: Row) -> tuple:
    return tuple(row[key] for key in NAME)


def _order(row: Row) -> tuple:
    """Returns a key that sorts datasets and explainers as in their registries, unknown ones last."""
    datasets, explainers = list(DATASETS), list(EXPLAINERS)
    return (
        datasets.index(row["dataset"]) if row["dataset"] in datasets else len(datasets),
        row["dataset"],
        row["model"],
        row["classifier_seed"],
        row["split"],
        row["seed"],
        explainers.index(row["explainer"]) if row["explainer"] in explainers else len(explainers),
    )


def _plain(value: Any) -> Any:
    """Returns the value as it comes back from JSON."""
    return json.loads(json.dumps(value))


def _portable(argument: str) -> str:
    """An argument without the folders of this machine."""
    return Path(argument).name if Path(argument).is_absolute() else argument


def meta(config: dict[str, Any], jobs: int, program: str = "hpme") -> dict[str, Any]:
    """Returns what is needed to repeat the comparison: command, settings, versions and machine."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": shlex.join(["python", "-m", program, *map(_portable, sys.argv[1:])]),
        "earlier": [],
        "config": _plain(config | {"datasets": [*map(_portable, config["datasets"])]}),
        "classifiers": {},
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("torch", "torch-geometric", "rdkit", "networkx")},
        },
        "machine": {
            "system": platform.platform(),
            "cores": os.cpu_count(),
            "threads": torch.get_num_threads() if jobs == 1 else 1,
            "jobs": jobs,
        },
    }
