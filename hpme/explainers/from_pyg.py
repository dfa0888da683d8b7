"""The bridge from `torch_geometric.explain`: its algorithms as explainers of this project."""

import copy
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explainer as PyGExplainer
from torch_geometric.explain import ExplainerAlgorithm, Explanation

from hpme.explainers.base import (
    Explainer,
    NotFittedError,
    Progress,
    checked,
    checked_one,
    explain_edges,
    noted,
    own_draws,
    target_classes,
)
from hpme.forward.ask import answer
from hpme.forward.calling import copied
from hpme.forward.packed import Packed
from hpme.forward.pairs import average_directions
from hpme.forward.question import Question, ask
from hpme.forward.weighted import EdgeWeighted, no_gradient
from hpme.seeding import generator


@dataclass(frozen=True)
class PyGConfig:
    """Settings of `FromPyG`, saved with every result."""

    algorithm: str  # class name
    settings: dict[str, Any]  # epochs, learning rate and coefficients of the algorithm
    seed: int  # of initial masks, weights and samples
    max_graphs: int  # `fit` trains on at most this many graphs


@dataclass(frozen=True)
class Asked:
    """A graph as PyG's algorithms are given it, and what the model answers."""

    graphs: Packed  # one
    logits: Tensor  # [1, C], or the number [1, 1]
    target: Tensor  # class to explain [1]; 0 of a regression

    @property
    def wanted(self) -> Tensor:
        """What the explained subgraph is to keep: the class ``[1]``, or the number ``[1, 1]``."""
        return self.logits if self.logits.size(1) == 1 else self.target

    @property
    def arguments(self) -> dict[str, Any]:
        """Arguments for `OneGraph`."""
        return {"x": self.graphs.x, "edge_index": self.graphs.edge_index, "graphs": self.graphs}


class OneGraph(nn.Module):
    """The question to a model, as a module of features and edges.

    Args:
        question: The question.
    """

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question

    def forward(self, x: Tensor, edge_index: Tensor, graphs: Packed) -> Tensor:
        """Logits ``[1, C]`` of a graph with other features ``[N, F]``, all else as it is."""
        return self.question(replace(graphs, x=x, edge_index=edge_index))


class FromPyG(Explainer):
    """Explains with an algorithm of `torch_geometric.explain`, by a soft mask over the edges.

    Each direction of an edge gets the mean of both; a node scores as much as its best edge, 0 without edges.
    Every run has its own copy of algorithm and model: PyG writes masks onto the model's layers and
    leaves them there after an error. Algorithms to be trained (`PGExplainer`) are trained in `fit`, from new
    weights each time; the others optimise anew for each graph. Random numbers come from the seed, and the
    global generator is left as it was. Attributions that are not within [0, 1], as Captum's
    (``CaptumExplainer("IntegratedGradients")``, with the package `captum`), rank the edges as they are; in
    the masks what is below 0 is 0, and the largest is at most 1.

    Args:
        algorithm: Such as ``GNNExplainer(epochs=100)``; not changed.
        model: Model, or `hpme.forward.question.Question`; not changed.
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
        self.question = ask(model)
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
            ValueError: If there is no graph to train on, or masks cannot reach the model's edges.
        """
        if not self._trainable:
            return self
        order = torch.randperm(len(graphs), generator=generator(self.config.seed)).tolist()
        sample = [graphs[i] for i in order[: self.config.max_graphs] if graphs[i].edge_index.numel()]
        if not sample:
            raise ValueError(f"Expected training graphs with edges (got none in {len(graphs)}); add some")
        asked = [self._asked(graph) for graph in checked(sample)]
        self._check_reach(asked[0])
        with self._seeded(generator(self.config.seed)), torch.enable_grad(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Converting a tensor with requires_grad")  # PGExplainer's own
            run = self._run(self.algorithm, asked[0])
            algorithm: Any = run.algorithm
            algorithm.reset_parameters()
            for epoch in range(algorithm.epochs):
                losses = [
                    algorithm.train(epoch, run.model, target=item.wanted, **item.arguments) for item in asked
                ]
                if progress:
                    progress(epoch + 1, algorithm.epochs, {"loss": sum(losses) / len(losses)})
        self._trained = algorithm
        return self

    def explain(self, graph: Data, target: int | None = None) -> Explanation:
        """Explains one graph.

        Raises:
            NotFittedError: If the algorithm has to be trained and `fit` was not called.
            ValueError: If the graph does not fit, there is no such class, or masks cannot reach the model's
                edges.
        """
        if self._trained is None:
            name = self.config.algorithm
            raise NotFittedError(f"This {name} is not fitted; call fit(graphs) first")
        graph = checked_one(graph)
        asked = self._asked(graph, target)
        edge_score = average_directions(
            asked.graphs.edge_index, self._edge_mask(self._trained, graph, asked), graph.num_nodes
        )
        largest = edge_score.amax().clamp(min=1) if len(edge_score) else 1
        explanation = explain_edges(graph, edge_score, asked.target, edge_score.clamp(min=0) / largest)
        return noted(self.question, [graph], [explanation])[0]

    def _check_reach(self, asked: Asked) -> None:
        """Checks that the edges have weights that the answer depends on, as PyG's own errors say little."""
        weight = asked.graphs.edge_index.new_ones(asked.graphs.edge_index.size(1), dtype=torch.float)
        with torch.enable_grad():
            logits = EdgeWeighted(self.question)(asked.graphs, weight.requires_grad_())
            gradient = torch.autograd.grad(logits.sum(), weight, allow_unused=True)[0]
        if gradient is None:
            raise ValueError(no_gradient(self.question.name, "weights of edges"))

    def _asked(self, graph: Data, target: int | None = None) -> Asked:
        if graph.x is not None and graph.x.dim() != 2:
            raise ValueError(
                f"Expected 'x' of shape [num_nodes, num_features] for PyG's explainers (got "
                f"{list(graph.x.shape)}); choose an explainer of this project, such as HPME"
            )
        packed = self.question.pack([graph])
        logits = answer(self.question, packed)
        return Asked(packed, logits, target_classes(logits, target))

    def _edge_mask(self, algorithm: ExplainerAlgorithm, graph: Data, asked: Asked) -> Tensor:
        if not graph.edge_index.numel():
            return asked.logits.new_zeros(0)
        self._check_reach(asked)
        draws = own_draws(self.config.seed, graph)
        with self._seeded(draws), torch.enable_grad():
            run = self._run(algorithm, asked)
            mask = run(target=asked.wanted, **asked.arguments).edge_mask
        return mask.detach().to(asked.logits)

    @contextmanager
    def _seeded(self, draws: torch.Generator) -> Iterator[None]:
        """Seeds the global generators, here and on the model's GPU, which are as before afterwards.

        PyG's algorithms draw where the model is, so that their draws on a GPU are others than here.
        """
        device = self.question.device
        gpus = [device] if device is not None and device.type == "cuda" else []
        with torch.random.fork_rng(devices=gpus):
            torch.manual_seed(draws.initial_seed())
            yield

    def _run(self, algorithm: ExplainerAlgorithm, asked: Asked) -> PyGExplainer:
        mode = "regression" if asked.logits.size(1) == 1 else "multiclass_classification"
        return PyGExplainer(
            model=OneGraph(copied(self.question)),
            algorithm=copy.deepcopy(algorithm),
            explanation_type="phenomenon",
            edge_mask_type="object",
            model_config={"mode": mode, "task_level": "graph", "return_type": "raw"},
        )
