"""The command ``hpme batch``: files of any size explained in parts."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

from hpme.classifiers import default_classifier, is_reference
from hpme.shell.inputs import look_here
from hpme.shell.options import AnyModel, AsJson, Seed

if TYPE_CHECKING:
    from hpme.batch.job import BatchProgress


def batch(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Files or folders: .smi, .csv, .tsv or .parquet of SMILES, .jsonl or .npz of graphs; also "
            "packed by gzip, or at an address such as s3://bucket/folder.",
        ),
    ],
    output: Annotated[str, typer.Option(help="Folder of the Parquet files; a job that was stopped goes on.")],
    dataset: Annotated[
        str, typer.Option(help="What the model was trained on: a name (see 'hpme datasets') or a file.")
    ],
    model: AnyModel = None,
    explainer: Annotated[
        Path | None, typer.Option(help="File of a saved HPME; default: the one that is fitted to the model.")
    ] = None,
    seed: Seed = 0,
    columns: Annotated[
        str | None,
        typer.Option(help="Columns of tables, as in smiles=structure,id=name; default: by their names."),
    ] = None,
    kind: Annotated[
        Literal["smiles", "graphs"] | None,
        typer.Option("--format", help="What the files hold; default: by their names."),
    ] = None,
    engine: Annotated[
        Literal["local", "ray"] | None,
        typer.Option(help="Processes of this machine, or Ray; default: Ray where there is an --address."),
    ] = None,
    address: Annotated[
        str | None, typer.Option(help="A Ray cluster, as HOST:6379, or 'auto' for that of this machine.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Number of processes; default: one a core, of a cluster all but one in 32."),
    ] = None,
    gpus: Annotated[int, typer.Option(min=0, help="Number of GPUs that the processes share.")] = 0,
    rows: Annotated[int, typer.Option(min=1, help="Rows of one file of the output.")] = 50_000,
    mixes: Annotated[
        int, typer.Option(min=0, help="Try each subgraph in the mixed graphs of so many donors.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Explain files of any size; rows in, rows out, in Parquet."""
    from hpme.batch import BatchConfig, run_batch  # needs Arrow, which not everybody has

    if model is not None and is_reference(model):
        look_here()
    config = BatchConfig(
        inputs=tuple(inputs),
        output=output,
        dataset=dataset,
        model=model or default_classifier(dataset),
        explainer=explainer,
        seed=seed,
        format=kind,
        columns=_columns(columns),
        engine=engine,
        address=address,
        workers=workers,
        gpus=gpus,
        part_rows=rows,
        mixes=mixes,
    )
    with Console(stderr=True).status("Starting") as status:
        summary = run_batch(config, lambda so_far: status.update(_progress(so_far)))
    if as_json:
        typer.echo(json.dumps(asdict(summary), indent=1, ensure_ascii=False))
        return
    errors = sum(summary.errors.values())
    typer.echo(f"{summary.rows:,} rows in {len(summary.parts):,} files, {errors:,} errors")
    for title, counts in (
        ("Errors", summary.errors),
        ("Predictions", summary.predictions),
        ("Flags", summary.flags),
        ("Kept parts", summary.pieces),
    ):
        if counts:
            told = (f"{name or '(nothing)'} {count:,}" for name, count in counts.items())
            typer.echo(f"{title}: {' · '.join(told)}")


def _columns(text: str | None) -> dict[str, str]:
    """Returns the names of columns by their roles.

    Raises:
        ValueError: If the text is no list of ``role=name``.
    """
    pairs = [pair.partition("=") for pair in text.split(",")] if text else []
    wrong = next(("".join(pair) for pair in pairs if not (pair[0] and pair[2])), None)
    if wrong is not None:
        raise ValueError(f"Expected columns as smiles=NAME,id=NAME (got {wrong!r}); name them so")
    return {role: name for role, _, name in pairs}


def _progress(so_far: "BatchProgress") -> str:
    new = so_far.rows - so_far.skipped
    speed = f", {new / so_far.seconds:,.0f} a second" if new else ""
    found = f", {so_far.skipped:,} of them there already" if so_far.skipped else ""
    return f"{so_far.rows:,} rows{found}{speed}"
