"""Holds signed contributions to the known ones: what each atom adds to Crippen's logP.

python -m benchmarks.contributions [--models gin,gine,gcn-norm] [--graphs 300] [--json]

A row per model, on held-out molecules. `atoms` is the mean over molecules of the correlation of leave-one-out
with RDKit's values of the atoms, Pearson's and Spearman's; `pieces` is Pearson's for rings, groups and chains
with the sum of their atoms' values, mean over molecules and over all pieces at once; `together` is the mean
size of what no piece adds alone, beside `spread`, the standard deviation of the predictions.
"""

from collections.abc import Sequence
from typing import Annotated, Any

import torch
import typer
from rdkit import Chem
from torch import Tensor
from torch_geometric.data import Data

from hpme import checks
from hpme.analysis.breakdown import Breakdown, break_down
from hpme.classifiers import CLASSIFIERS, load_classifier, score
from hpme.datasets import load_built_in
from hpme.datasets.crippen_logp import contributions
from hpme.metrics.agreement import rank_correlation
from hpme.metrics.evaluate import mean
from hpme.shell.terminal import bar, print_table

DATASET = "crippen-logp"


def known(graph: Data) -> Tensor:
    """Returns RDKit's value of each atom and its hydrogens ``[N]``."""
    return torch.from_numpy(contributions(Chem.MolFromSmiles(graph.smiles)))


def pearson(one: Tensor, other: Tensor) -> float | None:
    """Returns Pearson's correlation; None where there are fewer than three values, or all are equal."""
    both = torch.stack([one.double(), other.double()])
    if len(one) < 3 or float(both.std(1).min()) < 1e-6:
        return None
    return float(both.corrcoef()[0, 1])


def of_pieces(parts: Breakdown, atoms: Tensor) -> tuple[Tensor, Tensor]:
    """Returns what the pieces add, and the sums of the atoms' known values, both ``[P]``."""
    truth = [float(atoms[list(piece.nodes)].sum()) for piece in parts.pieces]
    return torch.tensor(parts.added), torch.tensor(truth)


def correlations(found: Sequence[Breakdown], truth: Sequence[Tensor]) -> dict[str, float | None]:
    """Returns how breakdowns of graphs agree with the known values of their atoms ``[N]``."""
    pieces = [of_pieces(parts, atoms) for parts, atoms in zip(found, truth, strict=True)]
    pooled = pearson(*(torch.cat(values) for values in zip(*pieces, strict=True)))
    ours = [parts.contribution for parts in found]
    return {
        "atoms, Pearson": mean(map(pearson, ours, truth)),
        "atoms, Spearman": mean(map(rank_correlation, ours, truth)),
        "pieces, Pearson": mean(pearson(*pair) for pair in pieces),
        "pieces, all at once": pooled,
        "together": mean(abs(parts.together) for parts in found),
    }


def main(
    models: str = "gin,gine,gcn-norm",
    graphs: int = 300,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")] = False,
) -> None:
    """Prints one row per model."""
    data, rows = load_built_in(DATASET), list[dict[str, Any]]()
    asked, names = data.test[:graphs], models.split(",")
    with bar("Leaving out") as step:
        for name in names:
            checks.known(name, CLASSIFIERS, "model")
            model = load_classifier(DATASET, name)
            found = break_down(model, asked)
            spread = float(torch.tensor([parts.answer for parts in found]).std())
            facts = {"model": name, "graphs": len(asked), "R²": score(model, data.test)}
            rows.append(facts | correlations(found, [*map(known, asked)]) | {"spread": spread})
            step(len(rows), len(names))
    print_table(rows, as_json=as_json)


if __name__ == "__main__":
    typer.run(main)
