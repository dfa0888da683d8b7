"""The registry of explainers, in the order in which they are listed everywhere."""

from hpme.explainers.base import ExplainerSpec
from hpme.explainers.edge_masks.gnnexplainer import GNNEXPLAINER
from hpme.explainers.edge_masks.gsat import GSAT
from hpme.explainers.edge_masks.mixupexplainer import MIXUPEXPLAINER, MIXUPEXPLAINER_RELEASED
from hpme.explainers.edge_masks.pgexplainer import PGEXPLAINER
from hpme.explainers.edge_masks.priced import GSAT_PATH, PGEXPLAINER_PATH
from hpme.explainers.edge_masks.proxyexplainer import PROXYEXPLAINER
from hpme.explainers.edge_masks.refine import REFINE
from hpme.explainers.edge_masks.regexplainer import REGEXPLAINER
from hpme.explainers.eig_search import EIG_SEARCH
from hpme.explainers.gstarx import GSTARX
from hpme.explainers.hpme import HPME_SPEC
from hpme.explainers.node_scores.degree import DEGREE
from hpme.explainers.node_scores.gradcam import GRADCAM
from hpme.explainers.node_scores.integrated_gradients import INTEGRATED_GRADIENTS
from hpme.explainers.node_scores.leave_one_out import LEAVE_ONE_OUT
from hpme.explainers.node_scores.random import RANDOM
from hpme.explainers.node_scores.saliency import SALIENCY
from hpme.explainers.subgraphx import SUBGRAPHX

EXPLAINERS: dict[str, ExplainerSpec] = {
    spec.name: spec
    for spec in (
        HPME_SPEC,
        RANDOM,
        DEGREE,
        SALIENCY,
        INTEGRATED_GRADIENTS,
        GRADCAM,
        LEAVE_ONE_OUT,
        GNNEXPLAINER,
        SUBGRAPHX,
        EIG_SEARCH,
        GSTARX,
        PGEXPLAINER,
        REFINE,
        MIXUPEXPLAINER_RELEASED,
        MIXUPEXPLAINER,
        REGEXPLAINER,
        PROXYEXPLAINER,
        GSAT,
        PGEXPLAINER_PATH,
        GSAT_PATH,
    )
}
REFERENCE = HPME_SPEC.name  # meant where no explainer is named


def explainers_of(of_nodes: bool) -> list[str]:
    """Returns the names of the explainers of models of nodes, or else of models of graphs, in order."""
    return [name for name, spec in EXPLAINERS.items() if not (of_nodes and spec.only_graphs)]
