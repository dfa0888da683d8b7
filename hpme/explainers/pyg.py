"""Bridges to `torch_geometric.explain`: its algorithms here, our explainers there."""

import copy
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explainer as PyGExplainer
from torch_geometric.explain import ExplainerAlgorithm, Explanation
from torch_geometric.explain.config import MaskType, ModelMode, ModelTaskLevel

from hpme.explainers.base import (
    Explainer,
    NotFittedError,
    Progress,
    explain_edges,
    explained_class,
)
from hpme.forward.pairs import average_directions
from hpme.seeding import generator


@dataclass(frozen=True)
class PyGConfig:
    """Settings of `FromPyG`, saved with every result."""

    algorithm: str  # class name
    settings: dict[str, Any]  # epochs, learning rate and coefficients of the algorithm
    seed: int  # of initial masks, weights and samples
    max_graphs: int  # `fit` trains on at most this many graphs


class FromPyG(Explainer):
    """Explains with an algorithm of `torch_geometric.explain`, by a soft mask over the edges.

    Each direction of an edge gets the mean of both; a node scores as much as its best edge, 0 without edges.
    Every run has its own copy of algorithm and model: PyG writes masks onto the model's layers and
    leaves them there after an error. Algorithms to be trained (`PGExplainer`) are trained in `fit`, from new
    weights each time; the others optimise anew for each graph. Random numbers come from the seed, and the
    global generator is left as it was.

    Args:
        algorithm: Such as ``GNNExplainer(epochs=100)``; not changed.
        model: Model called as ``model(x, edge_index, batch)``; logits ``[B, num_classes]``.
        seed: Seed of initial masks, weights, samples.
        max_graphs: `fit` trains on at most this many graphs, drawn at random.

    Example:
        >>> from torch_geometric.explain import GNNExplainer
        >>> from hpme import load_classifier, load_dataset
        >>> graph, model = load_dataset("ba-2motifs").test[0], load_classifier("ba-2motifs")
        >>> explainer = FromPyG(GNNExplainer(epochs=5), model)
        >>> explainer.explain(graph).edge_score.shape
        torch.Size([52])

    Source:
        PyTorch Geometric 2.8, `torch_geometric.explain`, asked for a "phenomenon" with the model's own
        prediction as the target: that is what "model" explanations do too, and `PGExplainer` knows no other.
    """

    def __init__(
        self, algorithm: ExplainerAlgorithm, model: nn.Module, seed: int = 0, max_graphs: int = 100
    ) -> None:
        names = [name for name in ("epochs", "lr", "coeffs") if hasattr(algorithm, name)]
        settings = {name: copy.deepcopy(getattr(algorithm, name)) for name in names}
        self.config = PyGConfig(type(algorithm).__name__, settings, seed, max_graphs)
        self.model = model
        self.algorithm = copy.deepcopy(algorithm)
        vars(self.algorithm).update(settings)  # PGExplainer keeps its coefficients on the class
        # PGExplainer.train is its training step; in all other modules `train` switches the mode.
        self._trainable = type(algorithm).train is not nn.Module.train
        self._trained: ExplainerAlgorithm | None = None if self._trainable else self.algorithm

    def fit(self, graphs: Sequence[Data], progress: Progress | None = None) -> Self:
        """Trains the algorithm, if it is one to be trained.

        Args:
            graphs: Training graphs; those without edges are passed over.
            progress: Called as ``progress(epoch, epochs, info)`` after each epoch, with its mean loss.

        Raises:
            ValueError: If there is no graph to train on.
        """
        if not self._trainable:
            return self
        order = torch.randperm(len(graphs), generator=generator(self.config.seed)).tolist()
        sample = [graphs[i] for i in order[: self.config.max_graphs] if graphs[i].edge_index.numel()]
        if not sample:
            raise ValueError(f"Expected training graphs with edges (got none in {len(graphs)}); add some")
        targets = [explained_class(self.model, graph) for graph in sample]
        with torch.random.fork_rng(devices=[]), torch.enable_grad(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Converting a tensor with requires_grad")  # PGExplainer's own
            torch.manual_seed(generator(self.config.seed).initial_seed())
            run = self._run(self.algorithm)
            algorithm: Any = run.algorithm
            algorithm.reset_parameters()
            for epoch in range(algorithm.epochs):
                losses = [
                    algorithm.train(epoch, run.model, target=target, **_arguments(graph))
                    for graph, target in zip(sample, targets, strict=True)
                ]
                if progress:
                    progress(epoch + 1, algorithm.epochs, {"loss": sum(losses) / len(losses)})
        self._trained = algorithm
        return self

    def explain(self, graph: Data, target: int | None = None) -> Explanation:
        """Explains one graph.

        Raises:
            NotFittedError: If the algorithm has to be trained and `fit` was not called.
        """
        if self._trained is None:
            name = self.config.algorithm
            raise NotFittedError(f"This {name} is not fitted; call fit(graphs) first")
        label = explained_class(self.model, graph, target)
        edge_score = self._edge_mask(self._trained, graph, label)
        edge_score = average_directions(graph.edge_index, edge_score, graph.num_nodes)
        return explain_edges(graph, edge_score, label)

    def _edge_mask(self, algorithm: ExplainerAlgorithm, graph: Data, target: Tensor) -> Tensor:
        if not graph.edge_index.numel():
            return graph.x.new_zeros(0)
        with torch.random.fork_rng(devices=[]), torch.enable_grad():
            torch.manual_seed(generator(self.config.seed, int(graph.get("graph_id", 0))).initial_seed())
            run = self._run(algorithm)
            return run(target=target, **_arguments(graph)).edge_mask

    def _run(self, algorithm: ExplainerAlgorithm) -> PyGExplainer:
        return PyGExplainer(
            model=copy.deepcopy(self.model),
            algorithm=copy.deepcopy(algorithm),
            explanation_type="phenomenon",
            edge_mask_type="object",
            model_config={"mode": "multiclass_classification", "task_level": "graph", "return_type": "raw"},
        )


class AsPyG(ExplainerAlgorithm):
    """Lets an explainer of this project work inside `torch_geometric.explain.Explainer`.

    It explains the model that the explainer was made for, one graph per call. The result holds the masks
    that were asked for, ``node_score`` and ``edge_score``, and whatever else its explanations hold.

    Args:
        explainer: A fitted explainer.

    Example:
        >>> import torch
        >>> from torch_geometric.explain import Explainer
        >>> from hpme import HPME, load_classifier, load_dataset
        >>> graph, model = load_dataset("ba-2motifs").test[0], load_classifier("ba-2motifs")
        >>> asked = {"mode": "multiclass_classification", "task_level": "graph", "return_type": "raw"}
        >>> explainer = Explainer(
        ...     model,
        ...     AsPyG(HPME.load("ba-2motifs")),
        ...     explanation_type="phenomenon",
        ...     node_mask_type="object",
        ...     edge_mask_type="object",
        ...     model_config=asked,
        ... )
        >>> batch = torch.zeros(25, dtype=torch.long)
        >>> out = explainer(graph.x, graph.edge_index, target=torch.tensor([1]), batch=batch)
        >>> int(out.node_mask.sum())
        5
    """

    def __init__(self, explainer: Explainer) -> None:
        super().__init__()
        self.explainer = explainer

    def forward(
        self,
        model: nn.Module,
        x: Tensor,
        edge_index: Tensor,
        *,
        target: Tensor,
        index: int | Tensor | None = None,
        **kwargs: Any,
    ) -> Explanation:
        """Explains the only graph in the call.

        Raises:
            ValueError: If there are several graphs.
        """
        if target.numel() != 1:
            raise ValueError(
                f"Expected one graph per call (got {target.numel()} targets); pass graphs one by one"
            )
        explanation = self.explainer.explain(Data(x=x, edge_index=edge_index), target=int(target))
        if self.explainer_config.node_mask_type is None:
            del explanation.node_mask
        if self.explainer_config.edge_mask_type is None:
            del explanation.edge_mask
        return explanation

    def supports(self) -> bool:
        """Tells whether the settings are those of a graph classifier explained by whole nodes and edges."""
        wanted = {self.explainer_config.node_mask_type, self.explainer_config.edge_mask_type}
        return (
            self.model_config.task_level is ModelTaskLevel.graph
            and self.model_config.mode is ModelMode.multiclass_classification
            and wanted <= {None, MaskType.object}
        )


def _arguments(graph: Data) -> dict[str, Tensor]:
    batch = graph.x.new_zeros(graph.num_nodes, dtype=torch.long)
    return {"x": graph.x, "edge_index": graph.edge_index, "batch": batch}
