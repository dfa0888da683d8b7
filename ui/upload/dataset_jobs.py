"""The jobs on a session's own datasets: started, watched live, cancelled, and their results collected."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go
import streamlit as st
from torch import nn

from hpme.classifiers import load_classifier_bytes, model_title, trained
from hpme.datasets.reach import same_around
from hpme.jobs import own_dataset
from hpme.jobs.pool import Job, State
from hpme.own_data.labels import one_line
from ui import session, state, waiting
from ui.plain import plain

LOOK = 1.0  # seconds between two looks
Trained = tuple[nn.Module, dict[str, Any]]  # a model and its card
Key = tuple[str, str, str]  # what it does, dataset, model


def train(name: str, arch: str, epochs: int) -> None:
    """Starts to train a model."""
    parcel = own_dataset.Parcel.pack(session.datasets()[name].dataset)
    _submit(
        ("train", name, arch), f"Training {model_title(arch)}", own_dataset.train_work, parcel, arch, epochs
    )


def load_weights(name: str, filename: str, content: bytes) -> None:
    """Loads a trained model from a file.

    Raises:
        ValueError: If the weights do not fit the dataset, or it has a model of that architecture already.
    """
    own = session.datasets()[name]
    model, card = load_classifier_bytes(content, own.dataset)
    arch = card["arch"]
    if arch in own.classifiers or busy("train", name, arch):
        raise ValueError(
            f"Expected an architecture without a model (got a second {model_title(arch)}); start over first"
        )
    own.classifiers[arch] = _measured(own, model, card | {"weights": one_line(filename)})
    st.session_state.own_arch = arch


def fit(name: str, arch: str, seed: int) -> None:
    """Starts to fit HPME."""
    own = session.datasets()[name]
    parcel, model = own_dataset.Parcel.pack(own.dataset), own.classifiers[arch][0]
    _submit(("fit", name, arch), "Fitting HPME", own_dataset.fit_work, model, parcel.splits[0], seed)


def bench(name: str, arch: str, explainers: Sequence[str]) -> None:
    """Starts to compare explainers."""
    own = session.datasets()[name]
    parcel, model = own_dataset.Parcel.pack(own.dataset), own.classifiers[arch][0]
    _submit(("bench", name, arch), "Benchmark", own_dataset.bench_work, parcel, model, arch, explainers)


def busy(what: str, name: str, arch: str) -> bool:
    """Returns whether such a job is queued or running."""
    job = _jobs().get((what, name, arch))
    return job is not None and not job.ended


def collect() -> None:
    """Collects what jobs that ended have made; from a cancelled training, the best model so far."""
    for (what, name, arch), job in _jobs().items():
        own = session.datasets()[name]
        if what == "train" and job.ended and arch not in own.classifiers:
            if job.state is State.DONE:
                own.classifiers[arch] = _measured(own, *job.result)
            elif job.partial is not None:
                best = trained(own.dataset, arch, len(job.curve), 0, job.partial)
                own.classifiers[arch] = _measured(own, *best)
        if what == "fit" and job.state is State.DONE:
            own.explainers[arch, job.result.config.seed] = job.result
        if what == "bench" and job.state is State.DONE:
            own.results[arch] = job.result


def _measured(own: session.OwnDataset, model: nn.Module, card: dict[str, Any]) -> Trained:
    """A model and its card, with the share of nodes of which it says the same when asked around them."""
    return model, card | {"same_around": same_around(own.dataset, model)}


def watch(what: str, name: str, arch: str, chart: Callable[[Job], go.Figure] | None = None) -> Any:
    """Shows the progress of a job, live, or how it ended; returns its result, or the part so far."""
    job = _jobs().get((what, name, arch))
    if job is None:
        return None
    st.fragment(_look, run_every=None if job.ended else LOOK)(what, job, job.ended, chart)
    return job.result if job.state is State.DONE else job.partial


def _look(what: str, job: Job, ended: bool, chart: Callable[[Job], go.Figure] | None) -> None:
    if job.ended and not ended:
        st.rerun(scope="app")
    if not job.ended:
        left, right = st.columns([5, 1], vertical_alignment="center")
        left.progress(job.done / job.total if job.total else 0.0, waiting.how_far(job))
        right.button("Cancel", key=f"own_cancel-{what}", on_click=job.cancel, width="stretch")
    elif job.state is State.CANCELLED:
        best = what == "train" and job.partial is not None
        st.caption(f"Cancelled after {job.seconds:.0f} s.{' The best model so far is used.' if best else ''}")
    elif job.state is State.FAILED:
        st.text(job.error)
    if chart and job.curve:
        st.plotly_chart(chart(job), key=f"own_chart-{what}", config={"displayModeBar": False})


def remove(name: str) -> None:
    """Removes a dataset with everything that belongs to it, and cancels its jobs."""
    for key in [key for key in _jobs() if key[1] == name]:
        _jobs().pop(key).cancel()
    session.datasets().pop(name, None)
    session.graphs(name).clear()
    if st.session_state.get("shared", {}).get("dataset") == name:
        st.session_state.shared = {}


def start_over(name: str) -> None:
    """Puts the dataset under a new name, without models: caches know the old ones by the old name."""
    own = session.datasets()[name]
    plain = replace(own.dataset.spec, name=name.rpartition("-")[0])
    remove(name)
    st.session_state.own_dataset = session.add(
        replace(own.dataset, spec=plain), own.label, own.built_in, own.filename, own.content
    )


def _submit(key: Key, title: str, work: Callable[..., Any], *arguments: Any) -> None:
    try:
        _jobs()[key] = state.submit(title, work, *arguments)
    except ValueError as error:
        st.error(plain(error.args[0]))
    else:
        st.rerun()


def _jobs() -> dict[Key, Job]:
    return st.session_state.setdefault("own_jobs", {})
