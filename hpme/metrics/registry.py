"""What each metric means: its direction, range and source, in the order of a results row."""

from dataclasses import dataclass
from math import inf
from typing import Literal

PGEXPLAINER = "Luo et al. (2020), arXiv:2011.04573"
GRAPHFRAMEX = "Amara et al. (2022), arXiv:2206.09677"
PROXY = "Chen et al. (2024), arXiv:2402.02036"
HPME = "after arXiv:2606.05756"


@dataclass(frozen=True)
class Metric:
    """An entry of the `METRICS` registry."""

    name: str  # key in a results row
    title: str
    direction: Literal["up", "down", "none"]  # where better is
    low: float
    high: float
    help: str  # one plain sentence
    source: str


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "edge_auc",
            "Edge AUC",
            "up",
            0.0,
            1.0,
            "How often a true edge is ranked above another edge of its graph, on average over the graphs.",
            PGEXPLAINER,
        ),
        Metric(
            "edge_auc_pooled",
            "Edge AUC, pooled",
            "up",
            0.0,
            1.0,
            "How often a true edge is ranked above another edge, all graphs taken together.",
            PROXY,
        ),
        Metric(
            "edge_ap",
            "Edge AP",
            "up",
            0.0,
            1.0,
            "Average precision of the edge ranking, on average over the graphs.",
            "scikit-learn, average_precision_score",
        ),
        Metric(
            "node_iou",
            "Node IoU",
            "up",
            0.0,
            1.0,
            "Nodes both kept and true, divided by nodes kept or true.",
            "Jaccard (1912)",
        ),
        Metric(
            "exact_rate",
            "Exact",
            "up",
            0.0,
            1.0,
            "Share of graphs whose kept nodes are the true ones, all of them and no other.",
            "this project",
        ),
        Metric(
            "kept_share",
            "Kept share",
            "none",
            0.0,
            1.0,
            "Share of a graph's nodes that the explanation keeps.",
            "this project",
        ),
        Metric(
            "kept_on_mix",
            "Kept on the mix",
            "up",
            0.0,
            1.0,
            "How often the prediction stays when the explanation is put into another graph.",
            HPME,
        ),
        Metric(
            "kept_on_subgraph",
            "Kept on the subgraph",
            "up",
            0.0,
            1.0,
            "How often the prediction stays when the classifier sees the explanation alone.",
            GRAPHFRAMEX,
        ),
        Metric(
            "fid_plus",
            "Fid+",
            "up",
            0.0,
            1.0,
            "How often the prediction changes when the explanation is removed.",
            GRAPHFRAMEX,
        ),
        Metric(
            "fid_minus",
            "Fid−",
            "down",
            0.0,
            1.0,
            "How often the prediction changes when all but the explanation is removed.",
            GRAPHFRAMEX,
        ),
        Metric(
            "cos_subgraph",
            "Cosine, subgraph",
            "up",
            -1.0,
            1.0,
            "Cosine of the classifier's graph embeddings, original to explanation alone.",
            PROXY,
        ),
        Metric(
            "cos_mix",
            "Cosine, mix",
            "up",
            -1.0,
            1.0,
            "Cosine of the classifier's graph embeddings, original to mixed graph.",
            PROXY,
        ),
        Metric(
            "l2_subgraph",
            "Distance, subgraph",
            "down",
            0.0,
            inf,
            "Euclidean distance of the classifier's graph embeddings, original to explanation alone.",
            PROXY,
        ),
        Metric(
            "l2_mix",
            "Distance, mix",
            "down",
            0.0,
            inf,
            "Euclidean distance of the classifier's graph embeddings, original to mixed graph.",
            PROXY,
        ),
        Metric(
            "capacity_bits",
            "Capacity",
            "down",
            0.0,
            inf,
            "Bits that a hard subgraph of this size can carry at most.",
            HPME,
        ),
    )
}
