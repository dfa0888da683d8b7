"""Measures what a model loses under masks that know the ground truth, kept, halved or removed.

python -m benchmarks.soft_masks [--datasets a,b] [--model gin] [--json]

An explainer with a soft mask and no replacement looks for weights of edges under which the model predicts as
before. On held-out graphs this weighs the true edges and all others as each column's name says, and gives
the cross-entropy with the model's own prediction, and after it the share of graphs that keep their class.
Where "true 0.5, rest 1" or "true 0, rest 1" loses less than "true 1, rest 0", a mask that fits the model
best is the truth turned round. No explainer is fitted.
"""

from typing import Annotated, Any

import torch
import typer
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from hpme import checks
from hpme.benchmark import held_out
from hpme.classifiers import load_classifier
from hpme.datasets import DATASETS, load_built_in
from hpme.forward.packed import Packed, pack
from hpme.forward.weighted import EdgeWeighted
from hpme.shell.terminal import bar, print_table

MOLECULES = ("benzene", "fluoride-carbonyl", "alkane-carbonyl", "nitro-amine")
MASKS = {  # weight of true edges, and of the rest
    "all 1": (1.0, 1.0),
    "true 1, rest 0": (1.0, 0.0),
    "true 0.5, rest 1": (0.5, 1.0),
    "true 0, rest 1": (0.0, 1.0),
}


def loss(weighted: EdgeWeighted, graphs: Packed, weight: Tensor, predicted: Tensor) -> tuple[float, float]:
    """Returns the cross-entropy with the predicted classes ``[B]``, and the share that is kept."""
    logits = weighted(graphs, weight)
    kept = (logits.argmax(-1) == predicted).float().mean()
    return float(cross_entropy(logits, predicted)), float(kept)


def measured(dataset: str, model: nn.Module) -> dict[str, Any]:
    """Returns one line of the table, each mask's loss and share as text."""
    scored = held_out(load_built_in(dataset), 200)
    graphs, truth = pack(scored), torch.cat([graph.edge_gt for graph in scored]).bool()
    weighted, line = EdgeWeighted(model), {}
    with torch.no_grad():
        predicted = weighted(graphs, torch.ones(len(truth))).argmax(-1)
        for name, (true, rest) in MASKS.items():
            weight = torch.where(truth, true, rest)
            line[name] = "{:.2f} / {:.2f}".format(*loss(weighted, graphs, weight, predicted))
    return {"dataset": dataset, "graphs": len(scored)} | line


def main(
    datasets: Annotated[str, typer.Option(help="Names, separated by commas.")] = ",".join(MOLECULES),
    model: Annotated[str, typer.Option(help="Which of their models.")] = "gin",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Prints what each mask costs, dataset by dataset."""
    names, rows = datasets.split(","), []
    for name in names:
        checks.known(name, DATASETS, "dataset")
    with bar("Soft masks") as step:
        for done, name in enumerate(names, 1):
            rows.append(measured(name, load_classifier(name, model)))
            step(done, len(names))
    print_table(rows, as_json=as_json)


if __name__ == "__main__":
    typer.run(main)
