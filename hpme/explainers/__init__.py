"""Explainers: ours, the soft peers, and the floor."""

from dataclasses import replace
from functools import partial

from torch import nn

from hpme.explainers.base import Explainer, ExplainerSpec, NotFittedError
from hpme.explainers.edge_masks.base import EdgeMaskConfig, EdgeMaskExplainer
from hpme.explainers.edge_masks.gnnexplainer import BatchedGNNExplainer, GNNExplainerConfig
from hpme.explainers.edge_masks.gsat import GSATObjective
from hpme.explainers.edge_masks.mixupexplainer import MixupObjective
from hpme.explainers.edge_masks.pgexplainer import PGObjective
from hpme.explainers.edge_masks.proxyexplainer import ProxyObjective
from hpme.explainers.edge_masks.refine import ReFine, ReFineConfig
from hpme.explainers.edge_masks.regexplainer import RegObjective
from hpme.explainers.hpme import HPME
from hpme.explainers.hpme.config import HPMEConfig
from hpme.explainers.node_scores.base import NodeWise
from hpme.explainers.node_scores.degree import Degree
from hpme.explainers.node_scores.gradcam import GradCAM
from hpme.explainers.node_scores.integrated_gradients import IntegratedGradients
from hpme.explainers.node_scores.random import RandomExplainer
from hpme.explainers.node_scores.saliency import Saliency
from hpme.explainers.pyg import AsPyG, FromPyG
from hpme.explainers.sizes import hard_mask, top_nodes
from hpme.explainers.subgraphx import SubgraphX, SubgraphXConfig


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
    return BatchedGNNExplainer(model, GNNExplainerConfig(seed))


def _subgraphx(model: nn.Module, seed: int) -> Explainer:
    return SubgraphX(model, SubgraphXConfig(seed))


def _pgexplainer(model: nn.Module, seed: int) -> Explainer:
    return EdgeMaskExplainer(model, EdgeMaskConfig(PGObjective(), seed))


def _refine(model: nn.Module, seed: int) -> Explainer:
    return ReFine(model, ReFineConfig(seed))


def _mixupexplainer(model: nn.Module, seed: int, as_released: bool) -> Explainer:
    config = EdgeMaskConfig(MixupObjective(as_released=as_released), seed, learning_rate=3e-3)
    if as_released:
        config = replace(config, start=0, temperature_high=5)
    return EdgeMaskExplainer(model, config)


def _regexplainer(model: nn.Module, seed: int) -> Explainer:
    return EdgeMaskExplainer(model, EdgeMaskConfig(RegObjective(), seed, learning_rate=3e-3))


def _proxyexplainer(model: nn.Module, seed: int) -> Explainer:
    config = EdgeMaskConfig(ProxyObjective(), seed, steps=300, batch_size=32, learning_rate=1e-3)
    return EdgeMaskExplainer(model, config)


def _gsat(model: nn.Module, seed: int) -> Explainer:
    return EdgeMaskExplainer(model, EdgeMaskConfig(GSATObjective(), seed, learning_rate=1e-3))


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
        ExplainerSpec("subgraphx", "SubgraphX", True, _subgraphx, "https://arxiv.org/abs/2102.05152", 50, 1),
        ExplainerSpec("pgexplainer", "PGExplainer", False, _pgexplainer, "https://arxiv.org/abs/2011.04573"),
        ExplainerSpec(
            "refine",
            "ReFine",
            False,
            _refine,
            "Wang et al. (2021), Towards multi-grained explainability for graph neural networks",
        ),
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
            "regexplainer", "RegExplainer", False, _regexplainer, "https://arxiv.org/abs/2307.07840"
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
    "BatchedGNNExplainer",
    "Degree",
    "EdgeMaskConfig",
    "EdgeMaskExplainer",
    "Explainer",
    "ExplainerSpec",
    "FromPyG",
    "GNNExplainerConfig",
    "GSATObjective",
    "GradCAM",
    "HPMEConfig",
    "IntegratedGradients",
    "MixupObjective",
    "NodeWise",
    "NotFittedError",
    "PGObjective",
    "ProxyObjective",
    "RandomExplainer",
    "ReFine",
    "ReFineConfig",
    "RegObjective",
    "Saliency",
    "SubgraphX",
    "SubgraphXConfig",
    "hard_mask",
    "top_nodes",
]
