"""The commands: datasets, train, fit, explain, ask, changes, pieces, bench, batch, check-model and app."""

import json
import os
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hpme import checks
from hpme.analysis.answered import with_answers
from hpme.analysis.model_check import check_model
from hpme.classifiers import (
    save_classifier,
    train_classifier,
    user_classifier_path,
)
from hpme.datasets import DATASETS
from hpme.explainers import EXPLAINERS, REFERENCE, HPMEConfig
from hpme.explainers.base import ExplainBatch, explained
from hpme.explainers.hpme import HPME
from hpme.explainers.hpme.store import available_explainers
from hpme.explainers.sizes import matched
from hpme.explainers.stream import write_lines
from hpme.files import writable_folder
from hpme.home import EXPLORER, VARIABLE, user_folder
from hpme.own_data import as_floats
from hpme.shell import asking, brought, changes, documents, fitted, inputs, pieces
from hpme.shell.batch import batch
from hpme.shell.bench import bench
from hpme.shell.options import (
    AnyModel,
    AsJson,
    DataFile,
    DatasetName,
    Label,
    Model,
    Seed,
    SizeName,
    Target,
)
from hpme.shell.terminal import Shell, bar, print_table, writer
from hpme.shell.yours import list_yours

FACTS = (
    "name", "title", "task", "num_graphs", "num_features", "classes", "quantity", "ground_truth", "download",
    "licence",
)  # fmt: skip
FACTS_IN_JSON = ("description", "source")

