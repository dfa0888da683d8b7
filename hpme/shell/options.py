"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from hpme.classifiers import CLASSIFIERS
from hpme.method.capacity import Size

DatasetName = Annotated[
    str | None, typer.Argument(metavar="DATASET", help="Name (see 'hpme datasets') or path of a dataset.")
]
DataFile = Annotated[
    Path | None,
    typer.Option(
        "--data", help="Your own file instead of a name: .npz, .csv of SMILES, .jsonl or zipped TU dataset."
    ),
]
Label = Annotated[
    str | None, typer.Option(help="Column or field of your file that holds the label; default: guessed.")
]
DEFAULT = "default: gine where edges have features, gcn for nodes, else gin"
MODELS = f"Model: {', '.join(CLASSIFIERS)}"
Model = Annotated[str | None, typer.Option(help=f"{MODELS}; {DEFAULT}.")]
Target = Annotated[
    int | None, typer.Option(min=0, help="Class to explain, predicted or not; default: the predicted class.")
]
AnyModel = Annotated[
    str | None, typer.Option(help=f"{MODELS}, or your own as package.module:factory; {DEFAULT}.")
]
Seed = Annotated[int, typer.Option(min=0, help="Seed of all random draws.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
SizeName = Annotated[
    Size | None,
    typer.Option(
        help="The core: the smallest part that holds in mixed graphs; or all that counts: what is left out "
        "moves the output least. Default: HPME's choice between them."
    ),
]
