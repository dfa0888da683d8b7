"""The three linked networks, as vis.js dictionaries from pyvis: original graph, subgraph, mixed graph.

Importance has one visual channel (the fill), the ground truth another (the outline), origin has colour and
shape. Labels and titles are plain text; every attribute is set here, none comes from a file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pyvis.network import Network
from torch import Tensor

from hpme.figures.facts import tooltip
from hpme.figures.palette import DARK, LIGHT, Theme, mix, readable_on
from hpme.figures.scene import Scene
from hpme.figures.skeleton import Mark, Sketch, as_molecule, legend, two

_ATOM, _POINT = 15, 11  # radius of a node with letters, and of one without
_WIDEST = 6.0  # edge of weight one


@dataclass(frozen=True)
class NodeLook:
    """Colours, as ``#rrggbb``, and shape of a node."""

    fill: str
    border: str
    width: int = 1  # of the border
    shape: str = "dot"  # or "square", or "star"
    font: str | None = None  # default: what is readable on the fill
    size: int | None = None  # default: that of a node with letters, or without


@dataclass(frozen=True)
class Panel:
    """One of the linked views, ready to be drawn by vis.js or as SVG."""

    name: str
    caption: str
    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    legend: list[dict[str, str]] = field(default_factory=list)
    marks: list[Mark] | None = None  # a molecule, seen in place of its nodes and edges


def panels(
    scene: Scene,
    *,
    dark: bool = False,
    show_dropped: bool = True,
    structure: bool = False,
    numbers: bool = False,
) -> tuple[Panel, Panel, Panel]:
    """The three views of a scene.

    Args:
        scene: What to show.
        dark: Colours for a dark surface.
        show_dropped: Whether the subgraph's view keeps the dropped nodes, faintly.
        structure: Whether molecules are drawn as real 2D structures; no effect on other graphs.
        numbers: Whether the atoms of such structures carry numbers.

    Returns:
        Original graph, hard-pooled subgraph, mixed graph.
    """
    theme = DARK if dark else LIGHT
    views = _original(scene, theme), subgraph_panel(scene, theme, show_dropped), mixed_panel(scene, theme)
    molecules = two(scene.graph, scene.donor) if structure else None
    if molecules is None:
        return views
    first, second, third = (drawn(view, molecules, theme, numbers=numbers) for view in views)
    return first, second, third


def drawn(panel: Panel, molecules: Sketch, theme: Theme, *, numbers: bool = False) -> Panel:
    """A view of molecules as chemists draw them: hovering and clicking stay."""
    parts = as_molecule(panel.nodes, panel.edges, molecules, theme, numbers=numbers)
    return replace(panel, legend=legend(panel.legend, theme), **parts)


def unit(score: Tensor) -> list[float]:
    """Scores stretched to ``[0, 1]`` within the graph; all 1 where they are equal."""
    low, span = score.min(), score.max() - score.min()
    return ((score - low) / span).tolist() if span > 0 else [1.0] * len(score)


def _original(scene: Scene, theme: Theme) -> Panel:
    shares = unit(scene.explanation.node_score)
    net = bare_network(scene, theme, [mix(theme.low, theme.explanation, share) for share in shares])
    net.edges.extend(network_edge(u, v, theme.line, 2) for u, v in pairs(scene.graph.edge_index))
    ramp = {"kind": "ramp", "from": theme.low, "fill": theme.explanation, "label": "importance"}
    caption = "The stronger the colour, the more a node matters."
    return Panel("Original graph", caption, net.nodes, net.edges, [ramp, *marks_key(scene, theme)])


def subgraph_panel(scene: Scene, theme: Theme, show_dropped: bool) -> Panel:
    """The kept nodes and the edges between them."""
    net, keep = Network(), scene.kept
    for node, kept in enumerate(keep):
        if kept or show_dropped:
            fill = theme.explanation if kept else theme.faint
            net.nodes.append(_scene_node(scene, theme, node, fill, faint=not kept))
    for u, v in pairs(scene.graph.edge_index):
        if keep[u] and keep[v]:
            net.edges.append(network_edge(u, v, theme.explanation, 4))
        elif show_dropped:
            net.edges.append(network_edge(u, v, theme.faint, 2))
    key = [
        {"kind": "dot", "fill": theme.explanation, "label": "kept"},
        {"kind": "dot", "fill": theme.faint, "label": "dropped"},
    ]
    key = only_drawn(key, net.nodes, net.edges) + marks_key(scene, theme)
    caption = "The kept nodes; all others are removed."
    return Panel("Hard-pooled subgraph", caption, net.nodes, net.edges, key)


def mixed_panel(scene: Scene, theme: Theme) -> Panel:
    """The kept part in the place of the donor's explanation."""
    net, mixed, ids = Network(), scene.mixed, scene.mixed_ids
    for node, origin, place in zip(ids, mixed.node_origin.tolist(), scene.mixed_positions, strict=True):
        fill = theme.donor if origin else theme.explanation
        net.nodes.append(_scene_node(scene, theme, node, fill, place))
    looks = (theme.explanation, 4, False), (theme.donor, 2, False), (theme.link, 3, True)
    origins = dict(zip(_columns(mixed.edge_index), mixed.edge_origin.tolist(), strict=True))
    net.edges.extend(network_edge(ids[u], ids[v], *looks[origins[u, v]]) for u, v in pairs(mixed.edge_index))
    key = [
        {"kind": "dot", "fill": theme.explanation, "label": "explanation"},
        {"kind": "square", "fill": theme.donor, "label": "donor"},
        {"kind": "dash", "fill": theme.link, "label": "new link"},
    ]
    caption = f"The kept part takes the place of another {scene.item}'s explanation."
    if not ids:
        caption = "Empty: nothing of this graph is kept, and all of the donor is. Choose another donor."
    key = only_drawn(key, net.nodes, net.edges) + marks_key(scene, theme)
    return Panel("Mixed graph", caption, net.nodes, net.edges, key)


