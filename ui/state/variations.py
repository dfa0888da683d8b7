"""The picked graph at other sizes, under other seeds, in other donors, and after edits."""

from dataclasses import replace
from typing import Any

import streamlit as st
from torch import Tensor
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import figures, metrics
from hpme.analysis.breakdown import Breakdown, break_down
from hpme.analysis.pieces import Piece
from hpme.analysis.spare import spare_pieces
from hpme.datasets import Dataset
from hpme.editing import counterfactuals as changes
from hpme.editing import kinds as node_kinds
from hpme.editing.around import edited_around
from hpme.editing.counterfactuals import Counterfactuals
from hpme.editing.edits import from_text
from hpme.explainers import REFERENCE
from hpme.explainers.sizes import at_size, hard_mask
from hpme.metrics import SizeCurve, Trials
from hpme.metrics.forward import logits, subgraphs, zeroed
from ui.state.explained import explain_hard, explain_with_hpme, story
from ui.state.sources import KEYS, Case, explainer, seeds

CURVE_DONORS = 5  # of the mixes on the size curve
PLAIN: dict[str, Any] = {  # what picks an explanation, as it is at first: predictions do not depend on it
    **{"seed": 0, "explainer": REFERENCE, "target": None},
    **{"checkpoint": None, "k": None, "donor": None, "draw": 0},
}


@st.cache_resource(max_entries=200, show_spinner=False, hash_funcs=KEYS)
def size_curve(case: Case) -> tuple[SizeCurve, int]:
    """Predictions on the nested subgraphs of the picked ranking, and the number of nodes that it keeps."""
    if case.pick.k is not None:
        return size_curve(case.vary(k=None))
    donors = [*case.donors[:CURVE_DONORS]]
    own, *others = explain_hard(case, [case.graph, *donors])
    cuts = [hard_mask(other) for other in others]
    curve = metrics.size_curve(
        case.model, case.graph, own.node_score, int(own.target), donors, cuts, case.pick.seed
    )
    return curve, int(hard_mask(own).sum())


@st.cache_resource(max_entries=50, show_spinner=False, hash_funcs=KEYS)
def trials(case: Case, count: int) -> dict[int, Trials]:
    """The picked graph under each fitted explainer, by seed, and in the same `count` donors."""
    pick, donors, by_seed = case.pick, [*case.donors[:count]], {}
    near = case.scale.tolerance if case.scale else 0.0
    for seed in seeds(pick.dataset, pick.model):
        fitted = explainer(pick.dataset, pick.model, seed)
        own, *others = fitted.explain_batch([case.graph, *donors])
        keep, cuts = hard_mask(own, pick.k), [hard_mask(other) for other in others]
        by_seed[seed] = metrics.trials(case.model, case.graph, keep, donors, cuts, pick.seed, near=near)
    return by_seed


@st.cache_resource(max_entries=100, show_spinner=False, hash_funcs=KEYS)
def cut_answers(case: Case) -> figures.Answers:
    """Predictions on the picked graph: whole, without the dropped nodes, and with them zeroed."""
    shown = story(case)
    graph, keep = shown.scene.graph, shown.scene.keep
    views = [graph, *subgraphs([graph], [keep]), zeroed(graph, keep)]
    return replace(shown.answers, outputs=logits(case.model, views))


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=KEYS)
def kinds(dataset: Dataset) -> node_kinds.Kinds:
    """The types that nodes can be given."""
    return node_kinds.kinds_of(dataset)


@st.cache_resource(max_entries=400, show_spinner=False, hash_funcs=KEYS)
def edited(case: Case, edits: str) -> tuple[Data, Tensor]:
    """The picked graph after edits, as `edits.to_text` writes them, and the model's output ``[1, C]``."""
    history, types = from_text(edits), kinds(case.dataset)
    if case.around is None:
        graph = node_kinds.edited(case.graph, history, types)
    else:
        graph = edited_around(case.around, case.pick.graph, history, types)
    return graph, logits(case.model, [graph])


@st.cache_resource(max_entries=400, show_spinner=False, hash_funcs=KEYS)
def edited_explanation(case: Case, edits: str) -> Explanation:
    """HPME's explanation of the picked graph after edits, at the picked size."""
    graph, _ = edited(case, edits)
    (own,) = explain_with_hpme(case, [graph])
    return own if case.pick.k is None else at_size(own, case.pick.k)


def counterfactuals(case: Case) -> Counterfactuals:
    """What would change the prediction for the picked graph, whatever explains it."""
    return _counterfactuals(case.vary(**PLAIN))


@st.cache_resource(max_entries=50, show_spinner=False, hash_funcs=KEYS)
def _counterfactuals(case: Case) -> Counterfactuals:
    near = case.scale.tolerance if case.scale else 0.0
    types = kinds(case.dataset)
    return changes.counterfactuals(case.model, case.graph, types, around=case.around, near=near)


def spare(case: Case) -> list[Piece]:
    """Pieces of the picked graph that alone keep the prediction, where it is lost without them."""
    return _spare(case.vary(**PLAIN))


@st.cache_resource(max_entries=50, show_spinner=False, hash_funcs=KEYS)
def _spare(case: Case) -> list[Piece]:
    return spare_pieces(case.model, case.graph)


@st.cache_resource(max_entries=400, show_spinner=False, hash_funcs=KEYS)
def breakdown(case: Case) -> Breakdown:
    """What nodes and pieces of the picked graph add to the model's number."""
    return break_down(case.model, [case.graph])[0]
