"""A model's predictions on views of a graph, in words and as bars: a class, or a number."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch_geometric.data import Data

from hpme.metrics.forward import same


@dataclass(frozen=True)
class Scale:
    """Scale of the numbers of a regression; `hpme.analysis.story.scale_of` measures it."""

    quantity: str  # what the number is
    tolerance: float  # numbers nearer than that count as the same
    low: float  # range of the model's numbers
    high: float


@dataclass(frozen=True)
class Answers:
    """A model's predictions on several views of one graph, the whole graph first."""

    outputs: Tensor  # logits [V, C], or numbers [V, 1]
    classes: tuple[str, ...]
    scale: Scale | None = None  # of a regression
    target: int | None = None  # the explained class, where that is another than the whole graph's

    @property
    def explained(self) -> int:
        """The explained class: the whole graph's, unless another is named; 0 in a regression."""
        return int(self.outputs[0].argmax()) if self.target is None else self.target

    @property
    def explained_name(self) -> str:
        """The explained class, or the whole graph's number, in words."""
        return self.prediction(0) if self.scale else self.classes[self.explained]

    @property
    def probabilities(self) -> Tensor:
        """Class probabilities ``[V, C]``, or the numbers ``[V, 1]``."""
        return self.outputs.softmax(-1) if self.scale is None else self.outputs

    def holds(self, view: int) -> bool:
        """Returns whether the whole graph's prediction holds on a view, or the explained class is its."""
        if self.scale is None:
            return int(self.outputs[view].argmax()) == self.explained
        return bool(same(self.outputs[view], self.outputs[0], self.scale.tolerance))

    def prediction(self, view: int) -> str:
        """The predicted class, or the number."""
        if self.scale is None:
            return self.classes[int(self.outputs[view].argmax())]
        return f"{float(self.outputs[view]):.2f}"

    def statement(self, view: int, subject: str = "the model") -> str:
        """The prediction as a main clause: the class and its probability, or the number."""
        sure = "" if self.scale else f" ({float(self.probabilities[view].max()):.0%})"
        return f"{subject} predicts {self.prediction(view)}{sure}"

    def label(self, graph: Data) -> str:
        """The label of a graph that has one: the class, or the number."""
        return self.classes[int(graph.y)] if self.scale is None else f"{float(graph.y):.2f}"

    def bar_text(self, view: int) -> str:
        """The text beside the bar: the probability of the explained class, or the number."""
        return f"{self.bar_length(view):.0%}" if self.scale is None else self.prediction(view)

    def bar_length(self, view: int) -> float:
        """Length of the bar, in ``[0, 1]``: that probability, or the number's place in the model's range."""
        if self.scale is None:
            return float(self.probabilities[view, self.explained])
        low, high = self.scale.low, self.scale.high
        place = (float(self.outputs[view]) - low) / max(high - low, torch.finfo(torch.float32).eps)
        return min(max(place, 0.0), 1.0)

    @property
    def note(self) -> str:
        """Returns a note on what the bars mean."""
        if self.scale is None:
            bars = f"Bars show the model's probability of “{self.explained_name}”."
            if self.target is not None:
                return f"{bars} ✓ it predicts that class, ✗ another one."
            return f"{bars} ✓ the prediction holds, ✗ it does not."
        low, high, near = self.scale.low, self.scale.high, self.scale.tolerance
        return (
            f"Bars show the predicted {self.scale.quantity}, from {low:.2f} to {high:.2f}; the line marks "
            f"the whole graph's {self.prediction(0)}. ✓ within {near:.2f} of it (half the usual spread), "
            "✗ further off."
        )