def _scene_node(
    scene: Scene,
    theme: Theme,
    node: int,
    fill: str,
    place: Sequence[float] | None = None,
    *,
    faint: bool = False,
) -> dict[str, Any]:
    """One node of a scene; by default at the place where the graph's own nodes are."""
    own = node < scene.size
    true = own and scene.true is not None and scene.true[node]
    look = NodeLook(
        fill=fill,
        border=theme.ink if true else mix(fill, theme.ink, 0.08 if faint else 0.25),
        width=3 if true else 1,
        shape="dot" if own else "square",
        font=mix(fill, theme.ink, 0.5) if faint else None,
    )
    look = starred(look, theme, scene.size) if node == scene.centre else look
    spot = scene.positions[node] if place is None else place
    return network_node(node, scene.symbol(node), tooltip(scene, node), spot, look)


def starred(look: NodeLook, theme: Theme, count: int) -> NodeLook:
    """The look of the explained node: a star that is found among so many nodes."""
    size = star_size(count)
    return replace(look, border=theme.ink, width=max(3, size // 6), shape="star", size=size)


def star_size(count: int) -> int:
    """The reach of the points of a star among so many nodes; where there are many, all are drawn small."""
    return max(17, round(2 * count**0.5))


def network_node(
    node: int, letters: str, title: str, place: Sequence[float], look: NodeLook
) -> dict[str, Any]:
    """One node; all nodes have the same attributes, so that an update leaves nothing behind.

    Args:
        node: Its id.
        letters: Letters in it; nodes without letters are smaller.
        title: Its tooltip.
        place: Where it is.
        look: Its colours and shape.
    """
    colours = {"background": look.fill, "border": look.border}
    size = (_ATOM if letters else _POINT) - 2 * (look.shape == "square")
    return {
        "id": node,
        "label": letters or " ",
        "shape": look.shape,
        "title": title,
        "x": round(float(place[0]), 1),
        "y": round(float(place[1]), 1),
        "size": look.size or size,
        "borderWidth": look.width,
        "color": colours,
        "font": {"color": look.font or readable_on(look.fill)},
    }


def bare_network(
    scene: Scene,
    theme: Theme,
    fills: list[str],
    ids: Sequence[int] | None = None,
    places: Sequence[Sequence[float]] | None = None,
) -> Network:
    """A network of nodes without edges; by default the graph's own nodes, where they always are."""
    net = Network()
    nodes = range(scene.size) if ids is None else ids
    spots = scene.positions if places is None else places
    for node, fill, place in zip(nodes, fills, spots, strict=True):
        net.nodes.append(_scene_node(scene, theme, node, fill, place))
    return net


def network_edge(u: int, v: int, colour: str, width: float, dashed: bool = False) -> dict[str, Any]:
    """One edge; all edges have the same attributes, so that an update leaves nothing behind."""
    dashes = [7, 6] if dashed else False
    return {
        "id": (u << 24) + v,
        "from": u,
        "to": v,
        "color": {"color": colour},
        "width": width,
        "dashes": dashes,
    }


def weighted_edge(u: int, v: int, colour: str, weight: float, dashed: bool = False) -> dict[str, Any]:
    """An edge as wide as its weight, in ``[0, 1]``, says; hair-thin where that is all but nothing."""
    return network_edge(u, v, colour, round(max(_WIDEST * weight, 0.3), 2), dashed)


def weight_of(edge_index: Tensor, weight: Tensor) -> dict[tuple[int, int], float]:
    """The larger weight of both directions of each undirected edge, in order."""
    weights: dict[tuple[int, int], float] = {}
    for (u, v), value in zip(edge_index.t().tolist(), weight.tolist(), strict=True):
        ends = (min(u, v), max(u, v))
        weights[ends] = max(weights.get(ends, 0.0), value)
    return dict(sorted(weights.items()))


def only_drawn(
    key: list[dict[str, str]], nodes: list[dict[str, Any]], edges: list[dict[str, Any]]
) -> list[dict[str, str]]:
    """The entries of a legend that are drawn: a dash by its edges, a ring by borders, others by fills."""
    fills, borders = ({node["color"][part] for node in nodes} for part in ("background", "border"))
    colours = {"dash": {edge["color"]["color"] for edge in edges if edge["dashes"]}, "ring": borders}
    return [entry for entry in key if entry["fill"] in colours.get(entry["kind"], fills)]


def marks_key(scene: Scene, theme: Theme) -> list[dict[str, str]]:
    """Legend of the explained node and of the ground truth, where there are any."""
    star = [] if scene.centre is None else [star_key(theme, scene.name(scene.centre))]
    if scene.ground_truth is None:
        return star
    return [*star, {"kind": "ring", "fill": theme.ink, "label": "ground truth"}]


def star_key(theme: Theme, name: str) -> dict[str, str]:
    """Legend of the explained node, given by its name."""
    return {"kind": "star", "fill": theme.explanation, "label": name}


def _columns(edge_index: Tensor) -> list[tuple[int, int]]:
    return [(u, v) for u, v in edge_index.t().tolist()]


def pairs(edge_index: Tensor) -> Iterator[tuple[int, int]]:
    """Each undirected edge once."""
    return ((u, v) for u, v in sorted(set(_columns(edge_index))) if u < v)
