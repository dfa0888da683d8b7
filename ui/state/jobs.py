"""Long work, which runs as jobs, and its results."""

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

import streamlit as st

from hpme.datasets import Dataset
from hpme.jobs.own_dataset import Sent, as_sent
from hpme.jobs.pool import Job, Jobs
from hpme.jobs.results import ResultCache
from ui import held, session
from ui.state.sources import KEYS, Case

MOST_RESULTS = 4000  # fitted explainers and explained graphs
MOST_QUICK = 2000


@st.cache_resource(show_spinner=False)
def job_pool() -> Jobs:
    """The long work of all sessions."""
    return Jobs()


def owner() -> str:
    """Name of this session as the owner of its jobs; they end with it, see `ui.held`."""
    mine = held.mine()
    if not mine.stops:
        mine.stops.append(partial(job_pool().cancel, mine.owner))
    return mine.owner


def submit(title: str, work: Callable[..., Any], *arguments: Any) -> Job:
    """Starts a job of this session, or queues it; see `hpme.jobs.pool.Jobs.submit`.

    Raises:
        ValueError: If the session, or its address, has too many.
    """
    address = st.context.ip_address or "this machine"
    return job_pool().submit(title, work, *arguments, owner=owner(), address=address)


@st.cache_resource(show_spinner=False)
def results() -> ResultCache:
    """Results of jobs: fitted explainers by `result_key`, explanations by `explained_key`."""
    return ResultCache(MOST_RESULTS)


@st.cache_resource(show_spinner=False)
def quick_results() -> ResultCache:
    """Explanations that took one pass, by `explained_key`: the same graphs are donors again and again."""
    return ResultCache(MOST_QUICK)


def result_key(case: Case) -> tuple[str, str, str, int]:
    """Returns a key of the picked explainer, once fitted; its settings follow from its name."""
    return case.pick.dataset, case.fingerprint, case.pick.explainer, case.pick.seed


def explained_key(case: Case, graph: int) -> tuple[Hashable, ...]:
    """Returns a key of the picked explainer's explanation of a graph, given by its id."""
    return explanation_key(result_key(case), case.pick.target, graph)


def explanation_key(fitted: tuple[Hashable, ...], target: int | None, graph: int) -> tuple[Hashable, ...]:
    """The same from the explainer's `result_key` and the class to explain."""
    return *fitted, target, graph, session.mark(graph)


@st.cache_data(max_entries=2, show_spinner=False, hash_funcs=KEYS)
def packed_train(dataset: Dataset) -> Sent:
    """The training graphs of a dataset, to be sent to a job."""
    return as_sent(dataset.train)
