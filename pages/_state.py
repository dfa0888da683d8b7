"""What pages share: the only cached functions. Cached resources are read-only, for all sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st
import torch
from torch import nn
from torch_geometric.data import Data

from hpme import figures
from hpme.classifiers import available_classifiers, classifier_card, load_classifier
from hpme.datasets import DATASETS, Dataset, load_dataset
from hpme.explainers.hpme import HPME
from hpme.explainers.store import available_explainers
from hpme.metrics import has_ground_truth
from hpme.metrics.forward import logits

torch.set_num_threads(1)  # sessions share the cores, and one graph is too small for two


@dataclass(frozen=True)
class Pick:
    """What the user picked."""

    dataset: str
    model: str
    seed: int  # of the explainer
    checkpoint: int | None  # on its capacity path; None: its own choice
    graph: int
    donor: int | None  # None: the `draw`-th one drawn
    draw: int


@st.cache_resource(max_entries=4, show_spinner=False)
def dataset(name: str) -> Dataset:
    """A dataset in its fixed splits."""
    return load_dataset(name)


@st.cache_resource(max_entries=4, show_spinner=False)
def graphs(name: str) -> list[Data]:
    """All graphs of a dataset; a graph's place is its id."""
    return dataset(name).graphs


@st.cache_resource(max_entries=8, show_spinner=False)
def classifier(name: str, arch: str) -> nn.Module:
    """A shipped classifier, frozen."""
    return load_classifier(name, arch)


@st.cache_data(max_entries=8, show_spinner=False)
def card(name: str, arch: str) -> dict[str, Any]:
    """Facts of a shipped classifier."""
    return classifier_card(name, arch)


@st.cache_resource(max_entries=16, show_spinner=False)
def explainer(name: str, arch: str, seed: int) -> HPME:
    """A shipped explainer."""
    return HPME.load(name, arch, seed=seed)


@st.cache_data(max_entries=8, show_spinner=False)
def held_out(name: str, arch: str) -> dict[int, tuple[int, int]]:
    """Label and prediction of each held-out graph, by graph id, in order."""
    test = sorted(dataset(name).test, key=lambda graph: graph.graph_id)
    said = logits(classifier(name, arch), test).argmax(-1).tolist()
    return {graph.graph_id: (int(graph.y), answer) for graph, answer in zip(test, said, strict=True)}


@st.cache_resource(max_entries=200, show_spinner=False)
def story(pick: Pick) -> figures.Story:
    """The picked graph explained and mixed."""
    name, arch, seed = pick.dataset, pick.model, pick.seed
    graph, pool = graphs(name)[pick.graph], dataset(name).test
    donor = drawn_donor(pool, graph, pick.draw, seed) if pick.donor is None else graphs(name)[pick.donor]
    return figures.tell(
        classifier(name, arch),
        partial(explainer(name, arch, seed).explain_batch, checkpoint=pick.checkpoint),
        graph,
        donor,
        pool,
        classes=DATASETS[name].classes,
        labels=DATASETS[name].node_labels,
        seed=seed,
    )


@st.cache_data(max_entries=200, show_spinner=False)
def trio(pick: Pick, hide: bool, structure: bool) -> dict[str, Any]:
    """The panels of the picked graph."""
    return figures.trio_data(story(pick), show_dropped=not hide, structure=structure)


def drawn_donor(pool: Sequence[Data], graph: Data, draw: int, seed: int) -> Data:
    """The `draw`-th of a graph's donors; after the last one the first comes again."""
    order = figures.draw_donors(pool, graph, len(pool), seed)
    return order[draw % len(order)]


def first_graph(name: str, arch: str) -> int:
    """The first held-out graph that is predicted right and has a ground truth, else the first one."""
    answers = held_out(name, arch)
    right = (graph for graph, (label, said) in answers.items() if label == said)
    return next((graph for graph in right if has_ground_truth(graphs(name)[graph])), next(iter(answers)))


def models(name: str) -> list[str]:
    """Architectures of the shipped classifiers of a dataset that have a shipped explainer."""
    return [arch for arch in available_classifiers(name) if available_explainers(name, arch)]
