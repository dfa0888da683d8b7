"""How graphs come into the session: read from files, and fitted to the input of a model."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st
from torch_geometric.data import Data

from hpme import io
from hpme.limits import cap
from hpme.own_data.fit_input import fit_to_input, molecular
from ui import session, state
from ui.upload import record

Notes = list[tuple[str, str]]  # what was not taken, and why; both may quote a file, so they are plain text


def known() -> list[str]:
    """Names of the datasets with a model to explain."""
    return [name for name in state.names() if state.models(name)]


def taken() -> tuple[int, Notes]:
    """How many graphs came in at last, and what did not."""
    return st.session_state.get("taken", (0, []))


def source(own: session.OwnGraph) -> Data:
    """An own graph as its file tells it."""
    return own.graph if own.source is None else own.source


def take(files: Sequence[tuple[str, bytes]]) -> None:
    """Keeps the graphs in some files, for `taken`; what cannot be kept takes nothing else along."""
    named: dict[str, bytes] = {}
    for name, content in files:
        while name in named:
            name = f"({len(named)}) {name}"
        named[name] = content
    notes: Notes = []
    kept: set[int] = set()
    try:
        cap("files", len(named), least=1)
        cap("bytes", sum(map(len, named.values())))
    except ValueError as error:
        notes.append(("All files", error.args[0]))
        named = {}
    for names in io.paired(named):
        kept |= _one_file({name: named[name] for name in names}, notes)
    _tell(len(kept), notes)


def refit(dataset: str, own: session.OwnGraph, name: str, model: str) -> None:
    """Fits an own graph to the input of another model; where it does not fit, all stays as it was."""
    try:
        new = _keep(source(own), own.title, name, model)
    except ValueError as error:
        _tell(0, [(own.title, error.args[0])])
        return
    _tell(0, [])
    if name != dataset:
        session.drop(dataset, own.number)
    session.graphs(name)[new.number] = replace(new, came=own.came)  # where it stood in the list


def drop(some: Sequence[tuple[str, session.OwnGraph]]) -> None:
    """Forgets some graphs, each given with its dataset."""
    for dataset, own in some:
        session.drop(dataset, own.number)
    _tell(0, [])


def _one_file(files: Mapping[str, bytes], notes: Notes) -> set[int]:
    """Keeps the graphs of one file, or of a pair; returns their ids."""
    file, kept = next(iter(files)), set()
    try:
        found = io.read_files(files)
        session.check_room(found)
    except ValueError as error:
        notes.append((file, error.args[0]))
        return set()
    for number, graph in enumerate(found, start=1):
        title = (
            graph.get("name", "").strip()
            or graph.get("smiles")
            or (file if len(found) == 1 else f"{file}, no. {number}")
        )
        try:
            kept.add(_fit_first(graph, title).number)
        except ValueError as error:
            notes.append((title, error.args[0]))
    return kept


def _fit_first(graph: Data, title: str) -> session.OwnGraph:
    """Keeps a graph for the first dataset that it fits, the one that its file names before all others."""
    session.check_drawn(graph)
    told = record.home(graph)
    names = sorted(known(), key=lambda name: state.spec(name).molecular != molecular(graph))
    refusals = []
    for name, model in ([told] if told else []) + [(name, "") for name in names]:
        try:
            return _keep(graph, title, name, model)
        except ValueError as error:
            refusals.append(error)
    raise refusals[0]


def _keep(graph: Data, title: str, dataset: str, model: str) -> session.OwnGraph:
    fitted = fit_to_input(graph, state.dataset(dataset))
    return session.keep(dataset, fitted.graph, title, fitted.how, model, graph)


def _tell(kept: int, notes: Notes) -> None:
    st.session_state.taken = kept, notes
