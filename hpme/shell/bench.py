"""The command ``hpme bench``: explainers compared on the same graphs."""

import json
import os
from itertools import product
from pathlib import Path
from typing import Annotated

import typer

from hpme import benchmark
from hpme.classifiers import is_reference
from hpme.datasets import EMBEDDED
from hpme.explainers import EXPLAINERS
from hpme.own_data import load_dataset
from hpme.shell import inputs
from hpme.shell.options import DEFAULT, Label
from hpme.shell.terminal import bar, print_table

COLUMNS = (
    "dataset", "model", "explainer", "seed", "edge_auc", "node_iou", "kept_share", "robust_fid_plus",
    "robust_fid_minus", "kept_on_subgraph", "kept_on_mix", "fit_seconds", "explain_ms",
)  # fmt: skip
CORES = os.cpu_count() or 1


def bench(
    dataset: Annotated[
        str | None, typer.Option(help="Names, separated by commas; default: all bundled datasets.")
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option(help="Your own file, on which a model is trained first; can be given several times."),
    ] = None,
    label: Label = None,
    model: Annotated[
        str | None,
        typer.Option(help=f"Models, separated by commas; your own as package.module:factory; {DEFAULT}."),
    ] = None,
    explainer: Annotated[
        str, typer.Option(help="Explainers, separated by commas; ground-truth is the ceiling.")
    ] = ",".join((*EXPLAINERS, benchmark.GROUND_TRUTH.name)),
    seeds: Annotated[int, typer.Option(min=1, help="Number of seeds of each explainer: 0, 1, ...")] = 1,
    classifier_seeds: Annotated[
        int,
        typer.Option(min=1, help="Number of models of each kind: the shipped one, and others trained anew."),
    ] = 1,
    graphs: Annotated[int, typer.Option(min=1, help="Score at most this many graphs.")] = 200,
    split: Annotated[
        benchmark.Split,
        typer.Option(help="Score graphs held out from fitting, or (transductive) fit on all graphs."),
    ] = "held-out",
    floor: Annotated[
        bool,
        typer.Option("--floor", help="Fit each explainer to an untrained copy of the model, too: its floor."),
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Number of processes; default: one per core.")] = CORES,
    json_file: Annotated[
        str | None,
        typer.Option(
            "--json", metavar="OUT", help="Results file, resumed if it exists; - for standard output."
        ),
    ] = None,
) -> None:
    """Compare explainers on held-out graphs; runs already in OUT are skipped."""
    names = dataset.split(",") if dataset else [] if data else list(EMBEDDED)
    config = benchmark.BenchConfig(
        datasets=(*names, *(str(path) for path in data or ())),
        models=tuple(model.split(",")) if model else (),
        explainers=tuple(explainer.split(",")),
        seeds=seeds,
        classifier_seeds=classifier_seeds,
        graphs=graphs,
        split=split,
        label=label,
        floor=floor,
    )
    for source, name in product(config.datasets, filter(is_reference, config.models)):
        inputs.open_model(load_dataset(source, label).spec.name, name)
    out = Path(json_file) if json_file not in (None, "-") else None
    if out and not out.parent.is_dir():
        raise ValueError(f"Expected a folder that exists (got {str(out.parent)!r}); create it first")
    with bar("Benchmark") as step:
        results = benchmark.run(config, step, out, jobs)
    if json_file == "-":
        typer.echo(json.dumps(results, indent=1))
    else:
        print_table([{key: row[key] for key in COLUMNS} for row in results["rows"]], as_json=False)
    for row in results["rows"]:
        if row["refused"]:
            typer.echo(f"{row['dataset']} {row['model']} {row['explainer']}: {row['refused']}", err=True)
