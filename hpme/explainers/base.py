"""Protocol and registry entry of explainers, and the functions that make an `Explanation` of scores."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any, Protocol, Self
from zlib import crc32

import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import checks
from hpme.forward.around import GraphsAround
from hpme.forward.ask import answer
from hpme.forward.graphs import as_graphs, one_graph
from hpme.forward.hops import CENTRE, MOST, has_centre
from hpme.forward.packed import chunks
from hpme.forward.question import Question, ask
from hpme.method.pooling import edge_score as lower_end
from hpme.seeding import generator

Progress = Callable[[int, int, dict[str, float]], None]  # (step, steps, figures such as the loss)
# Such as a fitted explainer's `explain_batch`.
ExplainBatch = Callable[[Sequence[Data]], Sequence[Explanation]]


AROUND = (CENTRE, "node_number")  # what a graph around a node says of it, and so does its explanation
TAKEN_IN_PART = (
    f"There are {MOST:,} nodes or more around this node: those with most edges to what is nearer were "
    "taken, and what the model predicts from them can differ from what it predicts in the whole graph."
)
SILENT = (
    "All scores are 0, so the order of the nodes says nothing; where a model's outputs have no gradient, "
    "choose an explainer that needs none, such as HPME."
)


class NotFittedError(RuntimeError):
    """Raised when an explainer that learns is asked to explain before `fit`."""


class NotDefinedError(ValueError):
    """Raised by a method that is not defined for a model; a comparison says so in its row, and goes on."""


class Explainer(Protocol):
    """Learns once from graphs, then explains the model's prediction on any graph.

    An explanation is PyG's `Explanation` with ``x``, ``edge_index``, ``node_mask [N, 1]``, ``edge_mask [E]``
    (0 or 1 for hard explainers), ``node_score [N]``, ``edge_score [E]`` (a ranking, larger is more important)
    and ``target [1]``, the explained class: the predicted one, unless `target` names another. Its ``notes``
    are sentences that a reader should know of. It is on the graph's own device.

    Whatever has these methods will do. A class that inherits them needs `explain` only: it then has nothing
    to learn, explains graphs one by one, and mixes nothing.
    """

    def fit(self, graphs: Sequence[Data], progress: Progress | None = None) -> Self:
        """Learns from graphs; returns at once if there is nothing to learn.

        Args:
            graphs: Training graphs.
            progress: Called as ``progress(step, steps, info)`` after each step, `info` being its figures.
        """
        return self

    @abstractmethod
    def explain(self, graph: Data, target: int | None = None) -> Explanation:
        """Explains one graph: the predicted class, unless `target` names another."""

    def explain_batch(self, graphs: Sequence[Data]) -> Sequence[Explanation]:
        """Explains the predicted class of each graph, in order."""
        return [self.explain(graph) for graph in graphs]

    def mix_embeddings(self, graphs: Sequence[Data], donors: Sequence[Data], seed: int = 0) -> Tensor | None:
        """Returns how the model sees the weighted mixed graphs that the method itself makes.

        Args:
            graphs: Graphs whose weighted explanations are put to the donors' weighted rests.
            donors: As many graphs.
            seed: Seed of the links, and of what else is drawn.

        Returns:
            Embeddings of the mixed graphs ``[G, 2H]``, as `hpme.forward.ask.graph_embedding` gives them of
            plain ones; None if the method makes none.
        """
        return None


class InChunks(Explainer):
    """Explains many graphs together, so many at a time; a class that inherits this needs `_explain` only."""

    chunk = 256  # graphs in a pass

    def explain(self, graph: Data, target: int | None = None) -> Explanation:
        """Explains one graph: the predicted class, or number, unless `target` names another class.

        Raises:
            ValueError: If the graph does not fit, or there is no such class.
        """
        return self._explain([checked_one(graph)], target)[0]

    def explain_batch(self, graphs: Sequence[Data]) -> list[Explanation]:
        """Explains the predicted class of each graph, in order."""
        return [out for chunk in chunks(checked(graphs), self.chunk) for out in self._explain(chunk)]

    @abstractmethod
    def _explain(self, graphs: list[Data], target: int | None = None) -> list[Explanation]:
        """Explains graphs that were checked: the predicted class of each, unless `target` names another."""


@dataclass(frozen=True, kw_only=True)
class ExplainerSpec:
    """An entry of the `EXPLAINERS` registry; it stands at the end of its explainer's file."""

    name: str
    title: str
    hard: bool  # its masks are 0 or 1, and their size is its own choice
    learns: bool  # `fit` learns from graphs; else it returns at once
    one_pass: bool  # there is nothing to learn, and many graphs take one pass
    build: Callable[[nn.Module, int], Explainer]  # (model, seed): an unfitted explainer of the model
    source: str
    validation: str = ""  # of a fitted mask: ours against a published or official figure, in one sentence
    reference: bool = False  # its fits are saved, and soft explainers are cut to the sizes that it chooses
    ceiling: bool = False  # it is given the ground truth, so it does not compete
    as_released: bool = False  # it mixes as its authors' code does, where that departs from their formula
    only_graphs: bool = False  # it refuses models of nodes
    max_graphs: int | None = None  # in a comparison, where it is too slow for more
    max_seeds: int | None = None
    fits_masks: bool = False  # its masks are soft weights in [0, 1] that were fitted to the model, not scores


