"""A session's own graphs, for a dataset's models, and own datasets with their models.

They live in the session's state alone. Caches are shared by all sessions, so their keys tell the sessions
apart: an own graph's id counts with `mark` only, which names the session, and a dataset's name has a part of
its own. Nobody can guess either.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import streamlit as st
from torch import Tensor, nn
from torch_geometric.data import Data

from hpme.datasets import Dataset
from hpme.explainers.hpme import HPME
from hpme.io.text import seen
from hpme.limits import LIMITS

FIRST_ID = 1 << 40  # the ids of own graphs start here; datasets are smaller


@dataclass(frozen=True)
class OwnGraph:
    """A graph that a dataset's models can read."""

    graph: Data
    title: str  # what to call it, such as its file's name
    how: str  # where its features come from, in one sentence
    model: str = ""  # which of the dataset's models is asked of it; none named: the first
    source: Data | None = None  # as it stands in its file, where there is one
    came: int = 0  # the larger, the later
    brought: bool = True  # by the user; else what one that was brought, or asked about, is to another model

    @property
    def number(self) -> int:
        """Its id."""
        return int(self.graph.graph_id)


@dataclass(frozen=True)
class OwnDataset:
    """A dataset, the models trained on it, and the explainers fitted to those."""

    dataset: Dataset
    label: str | None = None  # name of the label in its file, where the user gave it
    classifiers: dict[str, tuple[nn.Module, dict[str, Any]]] = field(default_factory=dict)  # with their cards
    explainers: dict[tuple[str, int], HPME] = field(default_factory=dict)  # by model and seed
    built_in: str = ""  # the name of the built-in dataset that it is, for models of one's own
    filename: str = ""  # of its file, if it is of one
    content: bytes = b""  # of that file
    results: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # of comparisons, by model


def datasets() -> dict[str, OwnDataset]:
    """This session's datasets by name."""
    return st.session_state.setdefault("own_datasets", {})


def graphs(dataset: str) -> dict[int, OwnGraph]:
    """This session's graphs for the models of a dataset, by id, in the order in which they came."""
    return st.session_state.setdefault("own_graphs", {}).setdefault(dataset, {})


def brought() -> list[tuple[str, OwnGraph]]:
    """The graphs that the user brought into this session, each with its dataset, the last one first."""
    pairs = [(dataset, own) for dataset, own in _everything() if own.brought]
    return sorted(pairs, key=lambda pair: -pair[1].came)


def keep(
    dataset: str,
    graph: Data,
    title: str,
    how: str,
    model: str = "",
    source: Data | None = None,
    brought: bool = True,
) -> OwnGraph:
    """Keeps a graph for the session; the same content twice is one graph.

    Args:
        dataset: Whose models can read it.
        graph: As `hpme.own_data.fit_input.fit_to_input` returns it.
        title: What to call it; at most 60 printable characters of one line are kept, none of them a backtick.
        how: Where its features come from, in one sentence.
        model: Which of the dataset's models is asked of it.
        source: The graph as it stands in its file.
        brought: Whether the user brought it; of the same content once is enough.
    """
    kept = graph.clone()
    kept.graph_id = _number(digest(kept))
    before = graphs(dataset).get(int(kept.graph_id))
    brought = brought or (before is not None and before.brought)
    st.session_state.came = st.session_state.get("came", 0) + 1
    own = OwnGraph(kept, _plain(title), how, model, source, st.session_state.came, brought)
    graphs(dataset)[own.number] = own
    return own


def mark(number: int) -> str:
    """What a cache has to know beside the id of a graph: of an own one, the session; else nothing.

    Two sessions may have the same id for different graphs, by chance or by intent.
    """
    return st.session_state.setdefault("mark", uuid4().hex) if number >= FIRST_ID else ""


def check_drawn(graph: Data) -> None:
    """Checks that a graph can be drawn.

    Raises:
        ValueError: If it is too large.
    """
    for what, count, most in (
        ("nodes", graph.num_nodes, LIMITS.drawn_nodes),
        ("edges", graph.num_edges // 2, LIMITS.drawn_edges),
    ):
        if count > most:
            raise ValueError(
                f"Expected at most {most:,} {what} in a graph that is drawn (got {count:,}); "
                "explain it in the shell, with python -m hpme explain"
            )


def check_room(more: Sequence[Data]) -> None:
    """Checks that the session can hold some more graphs.

    Raises:
        ValueError: If it cannot.
    """
    kept = [*(own.graph for _, own in _everything()), *more]
    for what, count in (
        ("graphs", len(kept)),
        ("nodes", sum(graph.num_nodes for graph in kept)),
        ("edges", sum(graph.num_edges for graph in kept) // 2),
    ):
        most = LIMITS.session * getattr(LIMITS, what)
        if count > most:
            raise ValueError(f"Expected at most {most:,} {what} in a session (got {count:,}); remove graphs")


def drop(dataset: str, number: int) -> None:
    """Removes a graph."""
    graphs(dataset).pop(number, None)


def drop_copies(but: int | None) -> None:
    """Removes what the user did not bring, but for one graph, such as the one that is picked."""
    for dataset, own in _everything():
        if not own.brought and own.number != but:
            drop(dataset, own.number)


def add(
    dataset: Dataset, label: str | None = None, built_in: str = "", filename: str = "", content: bytes = b""
) -> str:
    """Adds a dataset; returns the name under which this session knows it.

    Args:
        dataset: As `hpme.own_data.read_dataset` returns it.
        label: Name of the label in its file, where the user gave it.
        built_in: Its name if it is a built-in one.
        filename: Name of its file.
        content: What is in that file, to be saved with what is learnt of it.

    Raises:
        ValueError: If the session has too many, or a graph is too large to be drawn.
    """
    for graph in dataset.graphs if dataset.graph is None else []:  # around nodes, see `hpme.forward.around`
        check_drawn(graph)
    most = LIMITS.datasets
    if len(datasets()) >= most:
        raise ValueError(f"Expected at most {most} datasets in a session (got {most + 1}); remove one")
    name = f"{dataset.spec.name}-{uuid4().hex}"
    datasets()[name] = OwnDataset(
        replace(dataset, spec=replace(dataset.spec, name=name)),
        label,
        built_in=built_in,
        filename=filename,
        content=content,
    )
    return name


def _everything() -> list[tuple[str, OwnGraph]]:
    """All graphs of this session, each with its dataset."""
    by_dataset = st.session_state.setdefault("own_graphs", {})
    return [(dataset, own) for dataset, mine in by_dataset.items() for own in mine.values()]


def _plain(title: str) -> str:
    """One line that can stand between backticks, all of it seen."""
    return seen(" ".join(title.replace("`", "'").split()))[:60].strip() or "graph"


def _number(content: bytes) -> int:
    """The id of what has that digest: its first forty bits, which files and addresses can hold.

    Another graph of this session that begins alike keeps its id, and this one gets the next, also where that
    one has been removed, as caches may still know it.
    """
    digests: dict[int, bytes] = st.session_state.setdefault("own_digests", {})
    number = FIRST_ID + int.from_bytes(content[:5])
    while digests.setdefault(number, content) != content:
        number += 1
    return number


def digest(graph: Data) -> bytes:
    """Digest of all that a graph holds, but for its id."""
    found = hashlib.sha256()
    for key, value in sorted(graph.to_dict().items()):
        if key != "graph_id":
            plain = value.tolist() if isinstance(value, Tensor) else value
            found.update(f"{key} = {plain!r};".encode())
    return found.digest()
