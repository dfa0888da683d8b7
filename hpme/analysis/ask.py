"""One molecule before every shipped model of molecules; for many see `hpme.analysis.ask_list`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from torch import nn
from torch_geometric.data import Data

from hpme.analysis.nearby import NearestGraphs, Surroundings, nearest_graphs, surroundings
from hpme.analysis.pasted import read_pasted
from hpme.analysis.story import DRAWS, Subject, build_story, candidate_donors, scale_of
from hpme.classifiers import load_classifier
from hpme.datasets import DATASETS, Dataset, DatasetSpec, load_built_in
from hpme.explainers.hpme import HPME
from hpme.figures import Flag, Scale, Story
from hpme.own_data.fit_input import fit_to_input

# The sets of molecules that are shipped, the smallest first, as its model is ready first.
ASKED = tuple(
    spec.name
    for spec in sorted(DATASETS.values(), key=lambda spec: spec.num_graphs)
    if spec.molecular and not spec.download
)


@dataclass(frozen=True)
class Expert:
    """A shipped model of molecules, ready to be asked, with its explainer."""

    dataset: Dataset
    model: nn.Module
    explainer: HPME
    scale: Scale | None = None  # of a regression

    @property
    def spec(self) -> DatasetSpec:
        """Facts of what it was trained on."""
        return self.dataset.spec


@dataclass(frozen=True)
class MoleculeAnswer:
    """What a model says of a molecule, why, and how far that is to be trusted."""

    spec: DatasetSpec  # of what the model was trained on
    graph: Data  # as the model reads it
    story: Story
    near: NearestGraphs | None = None  # None: not asked for
    note: str = ""  # what of the text was left aside, as of a salt

    @property
    def prediction(self) -> str:
        """The predicted class, or the number with its name."""
        named = self.story.answers.prediction(0)
        return f"{self.spec.quantity} {named}" if self.story.answers.scale else named

    @property
    def probability(self) -> float | None:
        """Probability of the predicted class; None in a regression."""
        answers = self.story.answers
        return None if answers.scale else float(answers.probabilities[0].max())

    @property
    def kept(self) -> list[int]:
        """The kept atoms, from 0."""
        return self.story.scene.keep.nonzero().view(-1).tolist()

    @property
    def truth(self) -> str:
        """What the dataset's rule says of the molecule; nothing where there is no rule."""
        return true_words(self.graph, self.spec)

    @property
    def flags(self) -> list[Flag]:
        """What to know before believing the answer: those of the Explain page, and the distance."""
        return [*about_distance(self.near), *self.story.flags]

    @property
    def row(self) -> dict[str, Any]:
        """The answer as plain values, for tables and JSON."""
        return {
            "dataset": self.spec.name,
            "prediction": self.prediction,
            "probability": None if self.probability is None else round(self.probability, 4),
            "kept": self.story.kept_names,
            "kept_smarts": self.story.kept_smarts,
            "truth": self.truth,
            "percentile": None if self.near is None else round(self.near.percentile, 4),
            "nearest": [] if self.near is None else [graph.smiles for graph in self.near.graphs],
            "flags": ", ".join(flag.title for flag in self.flags),
            "note": self.note,
        }


def true_words(graph: Data, spec: DatasetSpec) -> str:
    """Returns what a dataset's rule says of a fitted molecule; nothing where there is no rule."""
    if "y" not in graph or spec.rule is None:
        return ""
    return f"{spec.quantity} {float(graph.y):.2f}" if spec.regression else spec.classes[int(graph.y)]


def about_distance(near: NearestGraphs | None) -> list[Flag]:
    """Returns the warning that a molecule is unlike all of the training, if that was asked for and is so."""
    return [Flag("Unlike the training", near.words)] if near and near.far else []


@cache
def load_expert(name: str) -> Expert:
    """Returns the default model of one of `ASKED` with its explainer; the first time reads the whole set."""
    dataset = load_built_in(name)
    arch = dataset.spec.default_model
    model = load_classifier(name, arch)
    scale = scale_of(model, dataset.test, dataset.spec.quantity)
    return Expert(dataset, model, HPME.load(name, arch), scale)


@cache
def known_surroundings(name: str) -> Surroundings:
    """Returns the training molecules of one of `ASKED` as its default model sees them, kept."""
    return surroundings(load_expert(name).model, load_expert(name).dataset)


def ask_molecule(
    text: str, names: Sequence[str] = ASKED, *, with_neighbours: bool = True
) -> Iterator[MoleculeAnswer]:
    """Yields what every model says of one molecule, each as soon as it is known.

    Args:
        text: SMILES, with a name or without, or one of the known names; of a salt the largest piece counts.
        names: Which of `ASKED` to ask.
        with_neighbours: Whether to look for the nearest training molecules, which takes a pass over the set.

    Raises:
        ValueError: If there is not exactly one molecule.

    Example:
        >>> answer = next(ask_molecule("aspirin", ["benzene"], with_neighbours=False))
        >>> answer.prediction, answer.story.kept_names, answer.truth
        ('benzene ring', 'benzene ring', 'benzene ring')
    """
    molecules, troubles = read_pasted(text)
    if len(molecules) != 1:
        many = f"Expected one molecule (got {len(molecules)}); ask about each, or use ask_list"
        raise ValueError(troubles[0] if troubles else many)
    graph = molecules[0].graph
    for name in names:
        ready = load_expert(name)
        fitted = fit_to_input(graph, ready.dataset).graph
        near = nearest_graphs(known_surroundings(name), [fitted])[0] if with_neighbours else None
        yield MoleculeAnswer(ready.spec, fitted, tell_story(ready, fitted), near, molecules[0].note)


def tell_story(ready: Expert, graph: Data, seed: int = 0) -> Story:
    """Returns the explanation of a fitted molecule at HPME's choice of size, tried in mixes."""
    donors, spec = candidate_donors(ready.dataset.test, graph, DRAWS, seed), ready.spec
    subject = Subject(
        ready.model, graph, donors[0], donors, spec.classes, spec.node_labels, ready.scale, seed
    )
    return build_story(subject, ready.explainer.explain_batch)
