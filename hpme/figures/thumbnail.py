"""Small pictures of single graphs, as SVG: for cards, strips and lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch_geometric.data import Data

from hpme.figures.layout import layout, mixed_layout
from hpme.figures.networks import Panel, drawn, star_size
from hpme.figures.palette import DARK, LIGHT, Theme, mix, readable_on
from hpme.figures.payload import PLAIN, Look
from hpme.figures.skeleton import Sketch, sketch, two
from hpme.figures.svg import drawing
from hpme.forward.hops import CENTRE, has_centre

_MARGIN, _ATOM, _POINT = 24, 15, 11
_BESIDE = 14  # room for the numbers of the outermost atoms
_PIECE = 230.0  # the least width where a piece stands alone
_ASPECT, _LEAST = 1.25, 300.0  # one shape for all, so that they stand in rows; small graphs are not blown up


# What the marks of a mixed graph mean, for captions.
MIX_KEY = "Blue: the explanation. Orange: the rest of the donor. Dashed lines: new links."


@dataclass(frozen=True)
class Dot:
    """A node of a small picture."""

    symbol: str
    fill: str  # ``#rrggbb``
    outlined: bool = False
    shape: str = "dot"  # or "square", or "star"


def thumbnail(
    graph: Data,
    labels: Sequence[str] = (),
    shares: Sequence[float] | None = None,
    *,
    look: Look = PLAIN,
    positions: np.ndarray | None = None,
) -> str:
    """A small picture of a graph, as an SVG document.

    Args:
        graph: What to draw; its ground truth, if it has one, is outlined; the node that it is around, a star.
        labels: Element symbol of each one-hot feature column, for molecules whose atoms do not name theirs.
        shares: How strongly each node is coloured, in ``[0, 1]``; default: not at all.
        look: How to draw it.
        positions: Result of `layout` for the graph, where it is known already.

    Returns:
        An SVG document around the graph, always of the same shape, on a clear ground.
    """
    theme = DARK if look.dark else LIGHT
    true = graph.node_gt.tolist() if "node_gt" in graph else [False] * graph.num_nodes
    fills = [mix(theme.low, theme.explanation, share) for share in shares or [0.0] * graph.num_nodes]
    looks = zip(_symbols(graph, labels), fills, true, _shapes(graph), strict=True)
    dots = [Dot(*look) for look in looks]
    edges = [(u, v, theme.line, 2, False) for u, v in graph.edge_index.t().tolist() if u < v]
    places = layout(graph) if positions is None else positions
    molecule = sketch(graph) if look.structure else None
    return document(theme, places, dots, edges, molecule, numbers=look.numbers)


def mixed_thumbnail(
    mixed: Data,
    graph: Data,
    donor: Data,
    labels: Sequence[str] = (),
    *,
    look: Look = PLAIN,
) -> str:
    """A small picture of a mixed graph: explanation as dots, the donor's rest as squares, new links dashed.

    Args:
        mixed: Result of `hpme.method.mixup.mix_graphs`.
        graph: The explained graph.
        donor: Its donor.
        labels: Element symbol of each one-hot feature column, for molecules.
        look: How to draw them; atoms carry no numbers, as those of two molecules would.

    Returns:
        An SVG document that fits the graph, on a clear ground.
    """
    theme = DARK if look.dark else LIGHT
    fills = [theme.donor if kind else theme.explanation for kind in mixed.node_origin.tolist()]
    looks_of_nodes = zip(_symbols(mixed, labels), fills, _shapes(mixed), strict=True)
    dots = [Dot(symbol, fill, shape=shape) for symbol, fill, shape in looks_of_nodes]
    looks = (theme.explanation, 4, False), (theme.donor, 2, False), (theme.link, 3, True)
    kinds = zip(mixed.edge_index.t().tolist(), mixed.edge_origin.tolist(), strict=True)
    edges = [(u, v, *looks[kind]) for (u, v), kind in kinds if u < v]
    molecules = two(graph, donor) if look.structure else None
    if molecules:
        molecules = molecules.renumbered((mixed.node_id + graph.num_nodes * mixed.node_origin).tolist())
    return document(theme, mixed_layout(mixed, layout(graph), layout(donor)), dots, edges, molecules)


def piece_thumbnail(
    graph: Data,
    nodes: Sequence[int],
    labels: Sequence[str] = (),
    *,
    dark: bool = False,
    numbers: bool = False,
    positions: np.ndarray | None = None,
) -> str:
    """A small picture of a kept piece of a graph, without the rest; of a molecule, its structure.

    Args:
        graph: The whole graph.
        nodes: Numbers of the piece's nodes, rising.
        labels: Element symbol of each one-hot feature column, for molecules.
        dark: Colours for a dark surface.
        numbers: Whether atoms carry their numbers in the whole graph.
        positions: Result of `layout` for the graph, where it is known already.

    Returns:
        An SVG document, always of the same shape, on a clear ground.
    """
    theme = DARK if dark else LIGHT
    places = layout(graph) if positions is None else positions
    chosen = [*nodes]
    whole = sketch(graph)
    molecule = whole and whole.renumbered(chosen)
    piece = graph.subgraph(torch.tensor(chosen))
    looks = zip(_symbols(piece, labels), _shapes(piece), strict=True)
    dots = [Dot(symbol, theme.explanation, shape=shape) for symbol, shape in looks]
    edges = [(u, v, theme.explanation, 3, False) for u, v in piece.edge_index.t().tolist() if u < v]
    return document(theme, places[chosen], dots, edges, molecule, least=_PIECE, numbers=numbers, names=chosen)


def _symbols(graph: Data, labels: Sequence[str]) -> list[str]:
    if "element" in graph:
        return graph.element
    return [labels[kind] for kind in graph.x.argmax(1).tolist()] if labels else [" "] * graph.num_nodes


def _shapes(graph: Data) -> list[str]:
    """The shape of each node: a star is the explained one, a square comes from a donor."""
    origin = graph.node_origin.tolist() if "node_origin" in graph else [0] * graph.num_nodes
    star = graph[CENTRE].view(-1).tolist() if has_centre(graph) else [False] * graph.num_nodes
    return ["star" if one else "square" if kind else "dot" for one, kind in zip(star, origin, strict=True)]


def document(
    theme: Theme,
    places: np.ndarray,
    dots: Sequence[Dot],
    edges: Sequence[tuple[int, int, str, int, bool]],
    molecules: Sketch | None = None,
    *,
    least: float = _LEAST,
    numbers: bool = False,
    names: Sequence[int] | None = None,
) -> str:
    """Returns nodes at their places, and edges with their colour, width and dashes, as an SVG document.

    Where the nodes are atoms, they are drawn as the `molecules` that they are of, with or without `numbers`:
    those of their places, or other `names`.
    """
    called = range(len(dots)) if names is None else names
    nodes = [
        _node(theme, i, place, dots[i], len(dots))
        | {"title": f"{dots[i].symbol.strip() or 'node '}{called[i]}"}
        for i, place in enumerate(places.tolist())
    ]
    lines = [
        {"from": u, "to": v, "color": {"color": colour}, "width": width, "dashes": dashed}
        for u, v, colour, width, dashed in edges
    ]
    panel = Panel("", "", nodes, lines)
    body = drawing(drawn(panel, molecules, theme, numbers=numbers) if molecules else panel)
    low, high = (places.min(0), places.max(0)) if len(places) else (np.zeros(2), np.zeros(2))
    width, height = (high - low + 2 * (_MARGIN + _BESIDE * numbers)).tolist()
    width, height = max(width, _ASPECT * height, least), max(height, width / _ASPECT, least / _ASPECT)
    left, top = ((low + high - (width, height)) / 2).tolist()
    box = f'viewBox="{left:.1f} {top:.1f} {width:.1f} {height:.1f}" width="{width:.0f}" height="{height:.0f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif">{body}</svg>'


def _node(theme: Theme, number: int, place: Sequence[float], dot: Dot, count: int) -> dict[str, Any]:
    marked = dot.outlined or dot.shape == "star"
    border = theme.ink if marked else mix(dot.fill, theme.ink, 0.25)
    return {
        "id": number,
        "x": round(place[0], 1),
        "y": round(place[1], 1),
        "label": dot.symbol,
        "size": star_size(count) if dot.shape == "star" else _ATOM if dot.symbol.strip() else _POINT,
        "shape": dot.shape,
        "color": {"background": dot.fill, "border": border},
        "borderWidth": 4 if marked else 1,
        "font": {"color": readable_on(dot.fill)},
    }
