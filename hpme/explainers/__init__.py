"""Explainers: ours, the soft peers, and the floor."""

from functools import partial

import torch
from torch import nn
from torch_geometric.explain import GNNExplainer, PGExplainer

from hpme.explainers.base import Explainer, ExplainerSpec, NotFittedError, hard_mask, top_nodes
from hpme.explainers.config import HPMEConfig
from hpme.explainers.degree import Degree
from hpme.explainers.edge_mask import EdgeMaskConfig, EdgeMaskExplainer
from hpme.explainers.gradcam import GradCAM
from hpme.explainers.gsat import GSATObjective
from hpme.explainers.hpme import HPME
from hpme.explainers.integrated_gradients import IntegratedGradients
from hpme.explainers.mixupexplainer import MixupObjective
from hpme.explainers.nodewise import NodeWise
from hpme.explainers.proxyexplainer import ProxyObjective
from hpme.explainers.pyg import AsPyG, FromPyG
from hpme.explainers.random import RandomExplainer
from hpme.explainers.saliency import Saliency


def _hpme(model: nn.Module, seed: int) -> Explainer:
    return HPME(model, HPMEConfig(seed=seed))


def _random(model: nn.Module, seed: int) -> Explainer:
    return RandomExplainer(model, seed)


def _degree(model: nn.Module, seed: int) -> Explainer:
    return NodeWise(model, Degree())


def _saliency(model: nn.Module, seed: int) -> Explainer:
    return NodeWise(model, Saliency())


def _integrated_gradients(model: nn.Module, seed: int) -> Explainer:
    return NodeWise(model, IntegratedGradients())


def _gradcam(model: nn.Module, seed: int) -> Explainer:
    return NodeWise(model, GradCAM())


def _gnnexplainer(model: nn.Module, seed: int) -> Explainer:
    return FromPyG(GNNExplainer(epochs=100), model, seed)


def _pgexplainer(model: nn.Module, seed: int) -> Explainer:
    # The paper's settings for BA-2motifs, but fewer epochs and PyG's bias. PyG has coefficients on the class,
    # where one instance's stay for the next: so name all of them.
    coefficients = {"edge_size": 3e-4, "edge_ent": 0.3, "temp": [5.0, 1.0], "bias": 0.01}
    with torch.random.fork_rng(devices=[]):  # it draws weights when made; `fit` draws them anew from the seed
        algorithm = PGExplainer(epochs=20, lr=5e-3, **coefficients)
    return FromPyG(algorithm, model, seed)


def _mixupexplainer(model: nn.Module, seed: int, as_released: bool) -> Explainer:
    objective = MixupObjective(as_released=as_released)
    return EdgeMaskExplainer(model, EdgeMaskConfig(objective, seed, steps=1500, learning_rate=1e-3))


def _proxyexplainer(model: nn.Module, seed: int) -> Explainer:
    return EdgeMaskExplainer(model, EdgeMaskConfig(ProxyObjective(), seed, batch_size=32, learning_rate=1e-3))


def _gsat(model: nn.Module, seed: int) -> Explainer:
    config = EdgeMaskConfig(GSATObjective(), seed, learning_rate=1e-3, temperature_high=1, temperature_low=1)
    return EdgeMaskExplainer(model, config)


EXPLAINERS: dict[str, ExplainerSpec] = {
    spec.name: spec
    for spec in (
        ExplainerSpec("hpme", "HPME", True, _hpme, "https://arxiv.org/abs/2606.05756"),
        ExplainerSpec("random", "Random", False, _random, "the floor"),
        ExplainerSpec("degree", "Degree", False, _degree, "the floor that knows the graph"),
        ExplainerSpec("saliency", "Saliency", False, _saliency, "https://arxiv.org/abs/1312.6034"),
        ExplainerSpec(
            "integrated-gradients",
            "Integrated gradients",
            False,
            _integrated_gradients,
            "https://arxiv.org/abs/1703.01365",
        ),
        ExplainerSpec("gradcam", "GradCAM", False, _gradcam, "https://arxiv.org/abs/1610.02391"),
        ExplainerSpec(
            "gnnexplainer", "GNNExplainer", False, _gnnexplainer, "https://arxiv.org/abs/1903.03894"
        ),
        ExplainerSpec("pgexplainer", "PGExplainer", False, _pgexplainer, "https://arxiv.org/abs/2011.04573"),
        ExplainerSpec(
            "mixupexplainer-released",
            "MixupExplainer (as released)",
            False,
            partial(_mixupexplainer, as_released=True),
            "https://arxiv.org/abs/2307.07832",
        ),
        ExplainerSpec(
            "mixupexplainer",
            "MixupExplainer (repaired)",
            False,
            partial(_mixupexplainer, as_released=False),
            "https://arxiv.org/abs/2307.07832",
        ),
        ExplainerSpec(
            "proxyexplainer", "ProxyExplainer", False, _proxyexplainer, "https://arxiv.org/abs/2402.02036"
        ),
        ExplainerSpec("gsat", "GSAT", False, _gsat, "https://arxiv.org/abs/2201.12987"),
    )
}

__all__ = [
    "EXPLAINERS",
    "HPME",
    "AsPyG",
    "Degree",
    "EdgeMaskConfig",
    "EdgeMaskExplainer",
    "Explainer",
    "ExplainerSpec",
    "FromPyG",
    "GSATObjective",
    "GradCAM",
    "HPMEConfig",
    "IntegratedGradients",
    "MixupObjective",
    "NodeWise",
    "NotFittedError",
    "ProxyObjective",
    "RandomExplainer",
    "Saliency",
    "hard_mask",
    "top_nodes",
]
