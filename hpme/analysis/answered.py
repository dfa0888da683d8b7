"""What a reader of a file wants beside masks and scores: the model's prediction, and what each atom is."""

import copy
from collections.abc import Sequence

from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.datasets import DatasetSpec
from hpme.explainers.base import ExplainBatch
from hpme.metrics.forward import logits


def with_answers(explain_batch: ExplainBatch, model: nn.Module, spec: DatasetSpec) -> ExplainBatch:
    """Returns an `explain_batch` whose explanations are those of `with_answer`, which asks the model once."""

    def explain(graphs: Sequence[Data]) -> list[Explanation]:
        pairs = zip(explain_batch(graphs), logits(model, graphs), strict=True)
        return [with_answer(explanation, output, spec) for explanation, output in pairs]

    return explain


def with_answer(explanation: Explanation, output: Tensor, spec: DatasetSpec) -> Explanation:
    """Returns an explanation with what the model predicts, as `hpme.io.write_graph` writes it.

    Args:
        explanation: Explanation of a graph.
        output: The model's output for the graph: logits ``[C]``, or a number ``[1]``.
        spec: Facts of the dataset.

    Returns:
        A copy with `prediction`, a class's name or a number; with the class's `probability`; and with the
        `element` of each node of a molecule.
    """
    noted = copy.copy(explanation)
    if spec.regression:
        noted.prediction = float(output)
    else:
        noted.prediction = spec.classes[int(output.argmax())]
        noted.probability = float(output.softmax(-1).max())
    if spec.molecular:
        noted.element = [spec.node_labels[place] for place in explanation.x.argmax(1).tolist()]
    return noted
