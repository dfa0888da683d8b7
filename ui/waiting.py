"""Explainers that take their time: they run as jobs, and the page goes on without them."""

from collections.abc import Sequence

import streamlit as st
from torch_geometric.data import Batch, Data

from hpme.explainers import EXPLAINERS
from hpme.jobs import peers
from hpme.jobs.pool import Job, State
from ui import state
from ui.state import Pick

LOOK = 0.7  # seconds between two looks at the jobs
Key = tuple[str, str, str, int]


def ready_picks(picks: Sequence[Pick]) -> list[Pick]:
    """Starts jobs for the picks that need one, shows how far they are, and returns the others."""
    jobs: dict[Key, Job] = st.session_state.setdefault("jobs", {})
    for key, job in list(jobs.items()):
        if job.state is State.DONE:
            _keep(key, jobs.pop(key))
    waiting = [pick for pick in picks if _waits(pick)]
    if waiting:
        known = {pick: jobs[_key(pick)] for pick in waiting if _key(pick) in jobs}
        busy = [job for job in known.values() if not job.ended]
        st.fragment(_progress, run_every=LOOK if busy else None)(known, busy)
    return [pick for pick in picks if pick not in waiting]


def _key(pick: Pick) -> Key:
    return state.peer_key(pick.dataset, pick.model, pick.explainer, pick.seed)


def _keep(key: Key, job: Job) -> None:
    fitted, found = job.result
    state.shelf().put(key, fitted)
    for explanation in found:
        state.shelf().put((key, explanation.graph_id), explanation)


def _waits(pick: Pick) -> bool:
    """Whether the pick needs a job; starts it, unless there is one already, be it cancelled."""
    unknown, jobs, key = state.missing(pick), st.session_state.jobs, _key(pick)
    if unknown and key not in jobs:
        title = EXPLAINERS[pick.explainer].title
        model = state.classifier(pick.dataset, pick.model)
        train, graphs = state.packed_train(pick.dataset), Batch.from_data_list([*map(_bare, unknown)])
        arguments = (pick.explainer, model, pick.seed, train, graphs, state.shelf().get(key))
        try:
            jobs[key] = state.jobs().submit(title, peers.fit_and_explain, *arguments, owner=state.owner())
        except ValueError as error:
            st.error(error.args[0])
    return bool(unknown)


def _bare(graph: Data) -> Data:
    """What an explainer reads of a graph; what else there is differs, and does not fit in one batch."""
    return Data(x=graph.x, edge_index=graph.edge_index, graph_id=graph.graph_id)


def _progress(known: dict[Pick, Job], busy: list[Job]) -> None:
    """One line a job: how far it is, or how it ended, and a button."""
    if any(job.ended for job in busy):
        st.rerun(scope="app")
    for pick, job in known.items():
        left, right = st.columns([5, 1], vertical_alignment="center")
        if job.ended:
            words = "Cancelled." if job.state is State.CANCELLED else job.error
            left.caption(f"**{job.title}.** {words}")
            right.button("Try again", key=f"retry-{pick.explainer}", on_click=_forget, args=(pick,))
        else:
            left.progress(job.done / job.total if job.total else 0.0, how_far(job))
            right.button("Cancel", key=f"cancel-{pick.explainer}", on_click=job.cancel)


def how_far(job: Job) -> str:
    """How far a job is, in words."""
    if job.state is State.WAITING:
        return f"{job.title}: waits for its turn"
    steps = f"{job.done:,} of {job.total:,} steps, " if job.total else "starting, "
    return f"{job.title}: {steps}{job.seconds:.0f} s"


def _forget(pick: Pick) -> None:
    """A job that did not end well makes room for another."""
    del st.session_state.jobs[_key(pick)]
    st.rerun(scope="app")
