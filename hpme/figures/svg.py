"""Networks as standalone SVG, from the same dictionaries and positions that the browser draws."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from hpme.figures.networks import Panel
from hpme.figures.palette import DARK, LIGHT
from hpme.figures.skeleton import svg_marks

_MARGIN, _HEADER = 45, 45
_LEAST = 380.0, 260.0  # width and height of a panel: a few nodes are not blown up, and its name has room


def data_svgs(data: Mapping[str, Any], *, dark: bool = False) -> dict[str, str]:
    """The linked panels as SVG documents: each panel by its name, and "All panels" as one.

    Args:
        data: Result of `trio_data`, `grid_data`, `soft_data` or `edit_data`.
        dark: Which of its two themes.
    """
    fields = ("name", "caption", "nodes", "edges", "legend", "marks")
    panels = [Panel(*map(panel.get, fields)) for panel in data["dark" if dark else "light"]]
    views = {panel.name: [panel] for panel in panels} | {"All panels": panels}
    return {name: graph_svg(view, dark=dark) for name, view in views.items()}


def graph_svg(panels: Sequence[Panel], *, dark: bool = False, named: bool = True) -> str:
    """Panels side by side, all on one scale, as an SVG document.

    Args:
        panels: Result of `panels`, or some of it.
        dark: Whether a dark surface lies under them; as the panels were made.
        named: Whether each carries its name.

    Returns:
        An SVG document.
    """
    theme = DARK if dark else LIGHT
    nodes = [node for panel in panels for node in panel.nodes] or [{"x": 0, "y": 0}]
    left, top = (min(node[axis] for node in nodes) - _MARGIN for axis in "xy")
    right, bottom = (max(node[axis] for node in nodes) + _MARGIN for axis in "xy")
    head = _HEADER if named else 0
    width, height = max(right - left, _LEAST[0]), max(bottom - top, _LEAST[1]) + head
    left, top = (left + right - width) / 2, (top + bottom - height + head) / 2
    parts = [f'<rect width="100%" height="100%" fill="{theme.surface}"/>']
    for place, panel in enumerate(panels):
        spot = f'x="{place * width + 15:.1f}" y="29" font-size="18" font-weight="600" fill="{theme.ink}"'
        title = f"<text {spot}>{escape(panel.name)}</text>" if named else ""
        move = f"translate({place * width - left:.1f} {head - top:.1f})"
        parts.append(f'{title}<g transform="{move}">{drawing(panel)}</g>')
    across = width * len(panels)
    size = f'viewBox="0 0 {across:.0f} {height:.0f}" width="{across:.0f}" height="{height:.0f}"'
    font = 'font-family="Helvetica, Arial, sans-serif"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font}>{"".join(parts)}</svg>'


def drawing(panel: Panel) -> str:
    """Edges and nodes of a panel as SVG elements, in its own coordinates."""
    places = {node["id"]: node for node in panel.nodes}
    if panel.marks is not None:  # the nodes, clear as they are, have the words for who hovers over them
        return svg_marks(panel.marks) + "".join(map(_node, panel.nodes))
    parts = [_line(edge, places) for edge in panel.edges]
    parts += [_node(node) for node in sorted(panel.nodes, key=lambda node: node["shape"] == "star")]
    return "".join(parts)


def _line(edge: dict[str, Any], places: dict[int, dict[str, Any]]) -> str:
    start, end = places[edge["from"]], places[edge["to"]]
    ends = f'x1="{start["x"]}" y1="{start["y"]}" x2="{end["x"]}" y2="{end["y"]}"'
    dashes = ' stroke-dasharray="7 6"' if edge["dashes"] else ""
    return f'<line {ends} stroke="{edge["color"]["color"]}" stroke-width="{edge["width"]}"{dashes}/>'


def _node(node: dict[str, Any]) -> str:
    x, y, size, colour = node["x"], node["y"], node["size"], node["color"]
    look = f'fill="{colour["background"]}" stroke="{colour["border"]}" stroke-width="{node["borderWidth"]}"'
    if node["shape"] == "square":
        body = f'<rect x="{x - size:.1f}" y="{y - size:.1f}" width="{2 * size}" height="{2 * size}" {look}/>'
    elif node["shape"] == "star":
        body = f'<polygon points="{_star(x, y, size)}" {look}/>'
    else:
        body = f'<circle cx="{x}" cy="{y}" r="{size}" {look}/>'
    text = f'x="{x}" y="{y + 5:.1f}" font-size="14" text-anchor="middle" fill="{node["font"]["color"]}"'
    label = f"<text {text}>{escape(node['label'])}</text>" if node["label"].strip() else ""
    return f"<g><title>{escape(node['title'])}</title>{body}{label}</g>"


def _star(x: float, y: float, size: float) -> str:
    """The corners of a star as vis.js draws it."""
    angles = np.arange(10) * np.pi / 5
    reach = 0.82 * size * np.where(np.arange(10) % 2, 0.5, 1.3)
    corners = zip(x + reach * np.sin(angles), y + 0.1 * size - reach * np.cos(angles), strict=True)
    return " ".join(f"{across:.1f},{down:.1f}" for across, down in corners)
