"""Soft masks beside hard ones: the two mixed graphs that the model sees."""

from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor
from torch_geometric.data import Data

from hpme.figures.answer import Answers
from hpme.figures.networks import (
    Panel,
    bare_network,
    marks_key,
    mixed_panel,
    only_drawn,
    weight_of,
    weighted_edge,
)
from hpme.figures.palette import VERMILLION, Theme
from hpme.figures.payload import PLAIN, Look, PanelData, linked_data, panel_data, verdict, verdicts
from hpme.figures.scene import Scene
from hpme.figures.skeleton import two
from hpme.figures.story import Story
from hpme.method.mixup import EXPLANATION
from hpme.metrics import leaked_mass, outside

TRACE = 0.01  # edge weights below it cannot be seen


@dataclass(frozen=True)
class Leak:
    """The part of a graph that a soft mask lets through beside its explanation."""

    edges: int  # undirected edges outside the explanation whose weight can be seen
    total: int  # undirected edges outside the explanation
    mass: float  # share of the mask's mass outside it, in [0, 1]

    @property
    def sentence(self) -> str:
        """The same in words."""
        return (
            f"{self.edges} of {self.total} edges outside the explanation still pass messages; "
            f"{self.mass:.0%} of the mask's mass lies outside."
        )


def measure_leak(soft: Data, keep: Tensor) -> Leak:
    """Measures how much of the explained graph leaks in a soft mix, beside its kept nodes ``bool [N]``."""
    own = soft.edge_origin == EXPLANATION
    edge_index, weight = soft.edge_index[:, own], soft.edge_weight[own]
    beyond = weight_of(edge_index[:, outside(edge_index, keep)], weight[outside(edge_index, keep)])
    visible = sum(value > TRACE for value in beyond.values())
    return Leak(visible, len(beyond), leaked_mass(edge_index, weight, keep))


def soft_data(
    hpme: Story, other: Story, soft: Data, output: Tensor, title: str, *, look: Look = PLAIN
) -> dict[str, Any]:
    """The mixed graph under a soft mask, and HPME's, as linked panels.

    Args:
        hpme: HPME's story.
        other: The soft explainer's, on the same graph with the same donor.
        soft: Result of `hpme.explainers.edge_masks.soft_mix.soft_mix` for them.
        output: The model's output on `soft`, ``[1, C]``.
        title: Of the soft explainer.
        look: How to draw them.

    Returns:
        As `linked_data`.
    """
    answers = Answers(torch.cat([other.answers.outputs[:1], output]), other.classes, other.answers.scale)
    scene = replace(other.scene, mixed=soft)
    places = scene.mixed_positions.tolist()

    def both(theme: Theme) -> list[PanelData]:
        return [
            panel_data(_soft_panel(scene, places, title, theme), [verdict(answers, 1, "Soft mix")]),
            panel_data(mixed_panel(hpme.scene, theme), verdicts(hpme, (3,))),
        ]

    return linked_data(scene.graph, both, look, two(scene.graph, scene.donor))


def _soft_panel(scene: Scene, places: list[list[float]], title: str, theme: Theme) -> Panel:
    mixed, keep, ids = scene.mixed, scene.kept, scene.mixed_ids
    shades = (theme.explanation, VERMILLION, theme.donor)
    fills = [shades[2] if node >= scene.size else shades[0 if keep[node] else 1] for node in ids]
    net, drawn = bare_network(scene, theme, fills, ids, places), set()
    columns = zip(
        mixed.edge_index.t().tolist(), mixed.edge_weight.tolist(), mixed.edge_origin.tolist(), strict=True
    )
    for (u, v), weight, origin in columns:
        if u < v and (u, v) not in drawn and weight > 0:
            drawn.add((u, v))
            inside = origin == 0 and keep[u] and keep[v]
            colour = (theme.explanation if inside else VERMILLION, theme.donor, theme.link)[origin]
            net.edges.append(weighted_edge(ids[u], ids[v], colour, weight, dashed=origin == 2))
    key = [
        {"kind": "dot", "fill": shades[0], "label": "explanation"},
        {"kind": "dot", "fill": shades[1], "label": "leaked"},
        {"kind": "square", "fill": theme.donor, "label": "donor"},
        {"kind": "dash", "fill": theme.link, "label": "link"},
    ]
    caption = f"{title}: two whole graphs, edges as wide as their weights."
    key = only_drawn(key, net.nodes, net.edges) + marks_key(scene, theme)
    return Panel("Soft mix", caption, net.nodes, net.edges, key)
