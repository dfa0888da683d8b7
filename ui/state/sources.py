"""What there is to explain: datasets, classifiers and fitted explainers, shipped or the session's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import streamlit as st
import torch
from torch import nn
from torch_geometric.data import Data

from hpme import figures
from hpme.classifiers import available_classifiers, classifier_card, load_classifier
from hpme.datasets import DATASETS, Dataset, DatasetSpec, load_built_in
from hpme.explainers import REFERENCE
from hpme.explainers.hpme import HPME
from hpme.explainers.hpme.store import available_explainers
from hpme.metrics import has_ground_truth
from hpme.metrics.forward import logits, same, tolerance
from ui import session


@dataclass(frozen=True)
class Pick:
    """What the user picked."""

    dataset: str
    model: str
    seed: int  # of the explainer
    checkpoint: int | None  # on its capacity path; None: its own choice
    graph: int  # its id
    donor: int | None  # None: the `draw`-th one drawn
    draw: int
    k: int | None = None  # keep so many of the best nodes; None: HPME's own number
    explainer: str = REFERENCE


def names() -> list[str]:
    """Names of all datasets: the built-in ones, then the session's own."""
    return [*DATASETS, *session.datasets()]


def spec(name: str) -> DatasetSpec:
    """Facts of a dataset."""
    own = session.datasets().get(name)
    return own.dataset.spec if own else DATASETS[name]


@st.cache_resource(max_entries=4, show_spinner=False)
def dataset(name: str) -> Dataset:
    """A dataset in its fixed splits."""
    own = session.datasets().get(name)
    return own.dataset if own else load_built_in(name)


@st.cache_resource(max_entries=4, show_spinner=False)
def graphs(name: str) -> list[Data]:
    """All graphs of a dataset; a graph's place is its id."""
    return dataset(name).graphs


def graph_of(name: str, number: int) -> Data:
    """A graph by its id: one of the dataset, or the session's own for its models."""
    own = session.graphs(name).get(number)
    return own.graph if own else graphs(name)[number]


def called(pick: Pick) -> str:
    """What to call the picked graph, as Markdown."""
    own = session.graphs(pick.dataset).get(pick.graph)
    return f"`{own.title}`" if own else f"graph {pick.graph}"


@st.cache_resource(max_entries=8, show_spinner=False)
def classifier(name: str, arch: str) -> nn.Module:
    """A classifier, frozen."""
    own = session.datasets().get(name)
    return own.classifiers[arch][0] if own else load_classifier(name, arch)


@st.cache_data(max_entries=8, show_spinner=False)
def card(name: str, arch: str) -> dict[str, Any]:
    """Facts of a classifier."""
    own = session.datasets().get(name)
    return own.classifiers[arch][1] if own else classifier_card(dataset(name), arch)


@st.cache_resource(max_entries=16, show_spinner=False)
def explainer(name: str, arch: str, seed: int) -> HPME:
    """A fitted explainer."""
    own = session.datasets().get(name)
    return own.explainers[arch, seed] if own else HPME.load(name, arch, seed=seed)


def models(name: str) -> list[str]:
    """Architectures of the classifiers of a dataset that have a fitted explainer."""
    own = session.datasets().get(name)
    archs = list(own.classifiers) if own else available_classifiers(name)
    return [arch for arch in archs if seeds(name, arch)]


def seeds(name: str, arch: str) -> list[int]:
    """Seeds of the fitted explainers of a classifier, in order."""
    own = session.datasets().get(name)
    if own:
        return sorted(seed for model, seed in own.explainers if model == arch)
    return available_explainers(name, arch)


@st.cache_data(max_entries=8, show_spinner=False)
def held_out(name: str, arch: str) -> dict[int, tuple[int, int]]:
    """Group and prediction of each held-out graph, by graph id, in order.

    Groups are those of `groups`, and of a regression the prediction is the label's group where it is near
    the label, else -1.
    """
    test = sorted(dataset(name).test, key=lambda graph: graph.graph_id)
    pairs = zip(*grouped(name, arch, test), strict=True)
    return {graph.graph_id: pair for graph, pair in zip(test, pairs, strict=True)}


def grouped(name: str, arch: str, some: list[Data]) -> tuple[list[int], list[int]]:
    """Group and prediction of each of some graphs; see `held_out`."""
    outputs, labels = logits(classifier(name, arch), some), torch.stack([graph.y for graph in some])
    group, said = labels.squeeze(1), outputs.argmax(-1)
    if spec(name).regression:
        group = torch.bucketize(group, group.quantile(torch.tensor([1 / 3, 2 / 3])))
        said = torch.where(same(outputs, labels, tolerance(outputs)), group, -1)
    return group.tolist(), said.tolist()


def groups(name: str) -> tuple[str, ...]:
    """What the graphs of a dataset are sorted into: its classes, or thirds by the number to predict."""
    return spec(name).classes or ("lowest third", "middle third", "highest third")


@st.cache_data(max_entries=8, show_spinner=False)
def scale(name: str, arch: str) -> figures.Scale | None:
    """How to read the numbers of a regression; None for a classifier."""
    return figures.scale_of(classifier(name, arch), dataset(name).test, spec(name).quantity)


def first_graph(name: str, arch: str) -> int:
    """The first held-out graph that is predicted right and has a ground truth.

    Where none has, that of which HPME keeps a part: many a class says that something is not there.
    """
    answers, everything = held_out(name, arch), graphs(name)
    right = [graph for graph, (label, said) in answers.items() if label == said]
    known = (graph for graph in right if has_ground_truth(everything[graph]))
    return next(chain(known, _kept_in_part(name, arch, right[:100]), answers))


def _kept_in_part(name: str, arch: str, some: list[int]) -> Iterator[int]:
    """Those of some graphs of which HPME keeps a part; it is not asked before the first is."""
    found = explainer(name, arch, seeds(name, arch)[0]).explain_batch([graphs(name)[graph] for graph in some])
    for graph, one in zip(some, found, strict=True):
        if 0 < one.node_mask.mean() < 1:
            yield graph
