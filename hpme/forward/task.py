"""A model's task, and its outputs as logits of classes or as one number a graph."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import torch
from torch import Tensor, nn
from torch_geometric.explain.config import ModelConfig, ModelMode, ModelReturnType, ModelTaskLevel

Output = int | str | Callable[[Any], Tensor]
SMALL = 1e-7  # keeps the logarithm of a probability finite
WORDS = {field.name for field in fields(ModelConfig)}  # what has others is a config of something else
ROUNDED = 1e-2  # how far a probability may be out of [0, 1], in half precision


@dataclass(frozen=True)
class Task:
    """What a model's outputs mean.

    Raises:
        ValueError: If `output` is a number, but it is not said of what.
    """

    owner: str  # class of the model, for sentences
    config: ModelConfig | None  # None: several outputs are logits of classes
    output: Output | None  # which part of what the model returns is explained

    def __post_init__(self) -> None:
        """Checks that the settings fit each other."""
        if isinstance(self.output, bool):
            raise ValueError(
                f"Expected output as a number, a key or a function (got {self.output}); name one"
            )
        if isinstance(self.output, int) and self.config is None:
            raise ValueError(
                f"Expected a task with output={self.output} (got none); say model_config=dict(mode="
                "'binary_classification') or 'regression'"
            )

    @property
    def mode(self) -> ModelMode | None:
        """The kind of prediction, where it is known."""
        return None if self.config is None else self.config.mode

    @property
    def of_nodes(self) -> bool:
        """Tells whether the model predicts something for each node, not for the graph."""
        return self.config is not None and self.config.task_level is ModelTaskLevel.node

    @property
    def raw(self) -> bool:
        """Tells whether outputs are read as they are, not as probabilities."""
        return self.config is None or self.config.return_type is ModelReturnType.raw

    def rows(self, returned: Any, size: int, alone: bool = False) -> Tensor:
        """Returns logits ``[size, C]`` of two classes or more, or the numbers ``[size, 1]`` of a regression.

        Args:
            returned: What the model returned.
            size: How many graphs it was asked about.
            alone: Whether it is asked about one graph at a time, so that a row may lack its first dimension.

        Raises:
            ValueError: If there is no such row for each graph.
        """
        rows = self._picked(returned)
        if isinstance(rows, Tensor) and rows.dim() < 2:
            one_number = self.mode in (ModelMode.regression, ModelMode.binary_classification)
            if one_number and rows.numel() == size:
                rows = rows.reshape(size, 1)
            elif alone and rows.dim() == 1:
                rows = rows[None]
        if not isinstance(rows, Tensor) or rows.dim() not in (2, 3) or len(rows) != size:
            raise ValueError(self._wrong_shape(rows, size))
        if isinstance(self.output, int):
            if not 0 <= self.output < rows.size(1):
                raise ValueError(
                    f"Expected output in [0, {rows.size(1) - 1}] (got {self.output}); choose one of them"
                )
            rows = rows[:, self.output] if rows.dim() == 3 else rows[:, [self.output]]
        classes = self.mode is ModelMode.multiclass_classification
        if rows.dim() != 2 or (classes and rows.size(1) < 2):
            raise ValueError(self._wrong_shape(rows, size))
        return self._logits(rows)

    def _picked(self, returned: Any) -> Any:
        if not isinstance(self.output, str):
            return self.output(returned) if callable(self.output) else returned
        if not isinstance(returned, Mapping) and hasattr(returned, self.output):
            return getattr(returned, self.output)  # a named tuple or a dataclass
        try:
            return returned[self.output]
        except (TypeError, KeyError, IndexError) as error:
            keys = isinstance(returned, Mapping)
            has = ", ".join(map(str, returned)) if keys else type(returned).__name__
            raise ValueError(
                f"Expected '{self.output}' in what {self.owner} returns (got {has}); name one of its keys"
            ) from error

    def _logits(self, rows: Tensor) -> Tensor:
        columns, mode = rows.size(1), self.mode
        probabilities = self.config is not None and self.config.return_type is ModelReturnType.probs
        if probabilities:
            rows = self._shares(rows)
        if mode is None and columns == 1:
            raise ValueError(
                f"Expected a task for the one output of {self.owner} (got none); say model_config=dict("
                "mode='binary_classification') if it is a logit, 'regression' if it is a number"
            )
        if mode in (None, ModelMode.multiclass_classification):
            return rows.clamp(min=SMALL).log() if probabilities else rows
        if columns > 1:
            two = columns == 2 and mode is ModelMode.binary_classification
            logits = ", or mode 'multiclass_classification' if they are the logits of two classes"
            raise ValueError(
                f"Expected one output for mode '{mode.value}' (got {columns} from {self.owner}); say with "
                f"output= which one to explain, 0 to {columns - 1}{logits if two else ''}"
            )
        if mode is ModelMode.regression:
            return rows
        logit = rows.clamp(SMALL, 1 - SMALL).logit() if probabilities else rows
        return torch.cat([torch.zeros_like(logit), logit], dim=1)

    def _shares(self, rows: Tensor) -> Tensor:
        """Probabilities, precise enough for a logarithm."""
        rows = rows if rows.dtype == torch.float64 else rows.float()
        low, high = (float(rows.detach().min()), float(rows.detach().max())) if rows.numel() else (0.0, 1.0)
        if low < -ROUNDED or high > 1 + ROUNDED:
            raise ValueError(
                f"Expected probabilities in [0, 1] from {self.owner} (got {low:.3g} to {high:.3g}); say "
                "return_type='raw' if these are logits"
            )
        return rows

    def drops_its_graph(self, returned: Any) -> bool:
        """Tells whether what was returned of one graph is a row of logits, without a dimension for graphs."""
        rows = self._picked(returned)
        one_number = self.mode in (ModelMode.regression, ModelMode.binary_classification)
        return isinstance(rows, Tensor) and rows.dim() == 1 and len(rows) > 1 and not one_number

    def _wrong_shape(self, rows: Any, size: int) -> str:
        got = list(rows.shape) if isinstance(rows, Tensor) else type(rows).__name__
        hint = "return one row for each graph, see hpme check-model"
        if not isinstance(rows, Tensor):
            hint = "say with output= which part is the prediction: a key, or a function"
        elif rows.dim() == 1 and not rows.is_floating_point():
            hint = "return logits, not the numbers of classes"
        elif rows.dim() == 1 and len(rows) == size:
            hint = (
                "say model_config=dict(mode='regression') or 'binary_classification' for one number a graph"
            )
        return f"Expected logits [{size}, C] of {size} graphs from {self.owner} (got {got}); {hint}"


def task_config(model: nn.Module, given: ModelConfig | Mapping[str, Any] | None) -> ModelConfig | None:
    """Returns a model's task as PyG's `ModelConfig`, as it is given or as the model says; else None.

    A model says it in an attribute `model_config`.

    Raises:
        ValueError: If it is none, or not of whole graphs.
    """
    config = own_config(model) if given is None else given
    if config is None:
        return None
    if not isinstance(config, ModelConfig):
        said = {"task_level": "graph", "return_type": "raw", **dict(config)}
        try:
            config = ModelConfig(**said)
        except (TypeError, ValueError) as error:
            modes = ", ".join(mode.value for mode in ModelMode)
            raise ValueError(
                f"Expected model_config with a mode of {modes}, task_level 'graph' and a return_type (got "
                f"{said}: {error}); see torch_geometric.explain.ModelConfig"
            ) from error
    if config.task_level is ModelTaskLevel.edge:
        raise ValueError(
            "Expected task_level 'graph' or 'node' (got 'edge'); only predictions for whole graphs and for "
            "nodes are explained"
        )
    return config


def own_config(model: nn.Module) -> ModelConfig | Mapping[str, Any] | None:
    """Returns what a model says of its task, if it says it in PyG's words."""
    config = getattr(model, "model_config", None)
    words = set(config) if isinstance(config, Mapping) else set()
    fits = isinstance(config, ModelConfig) or {"mode"} <= words <= WORDS
    return config if fits else None