def own_draws(seed: int, graph: Data) -> torch.Generator:
    """Returns the generator of a graph's own draws, told apart by its `graph_id`, a number or a text."""
    own = graph.get("graph_id", 0)
    return generator(seed, crc32(own.encode()) if isinstance(own, str) else int(own))


def settings(explainer: Explainer) -> dict[str, Any]:
    """Returns the explainer's settings as plain values; empty if it has none."""
    config = getattr(explainer, "config", None)
    return asdict(config) if is_dataclass(config) and not isinstance(config, type) else {}


def chosen(explainer: Explainer) -> list[dict[str, Any]] | None:
    """Returns how each setting that a fit chose among did, as plain values; None if nothing was chosen."""
    tried = [asdict(candidate) for candidate in getattr(explainer, "choice", [])]
    return tried or None


def checked(graphs: Iterable[Data]) -> list[Data]:
    """Returns graphs one by one, each of which can be given to a model.

    Raises:
        ValueError: If one cannot.
    """
    found = as_graphs(graphs)
    for graph in found:
        checks.graph(graph)
    return found


def to_learn(graphs: Iterable[Data]) -> list[Data]:
    """Returns the graphs to learn from, as `checked` does: of very many around nodes, a fixed sample."""
    return checked(graphs.sample() if isinstance(graphs, GraphsAround) else graphs)


def checked_one(graph: Data) -> Data:
    """Returns the graph, which is one and can be given to a model.

    Raises:
        ValueError: If it cannot.
    """
    return checked([one_graph(graph)])[0]


def explained_class(model: nn.Module, graph: Data, target: int | None = None) -> Tensor:
    """Returns the class to explain ``[1]``: `target`, or the predicted one where it is None.

    Raises:
        ValueError: If there is no such class.
    """
    question = ask(model)
    return target_classes(answer(question, question.pack([graph])), target)


def target_classes(logits: Tensor, target: int | None = None) -> Tensor:
    """Returns the class to explain of each graph ``[B]``: `target`, or the predicted one where it is None.

    Args:
        logits: The model's answers ``[B, C]``, or numbers ``[B, 1]``, whose only target is 0.
        target: A class, or None.

    Raises:
        ValueError: If there is no such class.
    """
    predicted = logits.argmax(-1)
    if target is None:
        return predicted
    checks.in_range("target", target, 0, logits.size(1) - 1)
    return torch.full_like(predicted, target)


def only_predicted(explanation: Explanation, target: int | None, why: str) -> Explanation:
    """Returns the explanation, if it is of the class that was asked for.

    Args:
        explanation: Explanation of the predicted class.
        target: The class that was asked for; None: the predicted one.
        why: What the user should know about this explainer; ends the sentence of the error.

    Raises:
        ValueError: If `target` is another class.
    """
    if target is not None and target != int(explanation.target):
        raise ValueError(
            f"Expected the predicted class {int(explanation.target)} as target (got {target}); {why}"
        )
    return explanation


