"""One explanation told whole: the three views, what the classifier says of each, and how far to trust it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation
from torch_geometric.utils import to_networkx

from hpme.explainers.sizes import hard_mask
from hpme.figures.answer import Answers, Scale
from hpme.figures.scene import Scene, scene
from hpme.figures.window import MOST, SLOW
from hpme.method.mixup import mix_graphs
from hpme.metrics.faithfulness import kept_share
from hpme.metrics.forward import logits, same, subgraphs
from hpme.metrics.ground_truth import edge_auc, node_iou
from hpme.metrics.shift import cosine
from hpme.seeding import generator

DRAWS = 20


@dataclass(frozen=True)
class Flag:
    """Something the reader has to know before believing the picture."""

    title: str
    words: str
    serious: bool = True


@dataclass(frozen=True)
class Story:
    """What `tell` found out about one graph."""

    scene: Scene
    answers: Answers  # on the whole graph, the subgraph alone, the rest alone, the mixed graph
    held: int  # of `draws` mixed graphs with the same prediction
    draws: int
    metrics: dict[str, float | None]  # by name in METRICS
    explainer: str = "HPME"  # its title

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes; none in a regression."""
        return self.answers.classes

    @property
    def probabilities(self) -> Tensor:
        """Class probabilities of the four views ``[4, C]``, or the numbers of a regression ``[4, 1]``."""
        return self.answers.probabilities

    @property
    def target(self) -> int:
        """The explained class; 0 in a regression."""
        return int(self.scene.explanation.target)

    @property
    def pieces(self) -> int:
        """Number of connected pieces of the kept subgraph."""
        network = to_networkx(self.scene.graph, to_undirected=True)
        return nx.number_connected_components(network.subgraph(self.scene.keep.nonzero().flatten().tolist()))

    @property
    def sentence(self) -> str:
        """The result in words."""
        kind = "atoms" if self.scene.labels else "nodes"
        bits = self.metrics["capacity_bits"]
        size = f"{int(self.scene.keep.sum())} of {self.scene.graph.num_nodes} {kind}"
        capacity = "" if bits is None else f", at most {bits:.1f} bits"
        prediction = f"in {self.draws} mixed graphs the prediction *{self.answers.said(0)}*"
        return f"{self.explainer} keeps {size}{capacity}; {prediction} holds {self.held} times."

    @property
    def flags(self) -> list[Flag]:
        """All warnings that apply, the gravest first."""
        return [flag for flag in (*_about_prediction(self), *_about_subgraph(self)) if flag]


def tell(
    model: nn.Module,
    explain: Callable[[Sequence[Data]], list[Explanation]],
    graph: Data,
    donor: Data,
    pool: Sequence[Data],
    *,
    classes: Sequence[str],
    labels: Sequence[str] = (),
    scale: Scale | None = None,
    seed: int = 0,
    explainer: str = "HPME",
    positions: np.ndarray | None = None,
) -> Story:
    """Explains a graph, mixes it with a donor, and asks the classifier about every view.

    Args:
        model: The explained classifier.
        explain: The explainer's ``explain_batch``.
        graph: The graph to explain.
        donor: The graph that the mixed view takes its rest from.
        pool: Graphs to draw `DRAWS` more donors from, for counting how often the prediction holds.
        classes: Names of the classes; none for a regression.
        labels: Element symbol of each feature column, for molecules.
        scale: How to read the numbers of a regression.
        seed: Seed of the links; the same as in ``explainer.mix``.
        explainer: Title of the explainer, for the sentence.
        positions: Result of `layout` for the graph, where it is known already.

    Returns:
        The story, with per-graph metrics under their names in ``METRICS``; None where one has no value.
    """
    others = donors_of(pool, graph, DRAWS, seed)
    explanations = explain([graph, donor, *others])
    keep, donor_keep, *keeps = map(hard_mask, explanations)
    mixed = mix_graphs([graph], [donor], [keep], [donor_keep], seed)[0]
    mixes = mix_graphs([graph] * len(others), others, [keep] * len(others), keeps, seed)
    alone = subgraphs([graph, graph], [keep, ~keep])
    outputs = logits(model, [graph, *alone, mixed, *mixes])
    answers = Answers(outputs[:4], tuple(classes), scale)
    view = scene(graph, explanations[0], donor, mixed, labels, positions)
    held = int(same(outputs[4:], outputs[0], scale.tolerance if scale else 0).sum())
    metrics = _metrics(model, view, alone[0], mixes) | {"kept_on_mix": held / max(len(mixes), 1)}
    return Story(view, answers, held, len(mixes), metrics, explainer)


