"""The shell: ``hpme datasets | train | fit | explain | bench | app``."""

import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from torch import nn
from torch_geometric.data import Data

from hpme import benchmark, checks, figures
from hpme.batch import ExplainBatch, write_lines
from hpme.classifiers import classifier_path, load_classifier, save_classifier, train_classifier
from hpme.datasets import DATASETS, Dataset, load_dataset
from hpme.explainers import EXPLAINERS
from hpme.explainers.base import Explainer
from hpme.explainers.hpme import HPME, explainer_path
from hpme.io import read_graphs, write_graph
from hpme.terminal import Shell, bar, show, writer

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = (
    *("dataset", "model", "explainer", "seed", "edge_auc", "node_iou", "kept_share", "kept_on_mix"),
    *("kept_on_subgraph", "fid_plus", "fid_minus", "fit_seconds", "explain_ms"),
)

app = typer.Typer(cls=Shell, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

DatasetName = Annotated[
    str | None, typer.Argument(metavar="DATASET", help="A name, see 'hpme datasets', or a path.")
]
PackFile = Annotated[
    Path | None, typer.Option("--data", help="Your own packed .npz file, in place of a name.")
]
Model = Annotated[str, typer.Option(help="Classifier: gin or gcn.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of every draw.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Format = Literal["json", "html", "svg", "graphml"]


@app.command()
def datasets(as_json: AsJson = False) -> None:
    """List the datasets: sizes, ground truth, licence."""
    keys = (
        "name",
        "title",
        "task",
        "num_graphs",
        "num_features",
        "classes",
        "ground_truth",
        "licence",
        "source",
    )
    rows = [{key: getattr(spec, key) for key in keys} for spec in DATASETS.values()]
    show(rows, as_json)


@app.command()
def train(
    dataset: DatasetName = None,
    data: PackFile = None,
    model: Model = "gin",
    epochs: Annotated[int | None, typer.Option(min=1, help="Passes over the training graphs.")] = None,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Train a classifier, report its held-out accuracy, save it."""
    loaded = _load(dataset, data)
    with bar(f"Training {model} on {loaded.spec.name}") as step:
        classifier, card = train_classifier(loaded, model, epochs, seed, progress=step)
    path = classifier_path(loaded.spec.name, model)
    save_classifier(classifier, card, path)
    facts = card | {"saved": str(path)}
    show(facts, as_json)


@app.command()
def fit(
    dataset: DatasetName = None,
    data: PackFile = None,
    model: Model = "gin",
    explainer: Annotated[str, typer.Option(help="An explainer that is fitted once and saved.")] = "hpme",
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Fit an explainer to a classifier, save it."""
    loaded = _load(dataset, data)
    fitted = _build(explainer, load_classifier(loaded.spec.name, model), seed)
    if not isinstance(fitted, HPME):
        raise ValueError(
            f"Expected an explainer that is kept after fitting: hpme (got {explainer!r}); "
            "'hpme explain' fits the others when it needs them"
        )
    with bar(f"Fitting {explainer} to {model} on {loaded.spec.name}") as step:
        fitted.fit(loaded.train, progress=step)
    path = explainer_path(loaded.spec.name, model, seed)
    fitted.save(path)
    chosen = fitted.path[fitted.chosen]
    facts = {
        **{"dataset": loaded.spec.name, "model": model, "explainer": explainer, "seed": seed},
        **{"kept_share": chosen.share, "capacity_bits": chosen.bits, "kept_on_mix": chosen.kept},
        "saved": str(path),
    }
    show(facts, as_json)


@app.command()
def explain(
    dataset: DatasetName = None,
    data: PackFile = None,
    graph: Annotated[
        int | None, typer.Option(min=0, help="Id of one graph; without it, all are explained.")
    ] = None,
    input_file: Annotated[
        Path | None, typer.Option("--input", help="Your own graphs, in place of the dataset's.")
    ] = None,
    model: Model = "gin",
    explainer: Annotated[str, typer.Option(help=f"One of {', '.join(EXPLAINERS)}.")] = "hpme",
    seed: Seed = 0,
    checkpoint: Annotated[
        int | None, typer.Option(min=0, help="Place on HPME's capacity path; default: its own choice.")
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
    loaded = _load(dataset, data)
    graphs = _graphs(loaded, input_file, graph)
    classifier = load_classifier(loaded.spec.name, model)
    explain_batch = _explain_batch(explainer, loaded, classifier, model, seed, checkpoint)
    if kind == "json":
        with writer(output) as out, bar(f"Explaining with {explainer}") as step:
            write_lines(explain_batch, graphs, out, progress=lambda count: step(count, len(graphs)))
        return
    if len(graphs) > 1:
        raise ValueError(
            f"Expected one graph for {kind} (got {len(graphs)}); pick one with --graph, or use --format json"
        )
    if kind == "graphml":
        document = write_graph(graphs[0], explain_batch(graphs)[0], kind).decode()
    else:
        story = _story(loaded, classifier, explain_batch, graphs[0], donor, seed)
        document = (
            figures.page_html(story) if kind == "html" else figures.graph_svg(figures.panels(story.scene))
        )
    with writer(output) as out:
        out.write(document)


@app.command()
def bench(
    dataset: Annotated[str | None, typer.Option(help="Names, separated by commas; default: all.")] = None,
    data: Annotated[
        list[Path] | None, typer.Option(help="A packed .npz file; its classifier is trained first.")
    ] = None,
    model: Annotated[str, typer.Option(help="Classifiers, separated by commas.")] = "gin",
    explainer: Annotated[str, typer.Option(help="Explainers, separated by commas.")] = ",".join(EXPLAINERS),
    seeds: Annotated[int, typer.Option(min=1, help="Number of explainer seeds: 0, 1, ...")] = 1,
    graphs: Annotated[int, typer.Option(min=1, help="At most so many held-out graphs.")] = 200,
    json_file: Annotated[
        str | None, typer.Option("--json", metavar="OUT", help="A file, or - for standard output.")
    ] = None,
) -> None:
    """Compare explainers on held-out graphs with a ground truth."""
    names = dataset.split(",") if dataset else [] if data else list(DATASETS)
    config = benchmark.BenchConfig(
        datasets=(*names, *(str(path) for path in data or ())),
        models=tuple(model.split(",")),
        explainers=tuple(explainer.split(",")),
        seeds=seeds,
        graphs=graphs,
    )
    with bar("Benchmark") as step:
        results = benchmark.run(config, lambda done: step(done, config.num_rows))
    if json_file:
        with writer(None if json_file == "-" else Path(json_file)) as out:
            out.write(json.dumps(results, indent=1) + "\n")
    if json_file != "-":
        show([{key: row[key] for key in COLUMNS} for row in results["rows"]], as_json=False)


@app.command(name="app")
def open_app(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = 8501,
) -> None:
    """Open the explorer in the browser."""
    os.chdir(ROOT)  # where Streamlit looks for .streamlit/config.toml
    os.execv(
        sys.executable, [sys.executable, *("-m", "streamlit", "run", "app.py", "--server.port", str(port))]
    )


def _load(name: str | None, path: Path | None) -> Dataset:
    """The one dataset that a command names; a packed file must not pass for a built-in one."""
    if (name is None) == (path is None):
        raise ValueError("Expected one dataset (got none or two); give a name, or --data FILE.npz")
    source = str(path or name)
    loaded = load_dataset(source)
    if source not in DATASETS and loaded.spec.name in DATASETS:
        raise ValueError(
            f"Expected a file name of its own (got {source!r}, a built-in dataset's); rename the file"
        )
    return loaded


def _graphs(dataset: Dataset, path: Path | None, index: int | None) -> list[Data]:
    """The graphs to explain: the dataset's or an input file's, all or one."""
    if path is None:
        graphs = dataset.graphs
    elif path.is_file():
        graphs = read_graphs(path.read_bytes(), path.name)
    else:
        raise ValueError(f"Expected a file (got {str(path)!r}); check the path after --input")
    if index is None:
        return graphs
    checks.in_range("--graph", index, 0, len(graphs) - 1)
    return [graphs[index]]


def _build(name: str, classifier: nn.Module, seed: int) -> Explainer:
    checks.known(name, EXPLAINERS, "explainer")
    return EXPLAINERS[name].build(classifier, seed)


def _explain_batch(
    name: str, dataset: Dataset, classifier: nn.Module, model: str, seed: int, checkpoint: int | None
) -> ExplainBatch:
    """Explains with HPME from the file that 'hpme fit' wrote, or with another explainer fitted now."""
    if name == "hpme":
        saved = HPME.load_file(explainer_path(dataset.spec.name, model, seed), classifier)
        return partial(saved.explain_batch, checkpoint=checkpoint)
    explainer = _build(name, classifier, seed)
    with Console(stderr=True).status(f"Fitting {name} to {model} on {dataset.spec.name}"):
        return explainer.fit(dataset.train).explain_batch


def _story(
    dataset: Dataset,
    classifier: nn.Module,
    explain_batch: ExplainBatch,
    graph: Data,
    donor: int | None,
    seed: int,
) -> figures.Story:
    """What the HTML and SVG show; the donor is the dataset's graph of that id, or drawn by the seed."""
    pool = dataset.graphs
    if donor is None:
        other = figures.draw_donors(pool, graph, 1, seed)[0]
    else:
        checks.in_range("--donor", donor, 0, len(pool) - 1)
        other = pool[donor]
    classes, labels = dataset.spec.classes, dataset.spec.node_labels
    return figures.tell(
        classifier, explain_batch, graph, other, pool, classes=classes, labels=labels, seed=seed
    )
