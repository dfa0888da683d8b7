"""The shell: ``hpme datasets | train | fit | explain | bench | check-model | app``."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from itertools import product
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from torch import nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import benchmark, figures
from hpme.analysis.model_check import check_model
from hpme.analysis.story import DRAWS, Subject, build_story, donors_of, scale_of
from hpme.classifiers import is_reference, save_classifier, train_classifier, user_classifier_path
from hpme.datasets import DATASETS, EMBEDDED, Dataset
from hpme.explainers import EXPLAINERS, REFERENCE, HPMEConfig
from hpme.explainers.base import ExplainBatch
from hpme.explainers.hpme import HPME
from hpme.explainers.hpme.store import available_explainers
from hpme.explainers.sizes import at_size, matched
from hpme.explainers.stream import write_lines
from hpme.home import EXPLORER, VARIABLE, user_folder
from hpme.io import write_graph
from hpme.own_data import load_dataset
from hpme.shell import fitted, inputs
from hpme.shell.terminal import Shell, bar, print_table, writer

COLUMNS = (
    *("dataset", "model", "explainer", "seed", "edge_auc", "node_iou", "kept_share", "kept_on_mix"),
    *("kept_on_subgraph", "robust_fid_plus", "robust_fid_minus", "fit_seconds", "explain_ms"),
)
CORES = os.cpu_count() or 1

app = typer.Typer(cls=Shell, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

DatasetName = Annotated[
    str | None, typer.Argument(metavar="DATASET", help="A name, see 'hpme datasets', or a path.")
]
DataFile = Annotated[
    Path | None,
    typer.Option(
        "--data", help="Your own .npz, .csv of SMILES, .jsonl or zipped TU file, in place of a name."
    ),
]
Label = Annotated[
    str | None, typer.Option(help="Column, or field, of the label in your own file; default: guessed.")
]
Model = Annotated[str, typer.Option(help="Classifier: gin or gcn.")]
AnyModel = Annotated[str, typer.Option(help="Classifier: gin, gcn, or your own as package.module:factory.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of every draw.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Format = Literal["json", "html", "svg", "graphml"]


@app.command()
def datasets(as_json: AsJson = False) -> None:
    """List the datasets: sizes, ground truth, licence."""
    keys = (
        *("name", "title", "num_graphs", "num_features", "classes", "quantity", "ground_truth", "download"),
        "licence",
        *(("task", "description", "source") if as_json else ()),
    )
    print_table([{key: getattr(spec, key) for key in keys} for spec in DATASETS.values()], as_json)


@app.command()
def train(
    dataset: DatasetName = None,
    data: DataFile = None,
    label: Label = None,
    model: Model = "gin",
    epochs: Annotated[int | None, typer.Option(min=1, help="Passes over the training graphs.")] = None,
    weights: Annotated[
        Path | None,
        typer.Option(
            help="Safetensors of a trained model, taken as they are; their own kind counts, not --model."
        ),
    ] = None,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Train a model, or take its weights; report its held-out accuracy or R², save it."""
    if weights and epochs:
        raise ValueError("Expected --epochs or --weights (got both); leave one out")
    loaded = inputs.open_dataset(dataset, data, label)
    if loaded.spec.name not in DATASETS:
        typer.echo(loaded.spec.description, err=True)
    if weights is None:
        with bar(f"Training {model} on {loaded.spec.name}") as step:
            classifier, card = train_classifier(loaded, model, epochs, seed, progress=step)
    else:
        classifier, card = inputs.open_weights(weights, loaded)
    path = user_classifier_path(loaded.spec.name, card["arch"])
    save_classifier(classifier, card, path)
    facts = card | {"saved": str(path)}
    print_table(facts, as_json)


