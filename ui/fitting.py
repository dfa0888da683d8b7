"""HPME fitted to a model that came without it: as a job, while the page shows how far it is."""

from contextlib import suppress

import streamlit as st

from hpme.classifiers import model_title
from hpme.explainers.hpme import HPME
from hpme.explainers.hpme.store import user_explainer_path
from hpme.jobs.own_dataset import fit_work
from hpme.jobs.pool import Job, State
from ui import state, waiting
from ui.titles import dataset_title

Key = tuple[str, str, int]  # dataset, model, seed


def ensure(name: str, arch: str, seed: int) -> None:
    """Has HPME fitted where the explorer has to; shows how far it is, and stops the page until then."""
    if not state.fitted_here(name, arch) or state.is_fitted(name, arch, seed):
        return
    jobs: dict[Key, Job] = st.session_state.setdefault("fits", {})
    key = name, arch, seed
    if key in jobs and jobs[key].state is State.DONE:
        _keep(key, jobs.pop(key).result)
        return
    if key not in jobs:
        title = f"Fitting HPME to {model_title(arch)}"
        train = state.packed_train(state.dataset(name))
        arguments = fit_work, state.classifier(name, arch), train, seed
        try:
            jobs[key] = state.job_pool().submit(title, *arguments, owner=state.owner())
        except ValueError as error:
            st.error(error.args[0])
            st.stop()
    st.subheader(f"HPME learns to explain {model_title(arch)} of {dataset_title(name)}")
    st.markdown("It does so once, which takes seconds to minutes; then all pages explain this model.")
    job = jobs[key]
    st.fragment(_progress, run_every=None if job.ended else waiting.LOOK)(job, job.ended)
    st.stop()


def _progress(job: Job, ended: bool) -> None:
    if job.ended and not ended:
        st.rerun(scope="app")
    waiting.line(job, job.title, _forget)


def _forget() -> None:
    """Forgets the jobs that did not end well, so that others can start."""
    jobs: dict[Key, Job] = st.session_state.fits
    st.session_state.fits = {key: job for key, job in jobs.items() if not job.ended}


def _keep(key: Key, explainer: HPME) -> None:
    """Keeps an explainer for all sessions, and in the user's folder for the next start."""
    state.fits().put(key, explainer)
    with suppress(ValueError):  # a folder that cannot be written to: it is fitted again after the next start
        explainer.save(user_explainer_path(*key))