def donors_of(pool: Sequence[Data], graph: Data, count: int, seed: int = 0) -> list[Data]:
    """The first `count` donors for a graph: other graphs of the pool, in an order fixed by the seed."""
    own = graph.get("graph_id", 0)
    others = [other for other in pool if other is not graph and other.get("graph_id") != own]
    order = torch.randperm(len(others), generator=generator(seed, int(own)))
    return [others[i] for i in order[:count].tolist()]


def _metrics(model: nn.Module, view: Scene, alone: Data, mixes: list[Data]) -> dict[str, float | None]:
    graph, explanation = view.graph, view.explanation
    bits = explanation.get("capacity_bits")
    return {
        "edge_auc": edge_auc(graph, explanation.edge_score),
        "node_iou": node_iou(graph, view.keep),
        "kept_share": float(kept_share([view.keep])),
        "capacity_bits": None if bits is None else float(bits),
        "cos_subgraph": float(cosine(model, [graph], [alone])),
        "cos_mix": float(cosine(model, [graph] * len(mixes), mixes).mean()) if mixes else None,
    }


def _about_prediction(story: Story) -> list[Flag | None]:
    answers, target = story.answers, story.answers.said(0)
    lost = Flag(
        "Prediction lost in the mix",
        f"In this mixed graph {answers.words(3)}: the kept part does not carry it here.",
    )
    shift = Flag(
        "Out-of-distribution effect",
        f"Of the bare subgraph {answers.words(1)}, yet the mixed graph keeps {target}: "
        "a fragment is unlike anything the model was trained on.",
        serious=False,
    )
    return [
        _wrong(story),
        None if answers.kept(3) else lost,
        shift if answers.kept(3) and not answers.kept(1) else None,
    ]


def _wrong(story: Story) -> Flag | None:
    graph, answers = story.scene.graph, story.answers
    if "y" not in graph:
        return None
    if answers.scale is None:
        label, right = answers.classes[int(graph.y)], int(graph.y) == story.target
    else:
        label = f"{float(graph.y):.2f}"
        right = bool(same(graph.y.view(1), answers.outputs[0], answers.scale.tolerance))
    words = (
        f"The model says {answers.said(0)}, the label is {label}. "
        "The explanation shows what misled the model, not what is true."
    )
    return None if right else Flag("Wrong prediction", words)


def _about_subgraph(story: Story) -> list[Flag | None]:
    kept, size = int(story.scene.keep.sum()), story.scene.graph.num_nodes
    extreme = Flag(
        "Nothing kept" if not kept else "Everything kept",
        "At this size the explanation says nothing about which part matters; choose another size.",
    )
    split = Flag(
        "Disconnected subgraph",
        f"The kept nodes form {story.pieces} separate pieces.",
        serious=False,
    )
    large = Flag(
        "Large graph",
        f"It has {size:,} nodes. Drawing takes a moment; of more than {MOST:,}, "
        "the panels show the best ones and what is around them.",
        serious=False,
    )
    blind = Flag(
        "No ground truth",
        "No true explanation is marked on this graph, so agreement with it cannot be measured.",
        serious=False,
    )
    return [
        extreme if kept in (0, size) else None,
        split if story.pieces > 1 else None,
        large if size > SLOW else None,
        blind if story.scene.ground_truth is None else None,
    ]