app = typer.Typer(
    cls=Shell,
    help="Explain what graph neural networks predict, by the nodes that carry the prediction.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def datasets(as_json: AsJson = False) -> None:
    """List the datasets with their sizes, ground truth and licence."""
    keys = FACTS + FACTS_IN_JSON if as_json else FACTS
    yours = {name: list_yours(name) for name in DATASETS}
    rows = [{key: getattr(spec, key) for key in keys} for spec in DATASETS.values()]
    if as_json or any(yours.values()):
        rows = [row | {"yours": yours[row["name"]]} for row in rows]
    print_table(rows, as_json)


@app.command()
def train(
    dataset: DatasetName = None,
    data: DataFile = None,
    label: Label = None,
    model: Model = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Passes over the training graphs.")] = None,
    weights: Annotated[
        Path | None,
        typer.Option(
            help="Safetensors of a model of hpme.classifiers, taken instead of training; --model is ignored."
        ),
    ] = None,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Train a model, or take given weights; report accuracy or R² on held-out graphs, and save it."""
    if weights and epochs:
        raise ValueError("Expected --epochs or --weights (got both); leave one out")
    loaded = as_floats(inputs.open_dataset(dataset, data, label))
    model = model or loaded.spec.default_model
    if loaded.spec.name not in DATASETS:
        typer.echo(loaded.spec.description, err=True)
    writable_folder(user_classifier_path(loaded.spec.name, model).parent)  # or it says so before the work
    if weights is None:
        with bar(f"Training {model} on {loaded.spec.name}") as step:
            classifier, card = train_classifier(loaded, model, epochs, seed, progress=step)
    else:
        classifier, card = inputs.open_weights(weights, loaded)
    path = user_classifier_path(loaded.spec.name, card["arch"])
    save_classifier(classifier, card, path)
    print_table(card | {"saved": str(path)}, as_json)


@app.command()
def fit(
    dataset: DatasetName = None,
    data: DataFile = None,
    label: Label = None,
    model: AnyModel = None,
    explainer: Annotated[str, typer.Option(help="Explainer to fit; only hpme can be saved.")] = REFERENCE,
    seed: Seed = 0,
    target: Target = None,
    as_json: AsJson = False,
) -> None:
    """Fit an explainer to a model, and save it."""
    loaded, model = inputs.open_for_model(dataset, data, label, model)
    classifier = inputs.open_model(loaded.spec.name, model)
    if not inputs.find_explainer(explainer).reference:
        raise ValueError(
            f"Expected an explainer that can be saved: hpme (got {explainer!r}); "
            "'hpme explain' fits the others each time"
        )
    built = HPME(classifier, HPMEConfig(seed=seed))
    path = fitted.fit_and_save(built, loaded, model, target)
    chosen = built.path[built.chosen]
    check = built.check
    for note in check.notes if check else ():
        typer.echo(note, err=True)
    facts = {
        "dataset": loaded.spec.name,
        "model": model,
        "explainer": explainer,
        "seed": seed,
        "target": target,
        "kept_share": chosen.share,
        "capacity_bits": chosen.bits,
        "kept_on_mix": chosen.kept,
        "same_as_model": check.same_as_model if check else None,
        "saved": str(path),
    }
    print_table(facts, as_json)


@app.command()
def explain(
    dataset: DatasetName = None,
    data: DataFile = None,
    label: Label = None,
    graph: Annotated[
        int | None, typer.Option(min=0, help="Id of the graph to explain; default: all graphs.")
    ] = None,
    node: Annotated[
        int | None,
        typer.Option(min=0, help="Number of the node to explain, where nodes are predicted; default: all."),
    ] = None,
    input_file: Annotated[
        Path | None,
        typer.Option("--input", help="File of your own graphs, to explain instead of the dataset's."),
    ] = None,
    model: AnyModel = None,
    explainer: Annotated[str, typer.Option(help=f"One of {', '.join(EXPLAINERS)}.")] = REFERENCE,
    seed: Seed = 0,
    target: Target = None,
    checkpoint: Annotated[
        int | None,
        typer.Option(min=0, help="Number of a point on HPME's capacity path; default: HPME's choice."),
    ] = None,
    size: SizeName = None,
    nodes: Annotated[
        int | None,
        typer.Option(min=0, help="Keep exactly this many top-ranked nodes; default: the explainer's choice."),
    ] = None,
    donor: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Id of the graph, or number of the node, that gives the rest of the mixed graph; "
            "default: drawn at random.",
        ),
    ] = None,
    kind: Annotated[
        documents.Format,
        typer.Option("--format", help="json writes a line per graph; html, svg and graphml take one graph."),
    ] = "json",
    output: Annotated[Path | None, typer.Option(help="File to write; default: standard output.")] = None,
) -> None:
    """Explain one graph, node or all of them, from a dataset or a file, as JSON, HTML, SVG or GraphML."""
    loaded, model = inputs.open_for_model(dataset, data, label, model)
    graphs = inputs.pick_graphs(loaded, input_file, inputs.picked(loaded, graph, node))
    classifier = inputs.open_model(loaded.spec.name, model)
    entry = inputs.find_explainer(explainer)
    if entry.reference:
        saved = HPME.load(loaded.spec.name, model, seed=seed, target=target)
        explain_batch: ExplainBatch = partial(saved.explain_batch, checkpoint=checkpoint, size=size)
    else:
        with Console(stderr=True).status(f"Fitting {explainer} to {model} on {loaded.spec.name}"):
            fitted_peer = entry.build(classifier, seed).fit(loaded.train)
        explain_batch = partial(explained, fitted_peer, target=target)
        if kind in ("html", "svg") and seed in available_explainers(loaded.spec.name, model):
            # Drawn as the explorer draws it, at HPME's size.
            saved = HPME.load(loaded.spec.name, model, seed=seed, target=target)
            explain_batch = matched(
                partial(saved.explain_batch, checkpoint=checkpoint, size=size), explain_batch
            )
    if nodes is not None:
        explain_batch = documents.resized(explain_batch, graphs, nodes)
    if kind in ("json", "graphml"):
        explain_batch = with_answers(explain_batch, classifier, loaded.spec)
    if kind == "json":
        with writer(output) as out, bar(f"Explaining with {explainer}") as step:
            write_lines(explain_batch, graphs, out, progress=lambda count: step(count, len(graphs)))
        return
    if len(graphs) > 1:
        raise ValueError(
            f"Expected one graph for {kind} (got {len(graphs)}); pick one with --graph or --node, or use "
            "--format json"
        )
    document = documents.write_document(
        kind, loaded, (model, classifier), explain_batch, graphs[0], donor, seed, target
    )
    with writer(output) as out:
        out.write(document)


app.command(name="ask")(asking.ask_models)
app.command()(changes.changes)
app.command()(pieces.pieces)
app.command()(bench)
app.command()(batch)


@app.command(name="check-model")
def check(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Your own model, as package.module:factory.")],
    dataset: Annotated[
        str | None, typer.Option(help="Name (see 'hpme datasets') or path of a dataset.")
    ] = None,
    data: DataFile = None,
    label: Label = None,
    as_json: AsJson = False,
) -> None:
    """Check that a model can be explained, one check per line; exit with code 2 if anything is missing."""
    loaded, _ = inputs.open_to_check(dataset, data, label, model)
    inputs.look_here()
    findings = check_model(model, loaded)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            typer.echo(f"{'ok   ' if finding.passed else 'LACKS'}  {finding.check}: {finding.message}")
    if not all(finding.passed for finding in findings):
        raise typer.Exit(2)


@app.command(name="app")
def open_app(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = 8501,
    data: Annotated[
        list[Path] | None,
        typer.Option(help="Your own file, as a dataset beside the others; can be given several times."),
    ] = None,
    label: Label = None,
    model: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[DATASET=]package.module:factory",
            help="Your own model for a dataset, or for those of --data; can be given several times.",
        ),
    ] = None,
    batch_folder: Annotated[
        str | None,
        typer.Option("--batch", metavar="DIR", help="Output of 'hpme batch', as a page of its own."),
    ] = None,
) -> None:
    """Open the explorer in the browser."""
    checks.installed("the explorer's pages", "plotly", "pyvis", "starlette", "streamlit")
    brought.add(data or [], label, model or [])
    if batch_folder is not None:
        brought.add_batch(batch_folder)
        typer.echo(f"The batch is the page http://localhost:{port}/batch")
    paths = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    places = [str(Path(path).absolute()) for path in paths]
    if model:  # modules that can be imported here can be imported there
        places.insert(0, str(Path.cwd()))
    if places:
        os.environ["PYTHONPATH"] = os.pathsep.join(places)
    os.environ[VARIABLE] = str(user_folder())  # made absolute, as the folder changes here
    os.chdir(EXPLORER)  # where Streamlit looks for .streamlit/config.toml
    command = ["-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    os.execv(sys.executable, [sys.executable, *command])
