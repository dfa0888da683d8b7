"""The only cached functions, shared by all pages. Cached resources are read-only, for all sessions."""

import torch

from ui.state.drawings import CARD, answer, dark, grid, path_chart, picture, trio
from ui.state.explained import method, missing, positions, raw_explanation, refusal, soft, story
from ui.state.jobs import explained_key, explanation_key, job_pool, packed_train, result_key, results, submit
from ui.state.maps import MappedGraphs, input_embeddings, mapped_graphs, projection, split_distances
from ui.state.measured import measured, summaries, verdicts
from ui.state.overall import Say, cards, pieces
from ui.state.sources import (
    Case,
    Pick,
    card,
    classifier,
    dataset,
    explainer,
    fits,
    fitted_here,
    graph_of,
    graphs,
    is_fitted,
    models,
    names,
    resolve,
    scale,
    seeds,
    spec,
)
from ui.state.split import first_graph, groups, labels_and_predictions
from ui.state.variations import (
    CURVE_DONORS,
    breakdown,
    cut_answers,
    edited,
    edited_explanation,
    kinds,
    size_curve,
    trials,
)
from ui.state.whole import node_list, whole_graph

torch.set_num_threads(1)  # sessions share the cores, and one graph is too small for two

__all__ = [
    "CARD",
    "CURVE_DONORS",
    "Case",
    "MappedGraphs",
    "Pick",
    "Say",
    "answer",
    "breakdown",
    "card",
    "cards",
    "classifier",
    "cut_answers",
    "dark",
    "dataset",
    "edited",
    "edited_explanation",
    "explained_key",
    "explainer",
    "explanation_key",
    "first_graph",
    "fits",
    "fitted_here",
    "graph_of",
    "graphs",
    "grid",
    "groups",
    "input_embeddings",
    "is_fitted",
    "job_pool",
    "kinds",
    "labels_and_predictions",
    "mapped_graphs",
    "measured",
    "method",
    "missing",
    "models",
    "names",
    "node_list",
    "packed_train",
    "path_chart",
    "picture",
    "pieces",
    "positions",
    "projection",
    "raw_explanation",
    "refusal",
    "resolve",
    "result_key",
    "results",
    "scale",
    "seeds",
    "size_curve",
    "soft",
    "spec",
    "split_distances",
    "story",
    "submit",
    "summaries",
    "trials",
    "trio",
    "verdicts",
    "whole_graph",
]
