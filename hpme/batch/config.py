"""Settings of a batch job."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, get_args

from hpme import checks
from hpme.own_data import is_file

Format = Literal["smiles", "graphs"]
Engine = Literal["local", "ray"]
ROLES = ("smiles", "id")  # what columns of a table can be


@dataclass(frozen=True)
class BatchConfig:
    """What is explained, by which model and explainer, and how much of it at once.

    Raises:
        KeyError: If a role or a format is unknown.
        ValueError: If there is no input, a number is out of range, or the local engine has an address.
    """

    inputs: tuple[str, ...]  # files or folders, local or at an address that Arrow opens
    output: str  # folder
    dataset: str  # what the model was trained on: a name, or a user's file
    model: str  # shipped, trained by the user, or package.module:factory
    explainer: Path | None = None  # a saved HPME; None: the one that is fitted to the model
    seed: int = 0  # of that one
    format: Format | None = None  # None: by the names of the files
    columns: Mapping[str, str] = field(default_factory=dict)  # columns of a table by what they are
    engine: Engine | None = None  # None: Ray where there is an address
    address: str | None = None  # of a Ray cluster; None: this machine
    workers: int | None = None  # None: one a core; of a cluster, all but one in 32
    gpus: int = 0  # that the workers share
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
        if self.engine is not None:
            checks.known(self.engine, get_args(Engine), "engine")
        if self.engine == "local" and self.address is not None:
            raise ValueError(
                f"Expected no address for the engine 'local' (got {self.address!r}); leave one of them out"
            )
        if self.workers is not None:
            checks.in_range("workers", self.workers, 1, 10_000)
        checks.in_range("gpus", self.gpus, 0, 1_000)
        checks.in_range("part_rows", self.part_rows, 1, 10_000_000)
        checks.in_range("mixes", self.mixes, 0, 1_000)

    @property
    def on_ray(self) -> bool:
        """Tells whether Ray deals out the parts."""
        return self.engine == "ray" or self.address is not None

    def absolute(self) -> "BatchConfig":
        """Returns the same settings with paths that mean the same in every working folder."""
        inputs = tuple(one if "://" in one else str(Path(one).absolute()) for one in self.inputs)
        output = self.output if "://" in self.output else str(Path(self.output).absolute())
        dataset = str(Path(self.dataset).absolute()) if is_file(self.dataset) else self.dataset
        explainer = self.explainer and self.explainer.absolute()
        return replace(self, inputs=inputs, output=output, dataset=dataset, explainer=explainer)
