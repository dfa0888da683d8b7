"""The columns of the output, and what it says of itself."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),  # the input's, else file:row
        pa.field("smiles", pa.string()),  # as given; null of graphs
        pa.field("prediction", pa.string()),  # the predicted class, or the number
        pa.field("probability", pa.float32()),  # of that class; null of a regression
        pa.field("kept_atoms", pa.list_(pa.int32())),  # from 0, in the order of the SMILES, or of the nodes
        pa.field("kept_smiles", pa.string()),  # of these atoms; null where they are no molecule by themselves
        pa.field("kept_smarts", pa.string()),  # of these atoms and the bonds between them; null of graphs
        pa.field("kept_share", pa.float32()),
        pa.field("capacity_bits", pa.float32()),
        pa.field("holds_on_mixes", pa.float32()),  # share of the mixed graphs that keep the prediction
        pa.field("node_score", pa.list_(pa.float32())),
        pa.field("flags", pa.list_(pa.string())),  # what to know before believing it
        pa.field("error", pa.string()),  # null where the row was explained
    ]
)
EMPTY: dict[str, Any] = dict.fromkeys(SCHEMA.names)
EVERYTHING, NOTHING, UNKNOWN, PIECES = (
    "everything kept",
    "nothing kept",
    "elements that the model does not know",
    "several pieces",
)


@dataclass(frozen=True)
class MadeBy:
    """What explained the rows of a file, kept in its metadata."""

    dataset: str  # name of what the model was trained on
    model: str
    seed: int | None  # of the fitted explainer; None: it came from a file
    classes: tuple[str, ...] = ()  # that are predicted; none: numbers are
    mixes: int = 0  # donors for each row
    settings: str = ""  # what else the values depend on: fingerprints of model and explainer


MADE_BY = b"hpme.batch.made_by"  # key of it, as JSON


def table(rows: list[dict[str, Any]], made_by: MadeBy) -> pa.Table:
    """Returns rows as a table of `SCHEMA`; what a row lacks is null."""
    schema = SCHEMA.with_metadata({MADE_BY: json.dumps(asdict(made_by)).encode()})
    return pa.Table.from_pylist([EMPTY | row for row in rows], schema)


def read_made_by(metadata: Mapping[bytes, bytes] | None) -> MadeBy | None:
    """Returns what explained the rows of a file with these metadata; None if it is no output of a job."""
    if metadata is None or MADE_BY not in metadata:
        return None
    found = json.loads(metadata[MADE_BY])
    return MadeBy(**found | {"classes": tuple(found["classes"])})
