"""Graphs that come into the session: read from files, and fitted to the input of a model."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import streamlit as st
from torch_geometric.data import Data

from hpme import io
from hpme.forward.question import ask
from hpme.io.summary import list_left_out
from hpme.limits import cap_upload
from hpme.own_data.fit_input import fit_to_input, molecular
from ui import session, state
from ui.upload import record


@dataclass(frozen=True)
class Table:
    """A table of the last upload, which may have been taken for something else than it is."""

    name: str
    content: bytes
    guess: io.Guess


Rejected = list[tuple[str, str]]  # what was rejected, and why; both may quote a file: plain text


def known() -> list[str]:
    """Names of the datasets with a model of graphs to explain."""
    return [name for name in state.usable() if not state.spec(name).of_nodes]


def outcome() -> tuple[int, int, Rejected]:
    """Returns how many graphs were added last, how many were there already, and what was rejected."""
    return st.session_state.get("outcome", (0, 0, []))


def read_as() -> list[str]:
    """Returns what each file of the last upload was read as, and why; may quote a file: plain text."""
    return [*_read_as()]


def left_out() -> list[str]:
    """Returns what of the last upload is in no graph, such as a bad line; may quote a file: plain text."""
    return [*_left_out()]


def source(own: session.OwnGraph) -> Data:
    """An own graph as it stands in its file."""
    return own.graph if own.source is None else own.source


def doubtful() -> Table | None:
    """Returns the last table of the last upload that can be read in another way."""
    table: Table | None = st.session_state.get("doubtful")
    return table


def add(files: Sequence[tuple[str, bytes]], choices: Mapping[str, io.Choice] | None = None) -> None:
    """Adds the graphs in files to the session, for `outcome`; those that are rejected stop no others.

    Args:
        files: Names and contents.
        choices: What the user says that a file is, by its name.
    """
    named: dict[str, bytes] = {}
    for name, content in files:
        while name in named:
            name = f"({len(named)}) {name}"
        named[name] = content
    rejected: Rejected = []
    _read_as().clear()
    _left_out().clear()
    st.session_state.doubtful = None
    before = _brought()
    kept: list[int] = []
    try:
        cap_upload(named)
    except ValueError as error:
        rejected.append(("All files", error.args[0]))
        named = {}
    for names, opened in io.open_apart(named, choices).items():
        kept += _one_file({name: named[name] for name in names}, opened, rejected, bool(choices))
    _remember(kept, before, rejected)


def add_text(text: str) -> None:
    """Adds the graphs in a text, for `outcome`; where there are none, molecules as on the Ask page."""
    add([("pasted.txt", text.encode())])
    if read_as() or not (found := state.pasted(text))[0]:
        return
    molecules, troubles = found
    st.session_state.doubtful = None
    _read_as().append("pasted.txt: molecules, as the page Ask reads them: SMILES, InChI or known names.")
    _left_out().extend([f"line {one.line}: {one.note}" for one in molecules if one.note])
    rejected = [(line, reason) for line, _, reason in (trouble.partition(": ") for trouble in troubles)]
    before = _brought()
    kept: list[int] = []
    try:
        session.check_room([one.graph for one in molecules])
        kept = _keep_all([(one.graph, one.title) for one in molecules], rejected)
    except ValueError as error:
        rejected.append(("All molecules", error.args[0]))
    _remember(kept, before, rejected)


def refit(dataset: str, own: session.OwnGraph, name: str, model: str) -> None:
    """Fits an own graph to the input of another model; if it does not fit, everything stays as it was."""
    try:
        new = keep(source(own), own.title, name, model)
    except ValueError as error:
        _remember([], set(), [(own.title, error.args[0])])
        return
    _remember([], set(), [])
    if name != dataset:
        session.drop(dataset, own.number)
    session.graphs(name)[new.number] = replace(new, came=own.came)  # where it stood in the list


def drop(graphs: Sequence[tuple[str, session.OwnGraph]]) -> None:
    """Removes graphs, each given with its dataset."""
    for dataset, own in graphs:
        session.drop(dataset, own.number)
    session.drop_copies(None)
    _remember([], set(), [])


def _one_file(
    files: Mapping[str, bytes], opened: list[io.Opened] | str, rejected: Rejected, chosen: bool
) -> list[int]:
    """Adds the graphs of one file, or of a pair; returns their ids, which graphs that are alike share."""
    file = next(iter(files))
    try:
        if isinstance(opened, str):
            raise ValueError(opened)
        graphs = [graph for part in opened for graph in part.graphs]
        session.check_room(graphs)
    except ValueError as error:
        rejected.append((file, error.args[0]))
        _doubt(files)
        return []
    guesses = [guess for part in opened for guess in part.guesses]
    if len(files) == len(guesses) == 1 and (chosen or not guesses[0].sure):
        _keep_table(file, files[file], guesses[0])
    for part in opened:
        pairs = zip(part.names, part.guesses, strict=True)
        lines = [f"{name[:80]}: {io.describe_guess(guess)}" for name, guess in pairs]
        if part.notes:
            _left_out().append(f"{part.names[-1][:80]}: {list_left_out(part.notes)}")
        _read_as().extend(lines)
    titles = [
        graph.get("name", "").strip()
        or graph.get("smiles")
        or (file if len(graphs) == 1 else f"{file}, no. {number}")
        for number, graph in enumerate(graphs, start=1)
    ]
    return _keep_all([*zip(graphs, titles, strict=True)], rejected)


def _keep_all(titled: Sequence[tuple[Data, str]], rejected: Rejected) -> list[int]:
    """Adds graphs with their titles, and to `rejected` those that fit no model; returns the others' ids."""
    kept = list[int]()
    for graph, title in titled:
        try:
            kept.append(_fit_first(graph, title).number)
        except ValueError as error:
            rejected.append((title, error.args[0]))
    return kept


