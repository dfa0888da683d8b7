"""The command that says what a model looks at overall: ``hpme pieces DATASET``."""

import json
from functools import partial
from typing import Annotated, Any

import typer
from rich.console import Console

from hpme.analysis.gallery import cards
from hpme.analysis.overall import kept_parts
from hpme.analysis.piece_counts import count_pieces, count_rows, extents
from hpme.explainers import EXPLAINERS, REFERENCE
from hpme.explainers.base import ExplainBatch, explained
from hpme.explainers.hpme import HPME
from hpme.explainers.sizes import matched
from hpme.io import csv_bytes
from hpme.shell import inputs
from hpme.shell.options import AnyModel, AsJson, DataFile, DatasetName, Label, Seed, SizeName
from hpme.shell.terminal import bar, print_table

SHOWN = 30  # pieces in a table; JSON and CSV have all


def pieces(
    dataset: DatasetName = None,
    data: DataFile = None,
    label: Label = None,
    model: AnyModel = None,
    explainer: Annotated[
        str, typer.Option(help=f"One of {', '.join(EXPLAINERS)}; all keep as much as HPME does.")
    ] = REFERENCE,
    seed: Seed = 0,
    size: SizeName = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV instead of text.")] = False,
) -> None:
    """Count the pieces that are kept of all held-out graphs: what does the model look at, overall?"""
    if as_json and as_csv:
        raise ValueError("Expected --json or --csv (got both); leave one out")
    loaded, model = inputs.open_for_model(dataset, data, label, model)
    classifier = inputs.open_model(loaded.spec.name, model)
    entry, saved = inputs.find_explainer(explainer), HPME.load(loaded.spec.name, model, seed=seed)
    explain_batch: ExplainBatch = partial(saved.explain_batch, size=size)
    if not entry.reference:
        with Console(stderr=True).status(f"Fitting {explainer} to {model} on {loaded.spec.name}"):
            peer = entry.build(classifier, seed).fit(loaded.train)
        explain_batch = matched(explain_batch, partial(explained, peer, target=None))
    graphs = [*loaded.test]
    with bar("Explaining") as step:
        step(0, len(graphs))
        explanations = explain_batch(graphs)
        step(len(graphs), len(graphs))
    with bar("Trying the kept parts in other graphs") as step:
        measured = cards(classifier, graphs, explanations, seed, step)
    with bar("Telling the pieces apart") as step:
        parts, shapes = kept_parts(classifier, graphs, measured, loaded.spec.node_labels, step)
    rows = count_rows(count_pieces(parts, shapes), loaded.spec.classes)
    kept = {extent: len(some) for extent, some in extents(parts).items()}
    if as_csv:
        typer.echo(csv_bytes(rows).decode(), nl=False)
    elif as_json:
        facts = {"dataset": loaded.spec.name, "model": model, "explainer": explainer, "seed": seed}
        typer.echo(json.dumps({**facts, "graphs": len(graphs), "kept": kept, "pieces": rows}))
    else:
        _print(rows, kept, f"test {loaded.spec.item}s")


def _print(rows: list[dict[str, Any]], kept: dict[str, int], items: str) -> None:
    if rows:
        print_table(rows[:SHOWN], as_json=False)
    left = f" The {SHOWN} commonest of {len(rows)} pieces; --csv has all." if len(rows) > SHOWN else ""
    typer.echo(
        f"Of {sum(kept.values())} {items} a part is kept of {kept['part']}, everything of "
        f"{kept['everything']} and nothing of {kept['nothing']}.{left}"
    )
