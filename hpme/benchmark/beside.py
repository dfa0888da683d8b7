"""What a row says beside the metrics of its explanations."""

from collections.abc import Sequence

from torch import nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.classifiers import untrained
from hpme.explainers import ExplainerSpec
from hpme.metrics import edge_auc, mean_mask, saturated
from hpme.metrics.evaluate import mean


def of_soft_masks(explanations: Sequence[Explanation]) -> dict[str, float | None]:
    """Returns mean and saturation of fitted soft masks, by the names of their metrics."""
    masks = [explanation.edge_mask for explanation in explanations]
    return {"mean_mask": mean_mask(masks), "saturated": saturated(masks)}


def by_class(
    graphs: Sequence[Data], explanations: Sequence[Explanation], classes: Sequence[str]
) -> dict[str, float | None] | None:
    """Returns the mean edge AUC of the graphs of each class, by its name.

    Args:
        graphs: Graphs; one without a label counts nowhere.
        explanations: Their explanations.
        classes: Names of the classes; none of a regression.

    Returns:
        None for a class whose graphs have no AUC; None in all if no graph has.
    """
    pairs = [
        (int(graph.y), edge_auc(graph, explanation.edge_score))
        for graph, explanation in zip(graphs, explanations, strict=True)
        if classes and "y" in graph
    ]
    if mean(value for _, value in pairs) is None:
        return None
    return {
        name: mean(value for label, value in pairs if label == number) for number, name in enumerate(classes)
    }


def edge_auc_untrained(
    entry: ExplainerSpec, model: nn.Module, seed: int, learnt: Sequence[Data], graphs: Sequence[Data]
) -> float | None:
    """Returns the mean edge AUC of an explainer on an untrained copy of a model: the floor under its own.

    Args:
        entry: The explainer's entry.
        model: The model.
        seed: Seed of the explainer, and of the copy's weights.
        learnt: Graphs that the explainer is fitted on.
        graphs: Graphs that are scored.

    Returns:
        None if there is no such copy, see `hpme.classifiers.untrained`, no ground truth, or the explainer
        refuses the copy, such as where that predicts one class alone.
    """
    fresh = untrained(model, seed)
    if fresh is None:
        return None
    try:
        explanations = entry.build(fresh, seed).fit(learnt).explain_batch(graphs)
    except ValueError:
        return None
    return mean(map(edge_auc, graphs, (explanation.edge_score for explanation in explanations)))
