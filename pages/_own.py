"""What a session brought itself: graphs for a dataset's models, and whole datasets with their models.

It lives in the session's state alone. Caches are shared by all sessions, so what they are asked about must
tell one session's things from another's: a graph's id follows from its content, a dataset's name has a part
that nobody can guess.
"""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import streamlit as st
from torch import Tensor, nn
from torch_geometric.data import Data

from hpme.datasets import Dataset
from hpme.explainers.hpme import HPME

FIRST_ID = 1 << 40  # the ids of own graphs start here; datasets are smaller


@dataclass(frozen=True)
class OwnGraph:
    """A graph that a dataset's models can read."""

    graph: Data
    title: str  # what to call it, such as its file's name
    how: str  # where its features come from, in one sentence

    @property
    def number(self) -> int:
        """Its id."""
        return int(self.graph.graph_id)


@dataclass(frozen=True)
class OwnDataset:
    """A dataset, the models trained on it, and the explainers fitted to those."""

    dataset: Dataset
    classifiers: dict[str, tuple[nn.Module, dict[str, Any]]] = field(default_factory=dict)  # with their cards
    explainers: dict[tuple[str, int], HPME] = field(default_factory=dict)  # by model and seed


def datasets() -> dict[str, OwnDataset]:
    """This session's datasets by name."""
    return st.session_state.setdefault("own_datasets", {})


def graphs(dataset: str) -> dict[int, OwnGraph]:
    """This session's graphs for the models of a dataset, by id, in the order in which they came."""
    return st.session_state.setdefault("own_graphs", {}).setdefault(dataset, {})


def keep(dataset: str, graph: Data, title: str, how: str) -> OwnGraph:
    """Keeps a graph for the session; the same content twice is one graph.

    Args:
        dataset: Whose models can read it.
        graph: As `hpme.fit_input.fit` returns it.
        title: What to call it; at most 60 characters of one line are kept, none of them a backtick.
        how: Where its features come from, in one sentence.
    """
    kept = graph.clone()
    kept.graph_id = FIRST_ID + _digest(kept)
    own = OwnGraph(kept, " ".join(title.replace("`", "'").split())[:60], how)
    graphs(dataset)[own.number] = own
    return own


def drop(dataset: str, number: int) -> None:
    """Forgets a graph."""
    graphs(dataset).pop(number, None)


def add(dataset: Dataset) -> str:
    """Takes in a dataset and returns the name under which this session knows it."""
    name = f"{dataset.spec.name}-{uuid4().hex[:6]}"
    datasets()[name] = OwnDataset(replace(dataset, spec=replace(dataset.spec, name=name)))
    return name


def _digest(graph: Data) -> int:
    """Forty bits of what the graph holds, but for its id."""
    found = hashlib.sha256()
    for key, value in sorted(graph.to_dict().items()):
        if key != "graph_id":
            plain = value.tolist() if isinstance(value, Tensor) else value
            found.update(f"{key} = {plain!r};".encode())
    return int.from_bytes(found.digest()[:5])
