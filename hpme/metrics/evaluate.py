"""All metrics of one explainer on one list of graphs: the numbers of a results row."""

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation, characterization_score

from hpme.forward.question import ask
from hpme.metrics import f_fidelity, faithfulness, ground_truth, robust, shift, structure
from hpme.metrics.forward import Donors, random_mixes, subgraphs
from hpme.metrics.neutral import kept_neutrally

DRAWS = 5  # mixed graphs of each explained one
MIX_METRICS = ("kept_on_mix", "cos_mix", "l2_mix", "size_mix", "necessity")
F_FIDELITY = ("f_fid_plus", "f_fid_minus")
BY_GRAPH = (
    "edge_auc", "node_iou", "f_fid_plus", "f_fid_minus", "robust_fid_plus", "robust_fid_minus",
    "necessity", "kept_on_neutral_mix", "kept_on_mix",
)  # fmt: skip
DIGITS = 4  # of a value of one graph

Values = Sequence[float | None]  # one of each graph


def evaluate(
    model: nn.Module,
    graphs: Sequence[Data],
    explanations: Sequence[Explanation],
    keeps: Sequence[Tensor],
    seed: int = 0,
    donors: Donors | None = None,
    equal: Sequence[Tensor] | None = None,
    tuned: nn.Module | None = None,
) -> dict[str, Any]:
    """Returns every metric of `METRICS`, as the mean over the graphs that have a value; None where none has.

    ``by_graph`` holds the values of each graph, in order, of the metrics in `BY_GRAPH`, to four digits.

    Args:
        model: The explained model, in evaluation mode.
        graphs: The explained graphs.
        explanations: Their explanations, with ``edge_score [E]`` and, for HPME, ``capacity_bits``.
        keeps: Their kept nodes, ``bool [N]``.
        seed: Seed of donors and links.
        donors: Graphs for the mixes, and their kept nodes; default: `graphs` themselves.
        equal: Kept nodes at the size that all explainers share, for the robust fidelity and F-Fidelity;
            default: `keeps`.
        tuned: The model's copy of `finetuned`; without it F-Fidelity is None.

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
    mixes = _mixes(model, graphs, keeps, seed, donors)
    shared = keeps if equal is None else equal
    nothing: dict[str, Values] = dict.fromkeys((*MIX_METRICS, *F_FIDELITY), [None] * len(graphs))
    each = {
        **nothing,
        **_agreement(graphs, scores, keeps),
        **_behaviour(model, graphs, keeps, mixes),
        **_robustness(model, graphs, shared, seed),
        "kept_on_neutral_mix": _neutral(model, graphs, keeps, seed, donors),
        "centre_kept": [*map(faithfulness.centre_kept, explanations, keeps)],
    }
    if mixes:
        lost = faithfulness.necessity(model, graphs, keeps, seed, DRAWS, donors)
        each["necessity"] = lost.tolist()
    if tuned is not None:
        each |= _tuned(model, tuned, graphs, shared, seed)
    means = {name: mean(values) for name, values in each.items()}
    return {
        **means,
        **_of_all(means, graphs, keeps, mixes),
        "edge_auc_pooled": ground_truth.edge_auc_pooled(graphs, scores),
        "capacity_bits": mean(bits),
        "by_graph": {name: [_rounded(value) for value in each[name]] for name in BY_GRAPH},
    }


def _agreement(
    graphs: Sequence[Data], scores: Sequence[Tensor], keeps: Sequence[Tensor]
) -> dict[str, Values]:
    return {
        "edge_auc": [*map(ground_truth.edge_auc, graphs, scores)],
        "edge_ap": [*map(ground_truth.edge_ap, graphs, scores)],
        "node_iou": [*map(ground_truth.node_iou, graphs, keeps)],
        "exact_rate": [*map(ground_truth.exact, graphs, keeps)],
    }


def _mixes(
    model: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor], seed: int, donors: Donors | None
) -> list[list[Data]]:
    """The mixed graphs, one list for each draw; none where a graph has no donor, or cannot be mixed."""
    question = ask(model)
    mixable = not question.removal_only(question.pack(graphs))  # positions mean nothing in another graph
    if not mixable or not (donors or len(graphs) > 1):
        return []
    return [random_mixes(graphs, keeps, seed, draw, donors) for draw in range(DRAWS)]


def _behaviour(
    model: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor], mixes: Sequence[Sequence[Data]]
) -> dict[str, Values]:
    values = subgraph_metrics(model, graphs, keeps)
    if mixes:
        values |= mix_metrics(model, graphs, mixes)
    return {name: value.tolist() for name, value in values.items()}


def _of_all(
    means: dict[str, float | None],
    graphs: Sequence[Data],
    keeps: Sequence[Tensor],
    mixes: Sequence[Sequence[Data]],
) -> dict[str, float | None]:
    """The metrics that all graphs have together."""
    pair = (torch.tensor(means[name]) for name in ("fid_plus", "fid_minus"))
    mixed = [graph for draw in mixes for graph in draw]
    return {
        "characterization": float(characterization_score(*pair)),
        "mmd_subgraph": structure.mmd(graphs, subgraphs(graphs, keeps)),
        "mmd_mix": structure.mmd(graphs, mixed) if mixed else None,
    }


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
) -> dict[str, Values]:
    return {
        "robust_fid_plus": robust.robust_fid_plus(model, graphs, keeps, seed).tolist(),
        "robust_fid_minus": robust.robust_fid_minus(model, graphs, keeps, seed).tolist(),
    }


def _neutral(
    model: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor], seed: int, donors: Donors | None
) -> Values:
    """Predictions kept by `kept_neutrally`; a graph alone has none. Around nodes there are no donors."""
    known = {id(graph) for graph in graphs}
    pool = donors[0] if donors and not ask(model).task.of_nodes else ()
    others = [donor for donor in pool if id(donor) not in known]
    everyone = [*graphs, *others]
    if len(everyone) < 2:
        return [None] * len(graphs)
    nothing = [torch.zeros(donor.num_nodes, dtype=torch.bool, device=keeps[0].device) for donor in others]
    kept = kept_neutrally(model, everyone, [*keeps, *nothing], seed, DRAWS)
    return kept[: len(graphs)].tolist()


def _tuned(
    model: nn.Module, tuned: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor], seed: int
) -> dict[str, Values]:
    return {
        "f_fid_plus": f_fidelity.f_fid_plus(model, tuned, graphs, keeps, seed).tolist(),
        "f_fid_minus": f_fidelity.f_fid_minus(model, tuned, graphs, keeps, seed).tolist(),
    }


def mean(values: Iterable[float | None]) -> float | None:
    """Returns the mean of the values that are known; None where none is."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
