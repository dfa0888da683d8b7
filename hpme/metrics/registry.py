"""Metrics with their direction, range, meaning and source, in the order of a results row."""

from dataclasses import dataclass
from math import inf
from typing import Literal

PGEXPLAINER = "Luo et al. (2020), arXiv:2011.04573"
GRAPHFRAMEX = "Amara et al. (2022), arXiv:2206.09677"
PROXY = "Chen et al. (2024), arXiv:2402.02036"
ROBUST = "Zheng et al. (2024), arXiv:2310.01820"
F_FIDELITY = "Zheng et al. (2024), arXiv:2410.02970"
GRAPHRNN = "You et al. (2018), arXiv:1802.08773"
HPME = "after arXiv:2606.05756"


@dataclass(frozen=True, kw_only=True)
class Metric:
    """An entry of the `METRICS` registry."""

    name: str  # key in a results row
    title: str
    direction: Literal["up", "down", "none"]  # where better is
    low: float
    high: float
    help: str  # one sentence
    source: str


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            name="edge_auc",
            title="Edge AUC",
            direction="up",
            low=0.0,
            high=1.0,
            help="How often a true edge is ranked above another edge of its graph, "
            "on average over the graphs.",
            source=PGEXPLAINER,
        ),
        Metric(
            name="edge_auc_pooled",
            title="Edge AUC, pooled",
            direction="up",
            low=0.0,
            high=1.0,
            help="How often a true edge is ranked above another edge, all graphs taken together.",
            source=PROXY,
        ),
        Metric(
            name="edge_ap",
            title="Edge AP",
            direction="up",
            low=0.0,
            high=1.0,
            help="Average precision of the edge ranking, on average over the graphs.",
            source="scikit-learn, average_precision_score",
        ),
        Metric(
            name="node_iou",
            title="Node IoU",
            direction="up",
            low=0.0,
            high=1.0,
            help="Nodes both kept and true, divided by nodes kept or true.",
            source="Jaccard (1912)",
        ),
        Metric(
            name="exact_rate",
            title="Exact",
            direction="up",
            low=0.0,
            high=1.0,
            help="Share of graphs whose kept nodes are exactly the true ones.",
            source="this project",
        ),
        Metric(
            name="f_fid_plus",
            title="F-Fid+",
            direction="up",
            low=-1.0,
            high=1.0,
            help="How much less often the prediction holds when edges of the explanation go, at most a tenth "
            "of the graph's, asked of a copy of the model that was tuned to such graphs, at equal size.",
            source=F_FIDELITY,
        ),
        Metric(
            name="f_fid_minus",
            title="F-Fid−",
            direction="down",
            low=-1.0,
            high=1.0,
            help="How much less often the prediction holds when other edges go, at most a tenth of the "
            "graph's, asked of a copy of the model that was tuned to such graphs, at equal size.",
            source=F_FIDELITY,
        ),
        Metric(
            name="robust_fid_plus",
            title="Robust Fid+",
            direction="up",
            low=-1.0,
            high=1.0,
            help="Probability lost when a tenth of the edges inside the explanation is removed, "
            "at equal size.",
            source=ROBUST,
        ),
        Metric(
            name="robust_fid_minus",
            title="Robust Fid−",
            direction="down",
            low=-1.0,
            high=1.0,
            help="Probability lost when a tenth of all other edges is removed, at equal size.",
            source=ROBUST,
        ),
        Metric(
            name="necessity",
            title="Necessary",
            direction="up",
            low=0.0,
            high=1.0,
            help="How often the prediction is lost when the rest of the graph, without the explanation, is "
            "put into another graph in the place of its explanation.",
            source="this project",
        ),
        Metric(
            name="kept_on_neutral_mix",
            title="Holds in neutral mixes",
            direction="up",
            low=0.0,
            high=1.0,
            help="How often the prediction holds when the explanation takes the place of a random piece of "
            "another graph, or around a node when half of the rest goes: no loss has this rule, but settings "
            "of soft masks are chosen by it.",
            source="this project",
        ),
        Metric(
            name="kept_share",
            title="Kept share",
            direction="none",
            low=0.0,
            high=1.0,
            help="Share of a graph's nodes that the explanation keeps.",
            source="this project",
        ),
        Metric(
            name="kept_on_mix",
            title="Holds in mixes",
            direction="up",
            low=0.0,
            high=1.0,
            help="HPME's own criterion, which its fits pursue: how often the prediction holds when the "
            "explanation is put into another graph.",
            source=HPME,
        ),
        Metric(
            name="kept_on_subgraph",
            title="Holds alone",
            direction="up",
            low=0.0,
            high=1.0,
            help="How often the prediction holds when the model sees the explanation alone.",
            source=GRAPHFRAMEX,
        ),
        Metric(
            name="fid_plus",
            title="Fid+",
            direction="up",
            low=0.0,
            high=1.0,
            help="How often the prediction changes when the explanation is removed.",
            source=GRAPHFRAMEX,
        ),
        Metric(
            name="fid_minus",
            title="Fid−",
            direction="down",
            low=0.0,
            high=1.0,
            help="How often the prediction changes when all but the explanation is removed.",
            source=GRAPHFRAMEX,
        ),
        Metric(
            name="characterization",
            title="Characterization",
            direction="up",
            low=0.0,
            high=1.0,
            help="Harmonic mean of Fid+ and 1 − Fid−.",
            source=GRAPHFRAMEX,
        ),
        Metric(
            name="cos_subgraph",
            title="Cosine, subgraph",
            direction="up",
            low=-1.0,
            high=1.0,
            help="Cosine of the model's graph embeddings, original to explanation alone.",
            source=PROXY,
        ),
        Metric(
            name="cos_mix",
            title="Cosine, mix",
            direction="up",
            low=-1.0,
            high=1.0,
            help="Cosine of the model's graph embeddings, original to mixed graph.",
            source=PROXY,
        ),
        Metric(
            name="cos_own_mix",
            title="Cosine, own mix",
            direction="up",
            low=-1.0,
            high=1.0,
            help="Cosine of the graph embeddings, original to the graph that the explainer itself mixes.",
            source=PROXY,
        ),
        Metric(
            name="l2_subgraph",
            title="Distance, subgraph",
            direction="down",
            low=0.0,
            high=inf,
            help="Euclidean distance of the model's graph embeddings, original to explanation alone.",
            source=PROXY,
        ),
        Metric(
            name="l2_mix",
            title="Distance, mix",
            direction="down",
            low=0.0,
            high=inf,
            help="Euclidean distance of the model's graph embeddings, original to mixed graph.",
            source=PROXY,
        ),
        Metric(
            name="mmd_subgraph",
            title="MMD, subgraph",
            direction="down",
            low=0.0,
            high=2.0,
            help="Discrepancy of degrees, clustering and spectrum, originals to explanations alone.",
            source=GRAPHRNN,
        ),
        Metric(
            name="mmd_mix",
            title="MMD, mix",
            direction="down",
            low=0.0,
            high=2.0,
            help="Discrepancy of degrees, clustering and spectrum, originals to mixed graphs.",
            source=GRAPHRNN,
        ),
        Metric(
            name="size_mix",
            title="Size, mix",
            direction="none",
            low=0.0,
            high=inf,
            help="Nodes of the mixed graph, divided by nodes of the original.",
            source="this project",
        ),
        Metric(
            name="seed_iou",
            title="Stability",
            direction="up",
            low=0.0,
            high=1.0,
            help="Nodes kept under both of two seeds, divided by nodes kept under either, averaged over "
            "pairs of seeds.",
            source="Jaccard (1912)",
        ),
        Metric(
            name="capacity_bits",
            title="Capacity",
            direction="down",
            low=0.0,
            high=inf,
            help="The most bits that a hard subgraph of this size can carry.",
            source=HPME,
        ),
        Metric(
            name="centre_kept",
            title="Node kept",
            direction="up",
            low=0.0,
            high=1.0,
            help="Share of explanations of nodes that keep the node itself by their own ranking.",
            source="this project",
        ),
        Metric(
            name="mean_mask",
            title="Mean mask",
            direction="none",
            low=0.0,
            high=1.0,
            help="Mean weight that a fitted soft mask gives to an edge, over all graphs.",
            source="this project",
        ),
        Metric(
            name="saturated",
            title="Saturated",
            direction="none",
            low=0.0,
            high=1.0,
            help="Share of graphs whose fitted soft mask spans less than .05 from its least to its most, "
            "so that its ranking says nothing.",
            source="this project",
        ),
        Metric(
            name="path_iou",
            title="Best IoU on the path",
            direction="none",
            low=0.0,
            high=1.0,
            help="Node IoU at the point of HPME's path that the ground truth would choose; none may ask it.",
            source="this project",
        ),
    )
}
