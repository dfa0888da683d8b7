"""Settings of a batch job."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from hpme import checks

Format = Literal["smiles", "graphs"]
ROLES = ("smiles", "id")  # what columns of a table can be


@dataclass(frozen=True)
class BatchConfig:
    """What is explained, by which model and explainer, and how much of it at once.

    Raises:
        KeyError: If a role or a format is unknown.
        ValueError: If there is no input, or a number is out of range.
    """

    inputs: tuple[str, ...]  # files or folders, local or at an address that Arrow opens
    output: str  # folder
    dataset: str  # what the model was trained on: a name, or a user's file
    model: str  # shipped, trained by the user, or package.module:factory
    explainer: Path | None = None  # a saved HPME; None: the one that is fitted to the model
    seed: int = 0  # of that one
    format: Format | None = None  # None: by the names of the files
    columns: Mapping[str, str] = field(default_factory=dict)  # columns of a table by what they are
    workers: int = os.cpu_count() or 1
    gpus: int = 0
    part_rows: int = 50_000  # of one file of the output
    mixes: int = 0  # donors in whose mixed graphs each subgraph is tried

    def __post_init__(self) -> None:
        """Refuses unknown names and numbers out of range."""
        if not self.inputs:
            raise ValueError("Expected at least one file to explain (got none); name files or folders")
        if self.format is not None:
            checks.known(self.format, get_args(Format), "format")
        for role in self.columns:
            checks.known(role, ROLES, "role of a column")
        checks.in_range("workers", self.workers, 1, 10_000)
        checks.in_range("gpus", self.gpus, 0, 1_000)
        checks.in_range("part_rows", self.part_rows, 1, 10_000_000)
        checks.in_range("mixes", self.mixes, 0, 1_000)
