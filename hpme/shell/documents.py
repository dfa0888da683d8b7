"""One explained graph as a document: HTML, SVG or GraphML."""

from collections.abc import Sequence
from typing import Literal

from torch import nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.classifiers import model_title
from hpme.datasets import Dataset
from hpme.explainers.base import ExplainBatch, explained_class
from hpme.explainers.sizes import at_size
from hpme.io import write_graph
from hpme.shell import inputs

Format = Literal["json", "html", "svg", "graphml"]


def resized(explain_batch: ExplainBatch, graphs: Sequence[Data], nodes: int) -> ExplainBatch:
    """Returns an explainer that keeps this many nodes of `graphs`; of other graphs, its own number."""
    ours = {id(graph) for graph in graphs}

    def explain(batch: Sequence[Data]) -> list[Explanation]:
        pairs = zip(batch, explain_batch(batch), strict=True)
        return [at_size(out, nodes) if id(graph) in ours else out for graph, out in pairs]

    return explain


def write_document(
    kind: Format,
    dataset: Dataset,
    model: tuple[str, nn.Module],
    explain_batch: ExplainBatch,
    graph: Data,
    donor: int | None,
    seed: int,
    target: int | None = None,
) -> str:
    """Explains a graph and returns it as HTML, SVG or GraphML; a donor that is not given is drawn.

    `model` is its name, for the heading, and the model itself; `target` the class that is explained, where
    one was named.
    """
    if kind == "graphml":
        return write_graph(graph, explain_batch([graph])[0], kind).decode()
    from hpme import figures  # here, since all else works without what drawing needs
    from hpme.analysis.story import DRAWS, Subject, build_story, candidate_donors, scale_of

    title, classifier = model_title(model[0]), model[1]
    donors = candidate_donors(dataset.test, graph, DRAWS, seed)
    if donor is None:
        other = donors[0]
    else:
        (other,) = inputs.pick_graphs(dataset, None, donor)
    scale = scale_of(classifier, dataset.test, dataset.spec.quantity)
    spec = dataset.spec
    if target == int(explained_class(classifier, graph)):
        target = None
    subject = Subject(classifier, graph, other, donors, spec.classes, spec.node_labels, scale, seed, target)
    story = build_story(subject, explain_batch)
    if kind == "svg":
        return figures.graph_svg(figures.panels(story.scene, structure=True))
    name = graph.get("name") or f"{spec.item} {graph.get('graph_id', 0)}"
    question = story.question(f"{title} of {spec.title}", name)
    return figures.page_html(story, question, figures.Look(structure=True))
