"""Datasets, models and explainers, shipped or the session's own; names are looked up here, once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

import streamlit as st
from torch import nn
from torch_geometric.data import Data

from hpme.analysis.story import candidate_donors, scale_of
from hpme.classifiers import (
    available_classifiers,
    classifier_card,
    is_reference,
    load_classifier,
    load_own,
    own_models,
)
from hpme.datasets import DATASETS, Dataset, DatasetSpec, load_built_in
from hpme.datasets.reach import reaching
from hpme.explainers import EXPLAINERS, REFERENCE, ExplainerSpec
from hpme.explainers.hpme import HPME
from hpme.explainers.hpme.store import available_explainers
from hpme.figures import Scale
from hpme.forward.around import GraphsAround
from hpme.forward.fingerprint import fingerprint
from hpme.home import names_in, user_folder
from hpme.jobs.results import ResultCache
from hpme.method.capacity import Size
from hpme.own_data import load_dataset, own_datasets
from ui import session
from ui.plain import code

MOST_FITS = 64


@dataclass(frozen=True)
class Pick:
    """The user's choices by name and number, as in widgets and addresses."""

    dataset: str
    model: str
    seed: int  # of the explainer
    checkpoint: int | Size | None  # on its capacity path, or a named size; None: its own choice
    graph: int  # its id
    donor: int | None  # None: the `draw`-th one drawn
    draw: int
    k: int | None = None  # how many of the best nodes are kept; None: HPME's own number
    explainer: str = REFERENCE
    target: int | None = None  # the explained class; None: the predicted one

    @property
    def place(self) -> dict[str, Any]:
        """Where on the path HPME explains, as the arguments of its methods."""
        return {"size" if isinstance(self.checkpoint, str) else "checkpoint": self.checkpoint}


@dataclass(frozen=True, eq=False)
class Case:
    """The picked graph with all that explains it; caches know it by its pick, see `KEYS`."""

    pick: Pick
    dataset: Dataset
    model: nn.Module
    fingerprint: str  # of the model's weights
    hpme: HPME  # fitted to the model, with the picked seed
    graph: Data
    title: str  # what to call the graph, as Markdown
    donor: Data  # gives the mixed graph its rest
    donors: Sequence[Data]  # the test graphs in the order in which donors are drawn
    scale: Scale | None  # of a regression

    @property
    def explainer(self) -> ExplainerSpec:
        """The picked explainer."""
        return EXPLAINERS[self.pick.explainer]

    @property
    def around(self) -> GraphsAround | None:
        """The graphs around nodes that the picked one is of; None where there is no whole beside it."""
        graphs = self.dataset.train
        own = self.pick.graph >= session.FIRST_ID
        return graphs if isinstance(graphs, GraphsAround) and not own else None

    def vary(self, **changes: Any) -> "Case":
        """The same under another `explainer`, `checkpoint` or `k` of the pick: nothing is looked up again."""
        return replace(self, pick=replace(self.pick, **changes))


# What caches know objects by: their names, as hashing a dataset would take longer than what is cached. The id
# of a session's own graph is a name in that session alone.
KEYS: dict[str | type[Any], Callable[[Any], Any]] = {
    Case: lambda case: (case.pick, session.mark(case.pick.graph)),
    Dataset: attrgetter("spec.name"),
    Data: lambda graph: (graph.graph_id, session.mark(graph.graph_id)),
}


def resolve(pick: Pick) -> Case:
    """The objects behind what was picked by name."""
    name, arch = pick.dataset, pick.model
    data, graph = dataset(name), graph_of(name, pick.graph)
    own = session.graphs(name).get(pick.graph)
    donors = candidate_donors(data.test, graph, len(data.test), pick.seed)
    return Case(
        pick=pick,
        dataset=data,
        model=classifier(name, arch),
        fingerprint=model_fingerprint(name, arch),
        hpme=explainer(name, arch, pick.seed, pick.target),
        graph=graph,
        title=code(own.title) if own else _title(data.spec.item, graph),
        donor=donors[pick.draw % len(donors)] if pick.donor is None else graphs(name)[pick.donor],
        donors=donors,
        scale=scale(name, arch),
    )


def _title(item: str, graph: Data) -> str:
    """What to call a graph of a dataset, or a node: its number, and the name in the user's file."""
    name = graph.get("name", "")
    return f"{item} {int(graph.graph_id)}" + (f", {code(name)}" if name else "")


def names() -> list[str]:
    """Names of all datasets: the built-in ones, those that the explorer was started with, the session's."""
    return [*DATASETS, *own_datasets(), *session.datasets()]


def usable() -> list[str]:
    """Names of the datasets that have a model with an explainer, which may be yet to be fitted here."""
    references = {name: own_models(name) for name in (*DATASETS, *own_datasets())}
    saved = [sorted(names_in(user_folder() / kind)) for kind in ("classifiers", "explainers")]
    return [*_usable(references, saved), *filter(models, session.datasets())]


