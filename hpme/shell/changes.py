"""The command that says what would change a model's mind: ``hpme changes DATASET --graph 17``."""

import json
from pathlib import Path
from typing import Annotated

import torch
import typer

from hpme.analysis.changes import change_rows
from hpme.editing.counterfactuals import Counterfactuals, Share, counterfactuals
from hpme.editing.kinds import kinds_of
from hpme.explainers.hpme import HPME
from hpme.explainers.sizes import hard_mask
from hpme.forward.around import GraphsAround
from hpme.forward.ask import graph_logits, tolerance
from hpme.forward.question import ask
from hpme.shell import inputs
from hpme.shell.options import AnyModel, AsJson, DataFile, DatasetName, Label, Seed, SizeName
from hpme.shell.terminal import print_table

SHOWN = 12  # rows of a table; JSON has more


def changes(
    dataset: DatasetName = None,
    data: DataFile = None,
    label: Label = None,
    graph: Annotated[int | None, typer.Option(min=0, help="Id of the graph.")] = None,
    node: Annotated[
        int | None, typer.Option(min=0, help="Number of the node, where nodes are predicted.")
    ] = None,
    input_file: Annotated[
        Path | None, typer.Option("--input", help="File with one graph of your own, instead.")
    ] = None,
    model: AnyModel = None,
    seed: Seed = 0,
    size: SizeName = None,
    as_json: AsJson = False,
) -> None:
    """Try every single change of a graph and pairs of the best: which smallest ones flip the prediction?"""
    loaded, model = inputs.open_for_model(dataset, data, label, model)
    picked = inputs.pick_graphs(loaded, input_file, inputs.picked(loaded, graph, node))
    if len(picked) != 1:
        raise ValueError(f"Expected one graph (got {len(picked)}); pick it with --graph or --node")
    classifier, kinds = inputs.open_model(loaded.spec.name, model), kinds_of(loaded)
    question = ask(classifier)
    near = tolerance(graph_logits(question, question.pack(loaded.test))) if loaded.spec.regression else 0.0
    around = loaded.train if isinstance(loaded.train, GraphsAround) and input_file is None else None
    found = counterfactuals(question, picked[0], kinds, around=around, near=near)
    (own,) = HPME.load(loaded.spec.name, model, seed=seed).explain_batch(picked, size=size)
    kept = {*picked[0].get("node_number", torch.arange(len(own.node_score)))[hard_mask(own)].tolist()}
    share = found.share(kept)
    shown = (*found.short[: SHOWN // 2], *(found.flips or found.nearest))[:SHOWN]
    flips, nearest, listed = (
        change_rows(found, some, loaded.spec, kinds, kept) for some in (found.flips, found.nearest, shown)
    )
    if as_json:
        facts = {"dataset": loaded.spec.name, "model": model, "output": found.output.tolist()}
        effects = [None if effect != effect else effect for effect in found.node_effect.tolist()]
        counts = {"inside": vars(share) | {"expected": share.expected}, "pairs": found.pairs}
        left = {"refused": found.refused, "left_out": found.left_out, "node_effect": effects}
        typer.echo(json.dumps({**facts, **counts, **left, "flips": flips, "nearest": nearest}))
        return
    keys = ("change", "prediction", "probability", "effect", "inside", "smiles")
    rows = [{key: row[key] for key in keys if key in row} for row in listed]
    if rows:
        print_table(rows, as_json=False)
    does = "flip the prediction"
    if found.regression:
        does = f"move the {loaded.spec.quantity} by more than {near:.2f} (half its spread on the test graphs)"
    typer.echo(_words(found, share, does))


def _words(found: Counterfactuals, share: Share, does: str) -> str:
    drawn = f", drawn from {share.tried + found.left_out:,}," * bool(found.left_out)
    tried = f"Of {share.tried:,} single changes{drawn} and {found.pairs} pairs"
    if not found.flips:
        return f"{tried} none would {does}; these come nearest."
    if not share.flips:
        before = "; before them the single changes that come nearest" * bool(found.short)
        return f"{tried} the smallest that {does}; no single change would{before}."
    return (
        f"{tried} the smallest that {does}. Of {share.flips} single ones {share.inside} lie inside what HPME "
        f"keeps; by chance {share.expected:.2f} would."
    )
