"""What a session would lose: a note in the sidebar; the browser asks before it leaves while that is there."""

from typing import Any

import streamlit as st

KEY = "unsaved"  # of the note, which the page's own script looks for
LOST = ("cancelled", "failed")  # jobs that give nothing


def mark(name: str) -> None:
    """Notes that a dataset was handed to the browser as a file; whether that kept it, nobody is told."""
    st.session_state.setdefault("saved_work", {})[name] = made(name)


def show() -> None:
    """Shows which of the session's datasets have something that is in no file yet."""
    saved = st.session_state.get("saved_work", {})
    own: dict[str, Any] = st.session_state.get("own_datasets", {})
    titles = [one.dataset.spec.title for name, one in own.items() if made(name) - saved.get(name, set())]
    if titles:
        with st.sidebar.container(key=KEY):
            st.text(f"Not saved yet: {', '.join(titles)}. “Save as one file” is on Upload.")


def made(name: str) -> set[tuple[object, ...]]:
    """Returns what a dataset's models, explainers and results are, also those that a job is yet to give."""
    own = st.session_state.own_datasets[name]
    found: set[tuple[object, ...]] = {("train", arch) for arch in own.classifiers}
    found |= {("fit", *key) for key in own.explainers} | {("bench", arch) for arch in own.results}
    jobs = st.session_state.get("own_jobs", {}).items()
    return found | {("job", id(job)) for (_, of, _), job in jobs if of == name and job.state not in LOST}
