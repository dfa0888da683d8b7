"""HPME fitted to a model that came without it: as a job, while the page shows how far it is."""

from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from hpme import figures
from hpme.classifiers import model_title
from hpme.explainers.hpme import HPME
from hpme.explainers.hpme.store import user_explainer_path
from hpme.jobs.own_dataset import fit_work
from hpme.jobs.pool import Job, State
from ui import paging, session, state, waiting
from ui.graph_cards import Cards
from ui.plain import plain
from ui.titles import dataset_title

Key = tuple[str, str, int, int | None]  # dataset, model, seed, explained class


def ensure(name: str, arch: str, graphs: Sequence[int], seed: int, target: int | None = None) -> bool:
    """Has HPME fitted where the explorer has to, and shows how far it is; returns whether it is fitted.

    Where not even what is predicted can be explained yet, the page shows what is predicted of the graphs that
    it is about, and stops.
    """
    here = target is not None or state.fitted_here(name, arch)
    if not here or state.is_fitted(name, arch, seed, target):
        return True
    jobs: dict[Key, Job] = st.session_state.setdefault("fits", {})
    key = name, arch, seed, target
    if key in jobs and jobs[key].state is State.DONE:
        _keep(key, jobs.pop(key).result)
        return True
    if key not in jobs:
        title = f"Fitting HPME to {model_title(arch)}"
        train = state.packed_train(state.dataset(name))
        arguments = fit_work, state.classifier(name, arch), train, seed, target
        try:
            jobs[key] = state.submit(title, *arguments)
        except ValueError as error:
            st.error(plain(error.args[0]))
    if job := jobs.get(key):
        _say(name, arch, target)
        st.fragment(_progress, run_every=None if job.ended else waiting.LOOK)(job, job.ended)
    if target is None:
        if len(graphs) == 1:
            _show(name, arch, graphs[0])
        else:
            _show_all(name, arch, graphs)
        st.stop()
    return False


def _show(name: str, arch: str, number: int) -> None:
    """Shows what is known of a graph without an explainer, large."""
    graph, answer = state.graph_of(name, number), state.answer(name, arch, number)
    label = f"; the label is {answer.label(graph)}" if "y" in graph else ""
    own = session.graphs(name).get(number)
    title = own.title if own else f"{state.spec(name).item} {number}"
    left, right = st.columns([2, 3], gap="large", vertical_alignment="center")
    counts = figures.counts(graph)
    left.image(state.picture(name, number, None), width="stretch", alt=f"Drawing of {title}: {counts}")
    right.markdown(f"**Original {state.spec(name).item}: {plain(title)}**")
    right.markdown(f"{counts}. {plain(answer.statement(0, 'The model') + label)}.")


def _show_all(name: str, arch: str, graphs: Sequence[int]) -> None:
    """Shows the same of many graphs, as cards."""
    st.markdown(f"What is predicted of {len(graphs)} test {state.spec(name).item}s is known already:")
    shown = paging.page_of(graphs)
    with st.container(horizontal=True, gap="small", key="cards"):
        for graph in shown:
            Cards(state.Pick(name, arch, 0, None, graph, None, 0)).show_unexplained(graph)
    paging.turn(len(graphs))


def _say(name: str, arch: str, target: int | None) -> None:
    what = f"{model_title(arch)} of {dataset_title(name)}"
    if target is None:
        st.subheader(f"HPME learns to explain {what}", anchor=False)
        st.markdown("It does so once, which takes seconds to minutes; then all pages explain this model.")
    else:
        speaks = f"what speaks for “{plain(state.spec(name).classes[target])}”"
        st.markdown(f"**HPME learns {speaks} to {what}**")
        st.caption(
            "For another class than the predicted one it is fitted anew, which takes seconds to minutes; "
            "then every graph can be asked about that class until the explorer is closed. Below is why the "
            "predicted class is predicted."
        )


def _progress(job: Job, ended: bool) -> None:
    if job.ended and not ended:
        st.rerun(scope="app")
    waiting.line(job, job.title, _forget)


def _forget() -> None:
    """Forgets the jobs that did not end well, so that others can start."""
    jobs: dict[Key, Job] = st.session_state.fits
    st.session_state.fits = {key: job for key, job in jobs.items() if not job.ended}


def _keep(key: Key, explainer: HPME) -> None:
    """Keeps an explainer for all sessions; one of predictions for the next start, too, as a file."""
    state.fits().put(key, explainer)
    name, arch, seed, target = key
    if target is None:
        with suppress(ValueError):  # a folder that cannot be written to: it is fitted again then
            explainer.save(user_explainer_path(name, arch, seed))
