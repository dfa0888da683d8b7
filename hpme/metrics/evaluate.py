"""All metrics of one explainer on one list of graphs: the numbers of a results row."""

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation, characterization_score

from hpme.forward.question import ask
from hpme.metrics import faithfulness, ground_truth, robust, shift, structure
from hpme.metrics.forward import Donors, random_mixes, subgraphs

DRAWS = 5  # mixed graphs of each explained one
MIX_METRICS = ("kept_on_mix", "cos_mix", "l2_mix", "mmd_mix", "size_mix")


def evaluate(
    model: nn.Module,
    graphs: Sequence[Data],
    explanations: Sequence[Explanation],
    keeps: Sequence[Tensor],
    seed: int = 0,
    donors: Donors | None = None,
    equal: Sequence[Tensor] | None = None,
) -> dict[str, float | None]:
    """Returns every metric of `METRICS`, as the mean over the graphs that have a value; None where none has.

    Args:
        model: The explained model, in evaluation mode.
        graphs: The explained graphs.
        explanations: Their explanations, with ``edge_score [E]`` and, for HPME, ``capacity_bits``.
        keeps: Their kept nodes, ``bool [N]``.
        seed: Seed of donors and links.
        donors: Graphs for the mixes, and their kept nodes; default: `graphs` themselves.
        equal: Kept nodes at the size that all explainers share, for the robust fidelity; default: `keeps`.

    Example:
        >>> from hpme import HPME, load_classifier, load_dataset
        >>> graphs, model = load_dataset("ba-2motifs").test[:4], load_classifier("ba-2motifs")
        >>> outs = HPME.load("ba-2motifs").explain_batch(graphs)
        >>> values = evaluate(model, graphs, outs, [out.node_mask.view(-1) > 0.5 for out in outs])
        >>> values["edge_auc"] > 0.9, values["kept_on_mix"] > 0.9
        (True, True)
    """
    sizes = len(graphs), len(explanations), len(keeps)
    if not graphs or len(set(sizes)) > 1:
        raise ValueError(
            f"Expected as many graphs as explanations and masks, at least one (got {sizes}); pair them"
        )
    scores = [explanation.edge_score for explanation in explanations]
    bits = [float(e.capacity_bits) for e in explanations if "capacity_bits" in e]
    return {
        **_agreement(graphs, scores, keeps),
        **_behaviour(model, graphs, keeps, seed, donors),
        **_robustness(model, graphs, keeps if equal is None else equal, seed),
        "capacity_bits": mean(bits),
        "centre_kept": mean(map(faithfulness.centre_kept, explanations, keeps)),
    }


def _agreement(
    graphs: Sequence[Data], scores: Sequence[Tensor], keeps: Sequence[Tensor]
) -> dict[str, float | None]:
    return {
        "edge_auc": mean(map(ground_truth.edge_auc, graphs, scores)),
        "edge_auc_pooled": ground_truth.edge_auc_pooled(graphs, scores),
        "edge_ap": mean(map(ground_truth.edge_ap, graphs, scores)),
        "node_iou": mean(map(ground_truth.node_iou, graphs, keeps)),
        "exact_rate": mean(map(ground_truth.exact, graphs, keeps)),
    }


def _behaviour(
    model: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor], seed: int, donors: Donors | None
) -> dict[str, float | None]:
    values = subgraph_metrics(model, graphs, keeps)
    structural = {"mmd_subgraph": structure.mmd(graphs, subgraphs(graphs, keeps))}
    question = ask(model)
    mixable = not question.removal_only(question.pack(graphs))  # positions mean nothing in another graph
    if mixable and (donors or len(graphs) > 1):  # a graph alone has no donor
        mixes = [random_mixes(graphs, keeps, seed, draw, donors) for draw in range(DRAWS)]
        values |= mix_metrics(model, graphs, mixes)
        structural["mmd_mix"] = structure.mmd(graphs, [mixed for draw in mixes for mixed in draw])
    means = {name: float(value.mean()) for name, value in values.items()}
    pair = (torch.tensor(means[name]) for name in ("fid_plus", "fid_minus"))
    score = {"characterization": float(characterization_score(*pair))}
    return dict.fromkeys(MIX_METRICS) | means | structural | score


def subgraph_metrics(model: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor]) -> dict[str, Tensor]:
    """Returns metrics of each graph's kept part, alone and left out, by name, ``[G]``."""
    return {
        "kept_share": faithfulness.kept_share(keeps),
        "kept_on_subgraph": faithfulness.kept_on_subgraph(model, graphs, keeps),
        "fid_plus": faithfulness.fid_plus(model, graphs, keeps),
        "fid_minus": faithfulness.fid_minus(model, graphs, keeps),
        "cos_subgraph": shift.cos_subgraph(model, graphs, keeps),
        "l2_subgraph": shift.l2_subgraph(model, graphs, keeps),
    }


def mix_metrics(
    model: nn.Module, graphs: Sequence[Data], mixes: Sequence[Sequence[Data]]
) -> dict[str, Tensor]:
    """Returns metrics of mixed graphs, one list of them for each draw, by name, means ``[G]``."""
    originals, others = [*graphs] * len(mixes), [mixed for draw in mixes for mixed in draw]
    values = {
        "kept_on_mix": faithfulness.prediction_kept(model, originals, others),
        "cos_mix": shift.cosine(model, originals, others),
        "l2_mix": shift.l2(model, originals, others),
        "size_mix": structure.size_ratio(originals, others),
    }
    return {name: value.view(len(mixes), len(graphs)).mean(0) for name, value in values.items()}


def _robustness(
    model: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor], seed: int
) -> dict[str, float | None]:
    return {
        "robust_fid_plus": float(robust.robust_fid_plus(model, graphs, keeps, seed).mean()),
        "robust_fid_minus": float(robust.robust_fid_minus(model, graphs, keeps, seed).mean()),
    }


def mean(values: Iterable[float | None]) -> float | None:
    """Returns the mean of the values that are known; None where none is."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
