"""The input of a row of the output, read again where the job has read it."""

import json
from pathlib import PurePosixPath

from hpme.batch.config import BatchConfig
from hpme.batch.job import JOB
from hpme.batch.output import BatchOutput
from hpme.batch.sources import Part, Row, input_files, opened, parts_in
from hpme.batch.working import DIGEST
from hpme.io.text import quote


def input_of(output: BatchOutput, place: int) -> Row:
    """Returns what a row of the output was explained from.

    Its file is read up to there, and the part that it is in is compared with what was explained.

    Args:
        output: The output.
        place: Of the row in the whole output, from 0.

    Raises:
        ValueError: If the folder does not say what its job has read, or that is not there any more or has
            changed.
    """
    file, row = output.part_at(place)
    name = PurePosixPath(file.path).name
    part = _read_again(_settings(output.folder), name)
    digest = (file.physical_schema.metadata or {}).get(DIGEST)
    if part is None or part.digest(output.made_by.settings).encode() != digest:
        got = "none" if part is None else "other rows"
        raise ValueError(
            f"Expected the input of {quote(name)} as it was explained (got {got}); run the job again, which "
            "explains what has changed"
        )
    return part.rows[row]


def _settings(folder: str) -> BatchConfig:
    """The settings of the job that wrote a folder."""
    system, path = opened(folder)
    try:
        with system.open_input_stream(f"{path}/{JOB}") as stream:
            found = json.loads(stream.read())
        return BatchConfig(**found | {"inputs": tuple(found["inputs"])})
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"Expected a {JOB} that says what was explained in {quote(folder, 300)} (got "
            f"{type(error).__name__}); run the job again, which does nothing twice"
        ) from error


def _read_again(config: BatchConfig, name: str) -> Part | None:
    """The part that becomes the file of a name; None if there is none now."""
    stem = name.rpartition("-")[0]
    parts = (part for file in input_files(config) if file.stem == stem for part in parts_in(file, config))
    return next((part for part in parts if part.name == name), None)
