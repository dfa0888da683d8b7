"""Measures of explanations: agreement with the ground truth, faithfulness to the model, shift."""

from hpme.metrics.agreement import iou, matrix, rank_correlation, votes
from hpme.metrics.curve import SizeCurve, size_curve
from hpme.metrics.evaluate import evaluate
from hpme.metrics.f_fidelity import f_fid_minus, f_fid_plus, finetuned
from hpme.metrics.faithfulness import (
    centre_kept,
    fid_minus,
    fid_plus,
    kept_on_mix,
    kept_on_subgraph,
    kept_share,
    necessity,
    prediction_kept,
)
from hpme.metrics.ground_truth import (
    edge_ap,
    edge_auc,
    edge_auc_pooled,
    exact,
    has_ground_truth,
    node_iou,
    with_ground_truth,
)
from hpme.metrics.landscape import embedding_mmd, nearest
from hpme.metrics.leakage import leaked_mass, outside
from hpme.metrics.registry import METRICS, Metric
from hpme.metrics.robust import robust_fid_minus, robust_fid_plus
from hpme.metrics.saturation import mean_mask, saturated
from hpme.metrics.shift import cos_mix, cos_own_mix, cos_subgraph, cosine, l2, l2_mix, l2_subgraph
from hpme.metrics.stability import Trials, trials
from hpme.metrics.structure import mmd, size_ratio

__all__ = [
    "METRICS",
    "Metric",
    "SizeCurve",
    "Trials",
    "centre_kept",
    "cos_mix",
    "cos_own_mix",
    "cos_subgraph",
    "cosine",
    "edge_ap",
    "edge_auc",
    "edge_auc_pooled",
    "embedding_mmd",
    "evaluate",
    "exact",
    "f_fid_minus",
    "f_fid_plus",
    "fid_minus",
    "fid_plus",
    "finetuned",
    "has_ground_truth",
    "iou",
    "kept_on_mix",
    "kept_on_subgraph",
    "kept_share",
    "l2",
    "l2_mix",
    "l2_subgraph",
    "leaked_mass",
    "matrix",
    "mean_mask",
    "mmd",
    "nearest",
    "necessity",
    "node_iou",
    "outside",
    "prediction_kept",
    "rank_correlation",
    "robust_fid_minus",
    "robust_fid_plus",
    "saturated",
    "size_curve",
    "size_ratio",
    "trials",
    "votes",
    "with_ground_truth",
]
