"""Measures of explanations: agreement with the ground truth, faithfulness to the classifier, shift."""

from hpme.metrics.evaluate import evaluate
from hpme.metrics.faithfulness import (
    fid_minus,
    fid_plus,
    kept_on_mix,
    kept_on_subgraph,
    kept_share,
    prediction_kept,
)
from hpme.metrics.ground_truth import edge_ap, edge_auc, edge_auc_pooled, exact, has_ground_truth, node_iou
from hpme.metrics.registry import METRICS, Metric
from hpme.metrics.shift import cos_mix, cos_subgraph, cosine, l2, l2_mix, l2_subgraph

__all__ = [
    "METRICS",
    "Metric",
    "cos_mix",
    "cos_subgraph",
    "cosine",
    "edge_ap",
    "edge_auc",
    "edge_auc_pooled",
    "evaluate",
    "exact",
    "fid_minus",
    "fid_plus",
    "has_ground_truth",
    "kept_on_mix",
    "kept_on_subgraph",
    "kept_share",
    "l2",
    "l2_mix",
    "l2_subgraph",
    "node_iou",
    "prediction_kept",
]
