"""Explainers: HPME, its soft and hard peers, and the baselines."""

from hpme.explainers.as_pyg import AsPyG
from hpme.explainers.base import Explainer, ExplainerSpec, NotFittedError
from hpme.explainers.edge_masks.base import EdgeMaskConfig, EdgeMaskExplainer
from hpme.explainers.edge_masks.gnnexplainer import BatchedGNNExplainer, GNNExplainerConfig
from hpme.explainers.edge_masks.gsat import GSATObjective
from hpme.explainers.edge_masks.mixupexplainer import MixupObjective
from hpme.explainers.edge_masks.pgexplainer import PGObjective
from hpme.explainers.edge_masks.priced import EdgeMaskPath, PathConfig, PricedGSAT, PricedPG
from hpme.explainers.edge_masks.proxyexplainer import ProxyObjective
from hpme.explainers.edge_masks.refine import ReFine, ReFineConfig
from hpme.explainers.edge_masks.regexplainer import RegObjective
from hpme.explainers.eig_search import EiGSearch, EiGSearchConfig
from hpme.explainers.from_pyg import FromPyG
from hpme.explainers.gstarx import GStarX, GStarXConfig
from hpme.explainers.hpme import HPME
from hpme.explainers.hpme.config import HPMEConfig
from hpme.explainers.node_scores.base import NodeWise
from hpme.explainers.node_scores.degree import Degree
from hpme.explainers.node_scores.gradcam import GradCAM
from hpme.explainers.node_scores.integrated_gradients import IntegratedGradients
from hpme.explainers.node_scores.leave_one_out import LeaveOneOut
from hpme.explainers.node_scores.random import RandomExplainer
from hpme.explainers.node_scores.saliency import Saliency
from hpme.explainers.registry import EXPLAINERS, REFERENCE, explainers_of
from hpme.explainers.sizes import hard_mask, top_nodes
from hpme.explainers.subgraphx import SubgraphX, SubgraphXConfig

__all__ = [
    "EXPLAINERS",
    "HPME",
    "REFERENCE",
    "AsPyG",
    "BatchedGNNExplainer",
    "Degree",
    "EdgeMaskConfig",
    "EdgeMaskExplainer",
    "EdgeMaskPath",
    "EiGSearch",
    "EiGSearchConfig",
    "Explainer",
    "ExplainerSpec",
    "FromPyG",
    "GNNExplainerConfig",
    "GSATObjective",
    "GStarX",
    "GStarXConfig",
    "GradCAM",
    "HPMEConfig",
    "IntegratedGradients",
    "LeaveOneOut",
    "MixupObjective",
    "NodeWise",
    "NotFittedError",
    "PGObjective",
    "PathConfig",
    "PricedGSAT",
    "PricedPG",
    "ProxyObjective",
    "RandomExplainer",
    "ReFine",
    "ReFineConfig",
    "RegObjective",
    "Saliency",
    "SubgraphX",
    "SubgraphXConfig",
    "explainers_of",
    "hard_mask",
    "top_nodes",
]
