"""Settings of a comparison, and the keys of a row of its results."""

from dataclasses import dataclass
from typing import Literal, get_args

from hpme import checks
from hpme.benchmark.oracle import GROUND_TRUTH
from hpme.classifiers import CLASSIFIERS, is_reference
from hpme.datasets import DATASETS
from hpme.explainers import EXPLAINERS, REFERENCE, ExplainerSpec
from hpme.explainers.node_scores.random import RANDOM
from hpme.own_data import READERS, is_file

KEYS = (
    "dataset", "model", "explainer", "seed", "split", "graphs", "accuracy",
    "edge_auc", "edge_auc_pooled", "edge_ap", "node_iou", "exact_rate", "kept_share",
    "kept_on_mix", "kept_on_subgraph", "fid_plus", "fid_minus", "robust_fid_plus", "robust_fid_minus",
    "cos_subgraph", "cos_mix", "l2_subgraph", "l2_mix", "mmd_subgraph", "mmd_mix",
    "capacity_bits", "fit_seconds", "explain_ms", "config",
    "characterization", "size_mix", "cos_own_mix", "seed_iou", "classifier", "limit",
    "classifier_seed", "same_as_model", "centre_kept", "path_iou",
    "mean_mask", "saturated", "by_graph", "pool",
    "f_fid_plus", "f_fid_minus", "necessity", "edge_auc_by_class", "edge_auc_untrained", "floor", "chosen",
    "kept_on_neutral_mix", "refused",
)  # fmt: skip
Split = Literal["held-out", "transductive"]


@dataclass(frozen=True)
class BenchConfig:
    """Settings of a comparison, saved with its results.

    Raises:
        KeyError: If a name is unknown.
        ValueError: If a count is below one.
    """

    datasets: tuple[str, ...] = ("ba-2motifs", "benzene")  # names, or paths of a user's files
    models: tuple[str, ...] = ()  # or references of models registered for each dataset; none: its default
    explainers: tuple[str, ...] = (REFERENCE, RANDOM.name)
    seeds: int = 1  # of the explainers: 0, 1, ... on one model
    classifier_seeds: int = 1  # of the models: 0 is the shipped one, 1, 2, ... are trained first
    graphs: int = 200  # at most this many are scored
    split: Split = "held-out"  # or transductive: fitted on all graphs, the scored ones included
    label: str | None = None  # name of the label in a user's files
    floor: bool = False  # is each explainer fitted to an untrained copy of the model, too?

    def __post_init__(self) -> None:
        """Refuses unknown names and counts below one."""
        for name in self.datasets:
            if not is_file(name):
                checks.known(name, DATASETS, f"dataset (or a path ending in .{', .'.join(READERS)})")
        for name in self.models:
            if not is_reference(name):
                checks.known(name, CLASSIFIERS, "model")
        for name in self.explainers:
            checks.known(name, [*EXPLAINERS, GROUND_TRUTH.name], "explainer")
        checks.known(self.split, get_args(Split), "split")
        checks.in_range("seeds", self.seeds, 1, 1000)
        checks.in_range("classifier_seeds", self.classifier_seeds, 1, 1000)
        own = [name for name in self.models if is_reference(name)]
        if own and self.classifier_seeds > 1:
            raise ValueError(
                f"Expected models that can be trained for {self.classifier_seeds} seeds (got {own[0]!r}); "
                "leave --classifier-seeds out for your own model"
            )
        checks.in_range("graphs", self.graphs, 1, 1_000_000)

    @property
    def tries(self) -> list[tuple[str, int]]:
        """Returns explainers with their seeds, seed by seed, HPME first, which sets the sizes."""
        names = sorted(self.explainers, key=lambda name: not spec(name).reference)
        return [
            (name, seed)
            for seed in range(self.seeds)
            for name in names
            if seed < (spec(name).max_seeds or seed + 1)
        ]

    @property
    def num_rows(self) -> int:
        """Returns the number of rows that the comparison gives."""
        return len(self.datasets) * (len(self.models) or 1) * self.classifier_seeds * len(self.tries)

    def limit(self, explainer: str) -> int:
        """Returns the most graphs that an explainer is scored on."""
        return min(self.graphs, spec(explainer).max_graphs or self.graphs)


def spec(explainer: str) -> ExplainerSpec:
    """Returns the registry's entry of an explainer, or that of the ground truth."""
    return GROUND_TRUTH if explainer == GROUND_TRUTH.name else EXPLAINERS[explainer]