@st.cache_data(max_entries=8, show_spinner=False)
def _usable(references: dict[str, list[str]], saved: list[list[str]]) -> list[str]:
    """The same of the datasets that are no session's own, while there are these models and files."""
    return [*filter(models, references)]


def spec(name: str) -> DatasetSpec:
    """Facts of a dataset."""
    return DATASETS[name] if name in DATASETS else dataset(name).spec


def dataset(name: str) -> Dataset:
    """A dataset in its fixed splits."""
    own = session.datasets().get(name)
    return own.dataset if own else brought(name) if name in own_datasets() else built_in(name)


@st.cache_resource(show_spinner=False)
def brought(name: str) -> Dataset:
    """A dataset that the explorer was started with: kept, as every page asks what is in it."""
    return _for_own_models(load_dataset(name))


@st.cache_resource(max_entries=4, show_spinner=False)
def built_in(name: str) -> Dataset:
    """A built-in dataset."""
    return _for_own_models(load_built_in(name))


def _for_own_models(data: Dataset) -> Dataset:
    """A dataset whose graphs around nodes reach as far as the models see that were brought with it."""
    for reference in own_models(data.spec.name) if data.spec.of_nodes else []:
        data = reaching(data, load_own(reference))
    return data


@st.cache_resource(max_entries=8, show_spinner=False)  # Ask goes through five
def graphs(name: str) -> Sequence[Data]:
    """All graphs of a dataset; a graph's place is its id."""
    return dataset(name).graphs


def graph_of(name: str, number: int) -> Data:
    """A graph by its id: one of the dataset, or the session's own for its models."""
    own = session.graphs(name).get(number)
    return own.graph if own else _held(name, number)


@st.cache_resource(max_entries=16, show_spinner=False)
def _held(name: str, number: int) -> Data:
    """A graph of a dataset, held for a while, as one around a node is cut anew for each who asks."""
    return graphs(name)[number]


@st.cache_resource(max_entries=8, show_spinner=False)
def classifier(name: str, arch: str) -> nn.Module:
    """A trained model, frozen."""
    own = session.datasets().get(name)
    return own.classifiers[arch][0] if own else load_classifier(name, arch)


@st.cache_data(max_entries=64, show_spinner=False)
def model_fingerprint(name: str, arch: str) -> str:
    """Returns a key of the weights of a model."""
    return fingerprint(classifier(name, arch))


@st.cache_data(max_entries=8, show_spinner=False)
def card(name: str, arch: str) -> dict[str, Any]:
    """Facts of a model."""
    own = session.datasets().get(name)
    return own.classifiers[arch][1] if own else classifier_card(dataset(name), arch)


@st.cache_resource(max_entries=16, show_spinner=False)
def explainer(name: str, arch: str, seed: int, target: int | None = None) -> HPME:
    """An explainer fitted to what the model predicts, or for one class.

    Raises:
        KeyError: If there is none.
        ValueError: If it was fitted to another state of the model.
    """
    if found := fits().get((name, arch, seed, target)):
        return found
    own = session.datasets().get(name)
    if own and target is None:
        return own.explainers[arch, seed]
    return HPME.load(name, arch, seed=seed, target=target)


@st.cache_resource(show_spinner=False)
def fits() -> ResultCache:
    """What jobs have fitted for pages, by dataset, model, seed and explained class."""
    return ResultCache(MOST_FITS)


def is_fitted(name: str, arch: str, seed: int, target: int | None = None) -> bool:
    """Returns whether there is a fitted explainer of a model as it is now."""
    try:
        explainer(name, arch, seed, target)
    except (KeyError, ValueError):
        return False
    return True


def fitted_here(name: str, arch: str) -> bool:
    """Returns whether HPME is fitted by the explorer, where it is not: to what it was started with."""
    return name in own_datasets() or (is_reference(arch) and name in DATASETS)


def models(name: str) -> list[str]:
    """Names of the models of a dataset that have a fitted explainer, or get one here."""
    own = session.datasets().get(name)
    archs = list(own.classifiers) if own else available_classifiers(name)
    return [arch for arch in archs if seeds(name, arch)]


def seeds(name: str, arch: str) -> list[int]:
    """Seeds of the fitted explainers of a model, in order; 0 where one is yet to be fitted."""
    own = session.datasets().get(name)
    if own:
        return sorted(seed for model, seed in own.explainers if model == arch)
    return available_explainers(name, arch) or ([0] if fitted_here(name, arch) else [])


@st.cache_data(max_entries=8, show_spinner=False)
def scale(name: str, arch: str) -> Scale | None:
    """Returns the scale of a regression's numbers, or None for classes."""
    return scale_of(classifier(name, arch), dataset(name).test, spec(name).quantity)