def explained(explainer: Explainer, graphs: Sequence[Data], target: int | None) -> Sequence[Explanation]:
    """Returns the explanations of a class in each graph; of the predicted one where `target` is None."""
    if target is None:
        return explainer.explain_batch(graphs)
    return [explainer.explain(graph, target) for graph in graphs]


def unit_range(values: Tensor) -> Tensor:
    """Returns values moved and scaled so that the least is 0 and the largest 1; all 0 if they are equal."""
    if not len(values):
        return values
    return (values - values.min()) / (values.max() - values.min()).clamp(min=1e-12)


def edge_to_node_scores(edge_index: Tensor, edge_score: Tensor, num_nodes: int) -> Tensor:
    """Returns each node's largest score among its edges, in or out, ``[N]``; a node without edges has 0."""
    scores = edge_score.new_zeros(num_nodes)
    return scores.scatter_reduce(0, edge_index.reshape(-1), edge_score.repeat(2), "amax", include_self=False)


def explain_nodes(graph: Data, node_score: Tensor, target: Tensor) -> Explanation:
    """Returns an explanation by node scores ``[N]``; an edge scores as its lower end, masks are scores."""
    node_score = node_score.to(graph.edge_index.device)
    edge_score = lower_end(node_score, graph.edge_index)
    return make_explanation(graph, node_score, edge_score, node_score, edge_score, target)


def explain_edges(
    graph: Data, edge_score: Tensor, target: Tensor, edge_mask: Tensor | None = None
) -> Explanation:
    """Returns an explanation by edge scores ``[E]``; a node scores as its best edge, masks are scores.

    If `edge_mask` ``[E]`` is given, it takes the place of the scores in the masks, a node's being that of its
    best edge.
    """
    edge_score = edge_score.to(graph.edge_index.device)
    node_score = edge_to_node_scores(graph.edge_index, edge_score, graph.num_nodes)
    if edge_mask is None:
        return make_explanation(graph, node_score, edge_score, node_score, edge_score, target)
    edge_mask = edge_mask.to(graph.edge_index.device)
    node_mask = edge_to_node_scores(graph.edge_index, edge_mask, graph.num_nodes)
    return make_explanation(graph, node_score, edge_score, node_mask, edge_mask, target)


def explain_hard(graph: Data, node_score: Tensor, keep: Tensor, target: Tensor) -> Explanation:
    """Returns a hard explanation by kept nodes, bool ``[N]``, and a ranking ``[N]``.

    An edge is kept when both of its ends are, and scores as its lower end.
    """
    node_score, keep = (values.to(graph.edge_index.device) for values in (node_score, keep))
    inside = keep[graph.edge_index].all(0)
    edge_score = lower_end(node_score, graph.edge_index)
    return make_explanation(graph, node_score, edge_score, keep.float(), inside.float(), target)


def make_explanation(
    graph: Data,
    node_score: Tensor,
    edge_score: Tensor,
    node_mask: Tensor,
    edge_mask: Tensor,
    target: Tensor,
) -> Explanation:
    """Returns the explanation of a graph by scores and masks of its nodes ``[N]`` and edges ``[E]``.

    It is where the graph is, wherever the scores were made.
    """
    device = graph.edge_index.device
    explanation = Explanation(
        x=graph.x,
        edge_index=graph.edge_index,
        node_mask=node_mask[:, None].to(device),
        edge_mask=edge_mask.to(device),
        node_score=node_score.to(device),
        edge_score=edge_score.to(device),
        target=target.to(device),
        notes=[TAKEN_IN_PART] if has_centre(graph) and graph.num_nodes == MOST else [],
    )
    if graph.x is None:
        explanation.num_nodes = len(node_score)
    for name in AROUND:
        if name in graph:
            explanation[name] = graph[name]
    return explanation


def noted(
    question: Question, graphs: Sequence[Data], explanations: Iterable[Explanation]
) -> list[Explanation]:
    """Returns the explanations of graphs with `notes`: what the question says of each graph, and their own.

    Args:
        question: The question that was asked.
        graphs: Graphs with all of their attributes.
        explanations: As many.
    """
    found = list(explanations)
    for graph, explanation in zip(graphs, found, strict=True):
        silent = [] if explanation.node_score.any() else [SILENT]
        explanation.notes[:] = [*question.notes(graph), *explanation.notes, *silent]
    return found