def _doubt(files: Mapping[str, bytes]) -> None:
    """Keeps a file that was refused, if it is a table, to be read in another way."""
    name, content = next(iter(files.items()))
    if len(files) == 1:
        with suppress(ValueError):  # such as an archive
            _keep_table(name, content, io.sniff(content, name))


def _keep_table(name: str, content: bytes, guess: io.Guess) -> None:
    if guess.layout is not None:
        st.session_state.doubtful = Table(name, content, guess)


def _read_as() -> list[str]:
    """What the files of the last upload were read as, to be added to."""
    lines: list[str] = st.session_state.setdefault("read_as", [])
    return lines


def _left_out() -> list[str]:
    """What of the last upload is in no graph, to be added to."""
    lines: list[str] = st.session_state.setdefault("left_out", [])
    return lines


def _fit_first(graph: Data, title: str) -> session.OwnGraph:
    """Adds a graph for the first dataset whose input it fits; the one that its file names is tried first."""
    session.check_drawn(graph)
    named = record.home(graph)
    if named and state.spec(named[0]).of_nodes:
        return keep(graph, title, *named)  # which says that it is no graph for that dataset
    names = sorted(known(), key=lambda name: state.spec(name).molecular != molecular(graph))
    refusals = []
    for name, model in ([named] if named else []) + [(name, "") for name in names]:
        try:
            return keep(graph, title, name, model)
        except ValueError as error:
            refusals.append(error)
    raise refusals[0]


def keep(graph: Data, title: str, dataset: str, model: str = "", brought: bool = True) -> session.OwnGraph:
    """Adds a graph for the models of a dataset, or for one of them; it counts as the user's if brought.

    Raises:
        ValueError: If it does not fit their input.
    """
    own = fit(graph, title, dataset, model)
    return session.keep(dataset, own.graph, title, own.how, own.model, graph, brought)


def fit(graph: Data, title: str, dataset: str, model: str) -> session.OwnGraph:
    """Fits a graph to the input of a dataset's model, without keeping it.

    Raises:
        ValueError: If it does not fit.
    """
    fitted = fit_to_input(graph, state.dataset(dataset))
    return session.OwnGraph(fitted.graph, title, fitted.how, _readable(dataset, fitted.graph, model), graph)


def _readable(dataset: str, graph: Data, model: str) -> str:
    """The model to ask: that one, else the first that needs no features of edges where the graph has none.

    Raises:
        ValueError: If they all need them.
    """
    names = [model] if model else state.models(dataset)
    if "edge_attr" in graph:
        return model
    for name in names:
        if "edge_attr" not in ask(state.classifier(dataset, name)).takes.keys:
            return model if name == names[0] else name
    owner = f"{', '.join(names)} of {state.spec(dataset).title}"
    raise ValueError(
        f"Expected features of edges, which {owner} reads (got none); give SMILES, or 'edge_attr'"
    )


def _brought() -> set[int]:
    """Ids of the session's own graphs."""
    return {own.number for _, own in session.brought()}


def _remember(kept: list[int], before: set[int], rejected: Rejected) -> None:
    """Remembers for `outcome` what became of an upload: the ids of what it held, of which some were there."""
    added = len({*kept} - before)
    st.session_state.outcome = added, len(kept) - added, rejected
