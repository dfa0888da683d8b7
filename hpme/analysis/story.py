"""A prediction explained and tested in other graphs: the story that figures show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.explainers.sizes import hard_mask
from hpme.figures import Answers, Scale, Scene, Story, layout, scene
from hpme.forward.around import GraphsAround, taken
from hpme.forward.ask import graph_embedding, graph_logits
from hpme.forward.question import ask
from hpme.method.mixup import EXPLANATION, mix_graphs
from hpme.metrics.faithfulness import kept_share
from hpme.metrics.forward import logits, subgraphs, tolerance
from hpme.metrics.ground_truth import edge_auc, node_iou
from hpme.seeding import generator

DRAWS = 20  # donors in which a prediction is tried


@dataclass(frozen=True)
class Subject:
    """A graph whose prediction is explained, and the graphs that its explanation is mixed with."""

    model: nn.Module
    graph: Data
    donor: Data  # gives the mixed view its rest
    donors: Sequence[Data]  # of further mixes, which show how often the prediction holds
    classes: tuple[str, ...] = ()  # their names; none in a regression
    labels: tuple[str, ...] = ()  # element symbol of each feature column, for molecules
    scale: Scale | None = None  # how to read the numbers of a regression
    seed: int = 0  # of the links; the same as in ``explainer.mix``
    target: int | None = None  # the explained class, where that is another than the predicted one


def build_story(
    subject: Subject,
    explain: Callable[[Sequence[Data]], Sequence[Explanation]],
    explainer: str = "HPME",
    lay_out: Callable[[Data], np.ndarray] = layout,
) -> Story:
    """The explanation of a graph, mixed with its donors, and the model's predictions on every view.

    Args:
        subject: What to explain.
        explain: The explainer's ``explain_batch``.
        explainer: Its title, for the sentence.
        lay_out: Gives the positions of a graph's nodes: `hpme.figures.layout`, or one that remembers.

    Returns:
        The story, with per-graph metrics under their names in ``METRICS``; None where one has no value.
    """
    graph, donor, others = subject.graph, subject.donor, [*subject.donors[:DRAWS]]
    explanations = explain([graph, donor, *others])
    keep, donor_keep, *keeps = map(hard_mask, explanations)
    alone, mixable = subgraphs([graph, graph], [keep, ~keep]), _mixable(subject)
    if mixable:
        mixed = mix_graphs([graph], [donor], [keep], [donor_keep], subject.seed)[0]
        mixes = mix_graphs([graph] * len(others), others, [keep] * len(others), keeps, subject.seed)
    else:
        mixed, mixes = _unmixed(alone[0], keep), []
    question = ask(subject.model)
    views = question.pack([graph, *alone, mixed, *mixes])
    outputs = graph_logits(question, views)
    answers = Answers(outputs[:4], subject.classes, subject.scale, subject.target)
    tried = replace(answers, outputs=torch.cat([outputs[:1], outputs[4:]]))
    num_held = sum(tried.holds(place + 1) for place in range(len(mixes)))
    view = scene(graph, explanations[0], donor, mixed, subject.labels, lay_out)
    held = num_held / max(len(mixes), 1) if mixable else None
    values = _metrics(view, graph_embedding(question, views)) | {"kept_on_mix": held}
    if subject.target is not None and int(graph.get("y", -1)) != subject.target:
        values |= {"edge_auc": None, "node_iou": None}  # the ground truth is of the label
    return Story(view, answers, num_held, len(mixes), values, explainer)


def _mixable(subject: Subject) -> bool:
    """Tells whether the model can be asked about mixed graphs: not if it reads positions."""
    question = ask(subject.model)
    return not question.removal_only(question.pack([subject.graph]))


def _unmixed(alone: Data, keep: Tensor) -> Data:
    """The bare subgraph in the place of a mixed graph."""
    unmixed = alone.clone()
    unmixed.node_origin = torch.full((alone.num_nodes,), EXPLANATION)
    unmixed.edge_origin = torch.full((alone.edge_index.size(1),), EXPLANATION)
    unmixed.node_id = keep.nonzero().view(-1)
    return unmixed


def candidate_donors(pool: Sequence[Data], graph: Data, count: int, seed: int = 0) -> Sequence[Data]:
    """The first `count` donors for a graph: other graphs of the pool, in an order fixed by the seed."""
    own = graph.get("graph_id", 0)
    if isinstance(pool, GraphsAround):
        others = (pool.nodes != own).nonzero().view(-1).tolist()
    else:
        others = [i for i, other in enumerate(pool) if other is not graph and other.get("graph_id") != own]
    order = torch.randperm(len(others), generator=generator(seed, int(own)))
    return taken(pool, [others[i] for i in order[:count].tolist()])


def scale_of(model: nn.Module, graphs: Sequence[Data], quantity: str) -> Scale | None:
    """Returns the scale of a regression's numbers, measured on graphs; None for classes (no `quantity`)."""
    if not quantity:
        return None
    numbers = logits(model, graphs)
    return Scale(quantity, tolerance(numbers), float(numbers.min()), float(numbers.max()))


def _metrics(view: Scene, points: Tensor) -> dict[str, float | None]:
    """The metrics of a graph; the embeddings are those of it, its two parts, and all mixed graphs."""
    graph, explanation = view.graph, view.explanation
    bits = explanation.get("capacity_bits")
    near = cosine_similarity(points[:1], points[1:])
    further = near[3:]
    return {
        "edge_auc": edge_auc(graph, explanation.edge_score),
        "node_iou": node_iou(graph, view.keep),
        "kept_share": float(kept_share([view.keep])),
        "capacity_bits": None if bits is None else float(bits),
        "cos_subgraph": float(near[0]),
        "cos_mix": float(further.mean()) if len(further) else None,
    }
