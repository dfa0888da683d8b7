"""Explanations that show themselves in a notebook."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch_geometric.data import Data
from torch_geometric.explain import Explanation


@dataclass(frozen=True)
class Shown:
    """A picture that a notebook displays; it needs no network and no script."""

    svg: str

    def __repr__(self) -> str:
        return f"<picture of {len(self.svg):,} characters of SVG, for a notebook; .svg holds them>"

    def _repr_html_(self) -> str:
        return f"<div style='max-width:1200px;overflow-x:auto'>{self.svg}</div>"


def show(
    graph: Data,
    explanation: Explanation,
    donor: Data | None = None,
    mixed: Data | None = None,
    labels: Sequence[str] = (),
    structure: bool = True,
) -> Shown:
    """Draws an explanation: the graph with its scores, the kept subgraph, and a mixed graph if one is given.

    Args:
        graph: The explained graph.
        explanation: Its explanation, with ``node_mask`` and ``node_score``.
        donor: The donor of `mixed`.
        mixed: Result of ``explainer.mix(graph, donor)``.
        labels: Element symbol of each one-hot feature column, for molecules.
        structure: Whether molecules, known by their ``smiles``, are drawn as such; else all graphs are dots.

    Returns:
        An object that a notebook displays as a picture; its ``svg`` can be written to a file.

    Raises:
        ValueError: If only one of `donor` and `mixed` is given.

    Example:
        >>> from hpme import HPME, load_dataset
        >>> graph = load_dataset("ba-2motifs").test[0]
        >>> picture = show(graph, HPME.load("ba-2motifs").explain(graph))
        >>> picture.svg[:4]
        '<svg'
    """
    from hpme import figures  # drawing is slow to import, and most programs do not draw

    if (donor is None) != (mixed is None):
        got = "no donor" if donor is None else "no mixed graph"
        raise ValueError(f"Expected a donor and a mixed graph, or neither (got {got}); pass both")
    if donor is None or mixed is None:
        views: tuple[figures.Panel, ...] = figures.panels(
            figures.scene(graph, explanation, graph, _unmixed(graph), labels), structure=structure
        )[:2]
    else:
        views = figures.panels(figures.scene(graph, explanation, donor, mixed, labels), structure=structure)
    return Shown(figures.graph_svg(views))


def _unmixed(graph: Data) -> Data:
    """Returns the graph as a mixed graph without any part of a donor."""
    return Data(
        x=graph.x,
        edge_index=graph.edge_index,
        node_origin=torch.zeros(graph.num_nodes, dtype=torch.long),
        node_id=torch.arange(graph.num_nodes),
        edge_origin=torch.zeros(graph.num_edges, dtype=torch.long),
    )