@app.command()
def fit(
    dataset: DatasetName = None,
    data: DataFile = None,
    label: Label = None,
    model: AnyModel = "gin",
    explainer: Annotated[str, typer.Option(help="An explainer that is fitted once and saved.")] = REFERENCE,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Fit an explainer to a classifier, save it."""
    loaded = inputs.open_dataset(dataset, data, label)
    classifier = inputs.open_model(loaded.spec.name, model)
    if not inputs.find_explainer(explainer).reference:
        raise ValueError(
            f"Expected an explainer that is kept after fitting: hpme (got {explainer!r}); "
            "'hpme explain' fits the others when it needs them"
        )
    built = HPME(classifier, HPMEConfig(seed=seed))
    path = fitted.fit_and_save(built, loaded, model)
    chosen = built.path[built.chosen]
    facts = {
        **{"dataset": loaded.spec.name, "model": model, "explainer": explainer, "seed": seed},
        **{"kept_share": chosen.share, "capacity_bits": chosen.bits, "kept_on_mix": chosen.kept},
        "saved": str(path),
    }
    print_table(facts, as_json)


@app.command()
def explain(
    dataset: DatasetName = None,
    data: DataFile = None,
    label: Label = None,
    graph: Annotated[
        int | None, typer.Option(min=0, help="Id of one graph; without it, all are explained.")
    ] = None,
    input_file: Annotated[
        Path | None, typer.Option("--input", help="Your own graphs, in place of the dataset's.")
    ] = None,
    model: AnyModel = "gin",
    explainer: Annotated[str, typer.Option(help=f"One of {', '.join(EXPLAINERS)}.")] = REFERENCE,
    seed: Seed = 0,
    checkpoint: Annotated[
        int | None, typer.Option(min=0, help="Place on HPME's capacity path; default: its own choice.")
    ] = None,
    nodes: Annotated[
        int | None, typer.Option(min=0, help="Keep so many of the best nodes; default: its own choice.")
    ] = None,
    donor: Annotated[
        int | None, typer.Option(min=0, help="Id of the mixed graph's donor; default: drawn.")
    ] = None,
    kind: Annotated[
        Format, typer.Option("--format", help="JSON lines for any number of graphs; the others draw one.")
    ] = "json",
    output: Annotated[Path | None, typer.Option(help="File to write; default: standard output.")] = None,
) -> None:
    """Explain one graph or all, from a dataset or a file: JSON, HTML, SVG or GraphML."""
    loaded = inputs.open_dataset(dataset, data, label)
    graphs = inputs.pick_graphs(loaded, input_file, graph)
    classifier = inputs.open_model(loaded.spec.name, model)
    entry = inputs.find_explainer(explainer)
    if entry.reference:
        saved = HPME.load(loaded.spec.name, model, seed=seed)
        explain_batch: ExplainBatch = partial(saved.explain_batch, checkpoint=checkpoint)
    else:
        with Console(stderr=True).status(f"Fitting {explainer} to {model} on {loaded.spec.name}"):
            explain_batch = entry.build(classifier, seed).fit(loaded.train).explain_batch
        if kind in ("html", "svg") and seed in available_explainers(loaded.spec.name, model):
            # Drawn as the explorer draws it, at HPME's size.
            saved = HPME.load(loaded.spec.name, model, seed=seed)
            explain_batch = matched(partial(saved.explain_batch, checkpoint=checkpoint), explain_batch)
    if nodes is not None:
        explain_batch = _resized(explain_batch, graphs, nodes)
    if kind == "json":
        with writer(output) as out, bar(f"Explaining with {explainer}") as step:
            write_lines(explain_batch, graphs, out, progress=lambda count: step(count, len(graphs)))
        return
    if len(graphs) > 1:
        raise ValueError(
            f"Expected one graph for {kind} (got {len(graphs)}); pick one with --graph, or use --format json"
        )
    document = _document(kind, loaded, classifier, explain_batch, graphs[0], donor, seed)
    with writer(output) as out:
        out.write(document)


@app.command()
def bench(
    dataset: Annotated[
        str | None, typer.Option(help="Names, separated by commas; default: all without a download.")
    ] = None,
    data: Annotated[
        list[Path] | None, typer.Option(help="Your own file; its classifier is trained first.")
    ] = None,
    label: Label = None,
    model: Annotated[
        str, typer.Option(help="Classifiers, separated by commas; your own as package.module:factory.")
    ] = "gin",
    explainer: Annotated[
        str, typer.Option(help="Explainers, separated by commas; ground-truth is the ceiling.")
    ] = ",".join((*EXPLAINERS, benchmark.GROUND_TRUTH.name)),
    seeds: Annotated[int, typer.Option(min=1, help="Number of explainer seeds: 0, 1, ...")] = 1,
    graphs: Annotated[int, typer.Option(min=1, help="At most so many are scored.")] = 200,
    split: Annotated[
        benchmark.Split, typer.Option(help="Score graphs held out from the fit, or among those fitted on.")
    ] = "held-out",
    jobs: Annotated[int, typer.Option(min=1, help="Number of processes; default: one a core.")] = CORES,
    json_file: Annotated[
        str | None,
        typer.Option(
            "--json", metavar="OUT", help="A file, resumed if it is there; or - for standard output."
        ),
    ] = None,
) -> None:
    """Compare explainers on held-out graphs; what OUT holds already is not done again."""
    names = dataset.split(",") if dataset else [] if data else list(EMBEDDED)
    config = benchmark.BenchConfig(
        datasets=(*names, *(str(path) for path in data or ())),
        models=tuple(model.split(",")),
        explainers=tuple(explainer.split(",")),
        seeds=seeds,
        graphs=graphs,
        split=split,
        label=label,
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
    if json_file != "-":
        print_table([{key: row[key] for key in COLUMNS} for row in results["rows"]], as_json=False)


@app.command(name="check-model")
def check(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Your own, as package.module:factory.")],
    dataset: Annotated[str | None, typer.Option(help="A name, see 'hpme datasets', or a path.")] = None,
    data: DataFile = None,
    label: Label = None,
    as_json: AsJson = False,
) -> None:
    """Say what a model lacks to be explained; exit code 2 if it lacks something."""
    loaded = inputs.open_dataset(dataset, data, label)
    inputs.look_here()
    findings = check_model(model, loaded)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            typer.echo(f"{'ok   ' if finding.passed else 'LACKS'}  {finding.check}: {finding.told}")
    if not all(finding.passed for finding in findings):
        raise typer.Exit(2)


@app.command(name="app")
def open_app(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = 8501,
    model: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DATASET=package.module:factory",
            help="Your own model of a dataset; HPME is fitted to it first. May be given several times.",
        ),
    ] = None,
) -> None:
    """Open the explorer in the browser."""
    for entry in model or ():
        fitted.add_model(*entry.partition("=")[::2])
    if model:  # what is looked for here is found from there, too
        places = [str(Path.cwd()), os.environ.get("PYTHONPATH", "")]
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, places))
    os.environ[VARIABLE] = str(user_folder())  # should it be named by a relative path
    os.chdir(EXPLORER)  # where Streamlit looks for .streamlit/config.toml
    os.execv(
        sys.executable, [sys.executable, *("-m", "streamlit", "run", "app.py", "--server.port", str(port))]
    )


def _resized(explain_batch: ExplainBatch, graphs: Sequence[Data], nodes: int) -> ExplainBatch:
    """The explainer that keeps so many nodes of the `graphs`; of others, such as donors, its own number."""
    ours = {id(graph) for graph in graphs}

    def explain(batch: Sequence[Data]) -> list[Explanation]:
        pairs = zip(batch, explain_batch(batch), strict=True)
        return [at_size(out, nodes) if id(graph) in ours else out for graph, out in pairs]

    return explain


def _document(
    kind: Format,
    dataset: Dataset,
    classifier: nn.Module,
    explain_batch: ExplainBatch,
    graph: Data,
    donor: int | None,
    seed: int,
) -> str:
    """One explained graph as HTML, SVG or GraphML; the donor as in the explorer, where none is given."""
    if kind == "graphml":
        return write_graph(graph, explain_batch([graph])[0], kind).decode()
    donors = donors_of(dataset.test, graph, DRAWS, seed)
    if donor is None:
        other = donors[0]
    else:
        (other,) = inputs.pick_graphs(dataset, None, donor)
    scale = scale_of(classifier, dataset.test, dataset.spec.quantity)
    spec = dataset.spec
    subject = Subject(classifier, graph, other, donors, spec.classes, spec.node_labels, scale, seed)
    story = build_story(subject, explain_batch)
    return figures.page_html(story) if kind == "html" else figures.graph_svg(figures.panels(story.scene))
