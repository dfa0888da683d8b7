"""Slow explainers: they run as jobs, and the page goes on without them."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from hpme.explainers import REFERENCE
from hpme.jobs.explain import fit_and_explain
from hpme.jobs.pool import Job, State
from ui import state
from ui.plain import plain
from ui.state import Case

LOOK = 0.7  # seconds between two looks at the jobs
FittedKey = tuple[str, str, str, int]
Key = tuple[FittedKey, int | None]  # and the explained class


def ready_cases(cases: Sequence[Case]) -> list[Case]:
    """Starts jobs for the cases that need one and shows their progress; returns those that can be shown."""
    jobs: dict[Key, Job] = st.session_state.setdefault("jobs", {})
    for key, job in list(jobs.items()):
        if job.state is State.DONE:
            _keep(*key, jobs.pop(key))
    waiting = [case for case in cases if _waits(case)]
    if waiting:
        known = {case: jobs[key] for case in waiting if (key := _key(case)) in jobs}
        busy = [job for job in known.values() if not job.ended]
        st.fragment(_progress, run_every=LOOK if busy else None)(known, busy)
    return [case for case in cases if case not in waiting and not _refused(case)]


def case_to_show(case: Case) -> Case | None:
    """Returns what can be shown of a graph: its case, or until that is ready the last explainer's of it.

    Progress and button of the job stand where this is called. None if there is nothing to show.
    """
    if ready_cases([case]):
        st.session_state.explained_by = case.pick.explainer
        return case
    for name in dict.fromkeys((st.session_state.get("explained_by", REFERENCE), REFERENCE)):
        other = case.vary(explainer=name)
        if name != case.pick.explainer and not state.missing(other) and not state.refusal(other):
            st.caption(f"Below is {other.explainer.title}'s explanation, not {case.explainer.title}'s.")
            return other
    return None


def _refused(case: Case) -> bool:
    """Says why an explainer cannot explain the graph, if it cannot."""
    if why := state.refusal(case):
        st.text(f"{case.explainer.title}: {why}")
    return bool(why)


def _key(case: Case) -> Key:
    return state.result_key(case), case.pick.target


def _keep(key: FittedKey, target: int | None, job: Job) -> None:
    fitted, explanations = job.result
    state.results().put(key, fitted)
    for explanation in explanations:
        state.results().put(state.explanation_key(key, target, explanation.graph_id), explanation)


def _waits(case: Case) -> bool:
    """Returns whether the case needs a job, and starts it unless there is one, even a cancelled one."""
    unknown, jobs, key = state.missing(case), st.session_state.jobs, _key(case)
    if unknown and key not in jobs:
        train = state.packed_train(case.dataset)
        arguments = (
            case.explainer.name,
            case.model,
            case.pick.seed,
            train,
            unknown,
            state.results().get(key[0]),
            case.pick.target,
        )
        try:
            jobs[key] = state.submit(case.explainer.title, fit_and_explain, *arguments)
        except ValueError as error:
            st.error(plain(error.args[0]))
    return bool(unknown)


def _progress(known: dict[Case, Job], busy: list[Job]) -> None:
    """Shows a line for each job."""
    if any(job.ended for job in busy):
        st.rerun(scope="app")
    for case, job in known.items():
        line(job, case.pick.explainer, partial(_forget, case))


def line(job: Job, name: str, forget: Callable[[], None]) -> None:
    """Shows the progress of a job, or how it ended, and a button; `forget` lets another one start."""
    left, right = st.columns([5, 1], vertical_alignment="center")
    if job.ended:
        words = "Cancelled." if job.state is State.CANCELLED else plain(job.error)
        left.caption(f"**{job.title}.** {words}")
        right.button("Try again", key=f"retry-{name}", on_click=forget)
    else:
        left.progress(job.done / job.total if job.total else 0.0, how_far(job))
        right.button("Cancel", key=f"cancel-{name}", on_click=job.cancel)


def how_far(job: Job) -> str:
    """The progress of a job in words."""
    if place := state.job_pool().place(job):
        return f"{job.title}: {'next' if place == 1 else ordinal(place)} in the queue"
    steps = f"{job.done:,} of {job.total:,} steps, " if job.total else "starting, "
    return f"{job.title}: {steps}{job.seconds:.0f} s"


def ordinal(number: int) -> str:
    """A place in words, such as "2nd"."""
    teens = number % 100 // 10 == 1
    return f"{number:,}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _forget(case: Case) -> None:
    """Forgets a job that did not end well, so that another can start."""
    del st.session_state.jobs[_key(case)]
    st.rerun(scope="app")
