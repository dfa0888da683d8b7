"""What each metric means: its direction, range and source, in the order of a results row."""

from dataclasses import dataclass
from math import inf
from typing import Literal

PGEXPLAINER = "Luo et al. (2020), arXiv:2011.04573"
GRAPHFRAMEX = "Amara et al. (2022), arXiv:2206.09677"
PROXY = "Chen et al. (2024), arXiv:2402.02036"
ROBUST = "Zheng et al. (2024), arXiv:2310.01820"
GRAPHRNN = "You et al. (2018), arXiv:1802.08773"
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
            "characterization",
            "Characterization",
            "up",
            0.0,
            1.0,
            "Harmonic mean of Fid+ and of what Fid− leaves to 1.",
            GRAPHFRAMEX,
        ),
        Metric(
            "robust_fid_plus",
            "Robust Fid+",
            "up",
            -1.0,
            1.0,
            "Probability lost when a tenth of the edges inside the explanation goes, at equal size.",
            ROBUST,
        ),
        Metric(
            "robust_fid_minus",
            "Robust Fid−",
            "down",
            -1.0,
            1.0,
            "Probability lost when a tenth of all other edges goes, at equal size.",
            ROBUST,
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
            "cos_own_mix",
            "Cosine, own mix",
            "up",
            -1.0,
            1.0,
            "Cosine of the graph embeddings, original to the graph that the method itself mixes.",
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
            "mmd_subgraph",
            "MMD, subgraph",
            "down",
            0.0,
            2.0,
            "Discrepancy of degrees, clustering and spectrum, originals to explanations alone.",
            GRAPHRNN,
        ),
        Metric(
            "mmd_mix",
            "MMD, mix",
            "down",
            0.0,
            2.0,
            "Discrepancy of degrees, clustering and spectrum, originals to mixed graphs.",
            GRAPHRNN,
        ),
        Metric(
            "size_mix",
            "Size, mix",
            "none",
            0.0,
            inf,
            "Nodes of a mixed graph over those of the original.",
            "this project",
        ),
        Metric(
            "seed_iou",
            "Stability",
            "up",
            0.0,
            1.0,
            "Nodes kept with both of two seeds over those kept with one of them, on average over the seeds.",
            "Jaccard (1912)",
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
