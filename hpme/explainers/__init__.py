"""Explainers: ours, the soft peers, and the floor."""

import torch
from torch import nn
from torch_geometric.explain import GNNExplainer, PGExplainer

from hpme.explainers.base import Explainer, ExplainerSpec, NotFittedError, hard_mask, top_nodes
from hpme.explainers.config import HPMEConfig
from hpme.explainers.hpme import HPME
from hpme.explainers.pyg import AsPyG, FromPyG
from hpme.explainers.random import RandomExplainer


def _hpme(model: nn.Module, seed: int) -> Explainer:
    return HPME(model, HPMEConfig(seed=seed))


def _random(model: nn.Module, seed: int) -> Explainer:
    return RandomExplainer(model, seed)


def _gnnexplainer(model: nn.Module, seed: int) -> Explainer:
    return FromPyG(GNNExplainer(epochs=100), model, seed)


def _pgexplainer(model: nn.Module, seed: int) -> Explainer:
    # The paper's settings for BA-2motifs, but fewer epochs and PyG's bias. PyG has coefficients on the class,
    # where one instance's stay for the next: so name all of them.
    coefficients = {"edge_size": 3e-4, "edge_ent": 0.3, "temp": [5.0, 1.0], "bias": 0.01}
    with torch.random.fork_rng(devices=[]):  # it draws weights when made; `fit` draws them anew from the seed
        algorithm = PGExplainer(epochs=20, lr=5e-3, **coefficients)
    return FromPyG(algorithm, model, seed)


EXPLAINERS: dict[str, ExplainerSpec] = {
    spec.name: spec
    for spec in (
        ExplainerSpec("hpme", "HPME", True, _hpme, "https://arxiv.org/abs/2606.05756"),
        ExplainerSpec("random", "Random", False, _random, "the floor"),
        ExplainerSpec(
            "gnnexplainer", "GNNExplainer", False, _gnnexplainer, "https://arxiv.org/abs/1903.03894"
        ),
        ExplainerSpec("pgexplainer", "PGExplainer", False, _pgexplainer, "https://arxiv.org/abs/2011.04573"),
    )
}

__all__ = [
    "EXPLAINERS",
    "HPME",
    "AsPyG",
    "Explainer",
    "ExplainerSpec",
    "FromPyG",
    "HPMEConfig",
    "NotFittedError",
    "RandomExplainer",
    "hard_mask",
    "top_nodes",
]
