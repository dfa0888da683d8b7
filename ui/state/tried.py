"""What becomes of the picked graph when its size, seed, donor, or the graph itself is another."""

from dataclasses import replace

import streamlit as st
from torch import Tensor
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import figures, metrics
from hpme.editing import kinds as node_kinds
from hpme.editing.edits import from_text
from hpme.explainers.sizes import at_size, hard_mask
from hpme.metrics import SizeCurve, Trials
from hpme.metrics.forward import logits, subgraphs, zeroed
from ui.state.sources import Pick, classifier, dataset, explainer, graph_of, scale, seeds
from ui.state.told import hardened, story

CURVE_DONORS = 5  # of the mixes on the size curve


@st.cache_resource(max_entries=200, show_spinner=False)
def size_curve(pick: Pick) -> tuple[SizeCurve, int]:
    """What the classifier says of the nested subgraphs of the picked ranking, and the ranking's own size."""
    if pick.k is not None:
        return size_curve(replace(pick, k=None))
    name, arch, seed = pick.dataset, pick.model, pick.seed
    graph = graph_of(name, pick.graph)
    donors = figures.donors_of(dataset(name).test, graph, CURVE_DONORS, seed)
    own, *others = hardened(pick, [graph, *donors])
    cuts = [hard_mask(other) for other in others]
    curve = metrics.size_curve(
        classifier(name, arch), graph, own.node_score, int(own.target), donors, cuts, seed
    )
    return curve, int(hard_mask(own).sum())


@st.cache_resource(max_entries=50, show_spinner=False)
def trials(pick: Pick, count: int) -> dict[int, Trials]:
    """The picked graph under each shipped explainer, by seed, and in the same `count` donors."""
    name, arch = pick.dataset, pick.model
    graph = graph_of(name, pick.graph)
    donors = figures.donors_of(dataset(name).test, graph, count, pick.seed)
    found, reading = {}, scale(name, arch)
    near = reading.tolerance if reading else 0.0
    for seed in seeds(name, arch):
        own, *others = explainer(name, arch, seed).explain_batch([graph, *donors])
        keep, cuts = hard_mask(own, pick.k), [hard_mask(other) for other in others]
        found[seed] = metrics.trials(classifier(name, arch), graph, keep, donors, cuts, pick.seed, near=near)
    return found


@st.cache_resource(max_entries=100, show_spinner=False)
def cut_answers(pick: Pick) -> figures.Answers:
    """What the classifier says of the picked graph whole, without the dropped nodes, and with them zeroed."""
    seen = story(pick)
    graph, keep = seen.scene.graph, seen.scene.keep
    shown = [graph, *subgraphs([graph], [keep]), zeroed(graph, keep)]
    return replace(seen.answers, outputs=logits(classifier(pick.dataset, pick.model), shown))


@st.cache_resource(max_entries=8, show_spinner=False)
def kinds(name: str) -> node_kinds.Kinds:
    """The types that nodes can be given."""
    return node_kinds.kinds_of(dataset(name))


@st.cache_resource(max_entries=400, show_spinner=False)
def edited(name: str, arch: str, number: int, edits: str) -> tuple[Data, Tensor]:
    """A graph after some edits, as `edits.to_text` has them, and what the classifier says ``[1, C]``."""
    graph = node_kinds.edited(graph_of(name, number), from_text(edits), kinds(name))
    return graph, logits(classifier(name, arch), [graph])


@st.cache_resource(max_entries=400, show_spinner=False)
def edited_explanation(pick: Pick, edits: str) -> Explanation:
    """What HPME says of the picked graph after some edits, at the picked size."""
    graph, _ = edited(pick.dataset, pick.model, pick.graph, edits)
    (own,) = explainer(pick.dataset, pick.model, pick.seed).explain_batch([graph], pick.checkpoint)
    return own if pick.k is None else at_size(own, pick.k)
