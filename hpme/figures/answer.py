"""What a model says of a graph, in words and as a bar: a class, or a number."""

from dataclasses import dataclass

import torch
from torch import Tensor

from hpme.metrics.forward import same


@dataclass(frozen=True)
class Scale:
    """How to read the numbers of a regression; `hpme.analysis.story.scale_of` measures it."""

    quantity: str  # what the number is
    tolerance: float  # numbers nearer than that count as the same
    low: float  # range of the model's numbers
    high: float


@dataclass(frozen=True)
class Answers:
    """What a model says of several views of one graph, the whole graph first."""

    outputs: Tensor  # logits [V, C], or numbers [V, 1]
    classes: tuple[str, ...]
    scale: Scale | None = None  # of a regression

    @property
    def probabilities(self) -> Tensor:
        """Class probabilities ``[V, C]``, or the numbers ``[V, 1]``."""
        return self.outputs.softmax(-1) if self.scale is None else self.outputs

    def kept(self, view: int) -> bool:
        """Whether a view is predicted like the whole graph."""
        near = 0.0 if self.scale is None else self.scale.tolerance
        return bool(same(self.outputs[view], self.outputs[0], near))

    def said(self, view: int) -> str:
        """The predicted class, or the number."""
        if self.scale is None:
            return self.classes[int(self.outputs[view].argmax())]
        return f"{float(self.outputs[view]):.2f}"

    def words(self, view: int) -> str:
        """Who says what: the class and how sure, or the number."""
        if self.scale is None:
            return f"the classifier says {self.said(view)} ({float(self.probabilities[view].max()):.0%})"
        return f"the model predicts {self.said(view)}"

    def text(self, view: int) -> str:
        """What stands beside the bar: the probability of the whole graph's class, or the number."""
        return f"{round(100 * self.share(view))} %" if self.scale is None else self.said(view)

    def share(self, view: int) -> float:
        """Length of the bar, in ``[0, 1]``: that probability, or the number's place in the model's range."""
        if self.scale is None:
            return float(self.probabilities[view, self.outputs[0].argmax()])
        low, high = self.scale.low, self.scale.high
        place = (float(self.outputs[view]) - low) / max(high - low, torch.finfo(torch.float32).eps)
        return min(max(place, 0.0), 1.0)

    @property
    def note(self) -> str:
        """What the bars mean."""
        if self.scale is None:
            what = f"the classifier's probability of “{self.said(0)}”"
            return f"Bars: {what}. ✓ it still predicts that, ✗ it no longer does."
        low, high, near = self.scale.low, self.scale.high, self.scale.tolerance
        return (
            f"Bars: {self.scale.quantity} as the model predicts it, from {low:.2f} to {high:.2f}; "
            f"the line is at the whole graph's {self.said(0)}. ✓ within {near:.2f} of that "
            "(half the usual spread), ✗ further off."
        )
