"""Writes fitted explainers anew, as `hpme fit` writes them now, and says what that changes.

python -m benchmarks.explainer_files OLD NEW

OLD is a folder of explainers fitted to the shipped classifiers, NEW another one. The points of each path are
measured anew on the graphs that the fit measured them on, so that a file of before 0.2.0 has named sizes and
the default of now. On up to 200 held-out graphs, at HPME's choice and at every point of the path, the scores
of OLD are compared with those of NEW. The shipped files were made this way from those of commit 00f1f6a.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import torch
import typer
from torch_geometric.data import Data

from hpme import HPME, load_classifier
from hpme.benchmark import draw_graphs
from hpme.datasets import DATASETS, load_built_in
from hpme.explainers.hpme.fitting import last_tenth, learnt_from
from hpme.explainers.hpme.measuring import ask_model, measure_checkpoint
from hpme.explainers.hpme.scorer import scorer_input
from hpme.forward.packed import Packed


@dataclass
class Change:
    """The changes of scores and masks over a number of graphs."""

    score: float = 0.0  # the largest change of any node's
    graphs: int = 0
    masks: int = 0  # that are not the same

    def add(self, before: torch.Tensor, after: torch.Tensor, graphs: Packed) -> None:
        """Adds the scores ``[N]`` of graphs, before and after."""
        self.score = max(self.score, float((after - before).abs().max()))
        self.graphs += graphs.size
        self.masks += len(graphs.batch[(before > 0.5) != (after > 0.5)].unique())

    def __str__(self) -> str:
        return f"{self.masks} of {self.graphs:,} masks change, no score by more than {self.score:.4f}"


@torch.no_grad()
def path_scores(explainer: HPME, embedding: torch.Tensor) -> torch.Tensor:
    """Returns scores ``[P, N]`` of nodes at each point of the path; see `HPME.node_scores`."""
    return torch.stack([scorer(embedding).sigmoid() for scorer in explainer.scorers])


def measure_again(explainer: HPME, train: Sequence[Data]) -> None:
    """Measures the points of a path on the last tenth of the graphs of its fit, and chooses its sizes."""
    question = explainer.question
    _, held = last_tenth(learnt_from(question, train, None, explainer.config.seed))
    graphs = ask_model(question, question.pack(held))
    pairs = zip(explainer.scorers, explainer.path, strict=True)
    explainer.path = [
        measure_checkpoint(question, graphs, scorer, point.price, explainer.config) for scorer, point in pairs
    ]
    explainer.choose_size(graphs.logits.size(1))


def rewrite(old: Path, new: Path, chosen: Change, path: Change) -> None:
    """Writes one explainer anew, and adds up what that changes."""
    place, _, _ = old.stem.rpartition("-hpme-")
    dataset = max((name for name in DATASETS if place.startswith(f"{name}-")), key=len)
    before = HPME.load_file(old, load_classifier(dataset, place.removeprefix(f"{dataset}-")))
    data, plateau = load_built_in(dataset), before.plateau
    measure_again(before, data.train)
    before.save(new)
    after = HPME.load_file(new, before.question)
    graphs = before.question.pack(draw_graphs(data.test, 200))
    embedding = scorer_input(before.question, graphs)
    scores, rewritten = path_scores(before, embedding), path_scores(after, embedding)
    chosen.add(scores[plateau].mean(0), rewritten[after.plateau].mean(0), graphs)
    for pair in zip(scores, rewritten, strict=True):
        path.add(*pair, graphs)


def main(
    old: Annotated[Path, typer.Argument(help="Folder to read.", exists=True, file_okay=False)],
    new: Annotated[Path, typer.Argument(help="Folder to write.", exists=True, file_okay=False)],
) -> None:
    """Writes every explainer of a folder anew into another one, and compares them."""
    files, chosen, path = sorted(old.glob("*.safetensors")), Change(), Change()
    for file in files:
        rewrite(file, new / file.name, chosen, path)
    sizes = [sum((folder / file.name).stat().st_size for file in files) / 1e6 for folder in (old, new)]
    typer.echo(f"{len(files)} files: {sizes[0]:.1f} MB before, {sizes[1]:.1f} MB after")
    typer.echo(f"At the chosen size: {chosen}")
    typer.echo(f"At every point of the path: {path}")


if __name__ == "__main__":
    typer.run(main)
