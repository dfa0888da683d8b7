"""What the Ask page knows of the shipped models of molecules."""

from collections.abc import Sequence
from operator import attrgetter

import streamlit as st
from torch_geometric.data import Data

from hpme.analysis.ask import Expert, MoleculeAnswer
from hpme.analysis.ask_list import ListedAnswer, ask_list
from hpme.analysis.nearby import NearestGraphs, Surroundings, nearest_graphs, surroundings
from hpme.analysis.pasted import PastedMolecule, read_pasted
from hpme.figures import Look, thumbnail
from hpme.own_data.fit_input import fit_to_input
from ui.state.drawings import look
from ui.state.explained import story
from ui.state.sources import (
    KEYS,
    Pick,
    classifier,
    dataset,
    explainer,
    graph_of,
    models,
    resolve,
    scale,
    seeds,
)


@st.cache_data(max_entries=200, show_spinner=False)
def pasted(text: str) -> tuple[list[PastedMolecule], list[str]]:
    """The molecules in a text, and a sentence for each line that holds none."""
    return read_pasted(text)


def ready(name: str) -> None:
    """Loads the first model of a dataset, its explainer and its graphs, for `molecule_answer`."""
    arch = models(name)[0]
    explainer(name, arch, seeds(name, arch)[0])
    scale(name, arch)
    dataset(name)


def asked_pick(name: str, number: int) -> Pick:
    """The first model of a dataset, asked about one of the session's own graphs."""
    arch = models(name)[0]
    return Pick(name, arch, seeds(name, arch)[0], None, number, None, 0)


def molecule_answer(name: str, number: int) -> MoleculeAnswer:
    """What the first model of a dataset says of one of the session's own molecules, as Explain does."""
    case = resolve(asked_pick(name, number))
    return MoleculeAnswer(case.dataset.spec, case.graph, story(case))


def nearest_molecules(name: str, number: int) -> NearestGraphs:
    """The training molecules of a dataset that its first model takes to be nearest to an own one."""
    return _nearest(name, models(name)[0], graph_of(name, number))


@st.cache_data(max_entries=400, show_spinner=False, hash_funcs=KEYS)
def _nearest(name: str, arch: str, graph: Data) -> NearestGraphs:
    return nearest_graphs(_surroundings(name, arch), [graph])[0]


@st.cache_resource(max_entries=8, show_spinner=False)
def _surroundings(name: str, arch: str) -> Surroundings:
    return surroundings(classifier(name, arch), dataset(name))


def listed_answers(name: str, molecules: Sequence[PastedMolecule]) -> list[ListedAnswer]:
    """What the first model of a dataset says of a list of molecules."""
    return _listed(name, models(name)[0], tuple(one.smiles for one in molecules), molecules)


@st.cache_data(max_entries=50, show_spinner=False)
def _listed(
    name: str, arch: str, smiles: tuple[str, ...], _molecules: Sequence[PastedMolecule]
) -> list[ListedAnswer]:
    data, fitted = dataset(name), explainer(name, arch, seeds(name, arch)[0])
    ready = Expert(data, classifier(name, arch), fitted, scale(name, arch))
    graphs = [fit_to_input(one.graph, data).graph for one in _molecules]
    return ask_list(ready, graphs, _surroundings(name, arch))


def pasted_picture(asked: PastedMolecule) -> str:
    """A small picture of a pasted molecule, as SVG."""
    return _pasted_picture(asked, look())


@st.cache_data(max_entries=1000, show_spinner=False, hash_funcs={PastedMolecule: attrgetter("smiles")})
def _pasted_picture(asked: PastedMolecule, look: Look) -> str:
    return thumbnail(asked.graph, look=look)
