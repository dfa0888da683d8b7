"""Writes fitted explainers anew, as `hpme fit` writes them now, and says what that changes.

python -m benchmarks.explainer_files OLD NEW

OLD is a folder of explainers fitted to the shipped classifiers, NEW another one. On all held-out graphs, at
the size that HPME chooses and at every point of the path, the scores of OLD are compared with those of NEW.
The shipped files were made this way from those of commit 5decf91.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

import torch
import typer

from hpme import HPME, load_classifier
from hpme.datasets import load_built_in
from hpme.forward.ask import node_embedding
from hpme.forward.packed import Packed, pack


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


@cache
def held_out(dataset: str) -> Packed:
    """Returns the graphs that nothing was fitted on."""
    return pack(load_built_in(dataset).test)


@torch.no_grad()
def path_scores(explainer: HPME, embedding: torch.Tensor) -> torch.Tensor:
    """Returns scores ``[P, N]`` of nodes at each point of the path; see `HPME.node_scores`."""
    return torch.stack([scorer(embedding).sigmoid() for scorer in explainer.scorers])


def rewrite(old: Path, new: Path, chosen: Change, path: Change) -> None:
    """Writes one explainer anew, and adds up what that changes."""
    place, _, _ = old.stem.rpartition("-hpme-")
    dataset, _, arch = place.rpartition("-")
    before = HPME.load_file(old, load_classifier(dataset, arch))
    before.save(new)
    after, graphs = HPME.load_file(new, before.question), held_out(dataset)
    embedding = node_embedding(before.question, graphs)
    scores, rewritten = path_scores(before, embedding), path_scores(after, embedding)
    chosen.add(scores[before.plateau].mean(0), rewritten[after.plateau].mean(0), graphs)
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
