"""What a reader of a file wants beside masks and scores: the model's prediction, and what each atom is."""

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.analysis.breakdown import Breakdown, break_down
from hpme.datasets import DatasetSpec
from hpme.explainers.base import ExplainBatch
from hpme.metrics.forward import logits


def with_answers(explain_batch: ExplainBatch, model: nn.Module, spec: DatasetSpec) -> ExplainBatch:
    """Returns an `explain_batch` whose explanations are those of `with_answer`, all asked in one pass."""

    def explain(graphs: Sequence[Data]) -> list[Explanation]:
        parts = break_down(model, graphs) if spec.regression else [None] * len(graphs)
        rows = zip(explain_batch(graphs), logits(model, graphs), parts, strict=True)
        return [with_answer(explanation, output, spec, own) for explanation, output, own in rows]

    return explain


def with_answer(
    explanation: Explanation, output: Tensor, spec: DatasetSpec, parts: Breakdown | None = None
) -> Explanation:
    """Returns an explanation with what the model predicts, as `hpme.io.write_graph` writes it.

    Args:
        explanation: Explanation of a graph.
        output: The model's output for the graph: logits ``[C]``, or a number ``[1]``.
        spec: Facts of the dataset.
        parts: What nodes and pieces add to the number of a regression.

    Returns:
        A copy with `prediction`, a class's name or a number; with the class's `probability`; with the
        `element` of each node of a molecule; and where there are `parts` with the `contribution` of each
        node, the number of its piece, `piece_id`, and what that adds, `piece_contribution`.
    """
    noted = copy.copy(explanation)
    if spec.regression:
        noted.prediction = float(output)
    else:
        noted.prediction = spec.classes[int(output.argmax())]
        noted.probability = float(output.softmax(-1).max())
    if spec.molecular:
        noted.element = [spec.node_labels[place] for place in explanation.x.argmax(1).tolist()]
    if parts is not None:
        noted.contribution = parts.contribution
        noted.piece_id = torch.tensor(parts.piece_of)
        noted.piece_contribution = torch.tensor(parts.added)[noted.piece_id]
    return noted
