"""Long work, which runs as jobs, and what it brought."""

from uuid import uuid4

import streamlit as st
from torch_geometric.data import Batch

from hpme.forward.fingerprint import fingerprint
from hpme.jobs import peers
from hpme.jobs.pool import Jobs
from ui.state.sources import classifier, dataset

SHELF = 4000  # fitted explainers and explained graphs


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """The long work of all sessions."""
    return Jobs()


@st.cache_resource(show_spinner=False, scope="session", on_release=lambda name: jobs().cancel(name))
def owner() -> str:
    """Whose the jobs of this session are; they end with it."""
    return uuid4().hex


@st.cache_resource(show_spinner=False)
def shelf() -> peers.ResultCache:
    """What jobs brought: fitted explainers by `peer_key`, explanations by that and the graph's id."""
    return peers.ResultCache(SHELF)


@st.cache_data(max_entries=64, show_spinner=False)
def peer_key(name: str, arch: str, explainer: str, seed: int) -> tuple[str, str, str, int]:
    """What tells a fitted explainer from all others; its settings follow from its name."""
    return name, fingerprint(classifier(name, arch)), explainer, seed


@st.cache_data(max_entries=2, show_spinner=False)
def packed_train(name: str) -> Batch:
    """The training graphs of a dataset as one batch, to be sent to a job."""
    return Batch.from_data_list(dataset(name).train)
