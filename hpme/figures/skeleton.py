"""Molecules in the views as chemists draw them: bonds by their orders, letters, and halos in place of discs.

The nodes and edges of a view stay where they are, clear, to be hovered over and clicked; what is seen of them
are marks, the same in the browser and in SVG.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import pairwise
from math import atan2, cos, hypot, pi, sin, tau
from typing import Any

from rdkit import Chem
from torch_geometric.data import Data

from hpme.chemistry.names import molecule_of
from hpme.figures.palette import Theme, mix

CLEAR = "rgba(0,0,0,0)"
_HALO, _GIRTH, _PEN = 15.0, 18.0, 2.2  # radius around an atom, and widths around a bond and of its lines
_APART, _SHORT = 6.0, 0.14  # of the lines of a double bond, and by how much of it the inner one is shorter
_TINT = 0.6  # of the colour of a node, in its halo
_LETTER, _NUMBER = 16, 12  # pixels
Mark = Sequence[Any]
Item = dict[str, Any]


@dataclass(frozen=True)
class Sketch:
    """The molecules that views are made of, by the ids of their nodes."""

    letters: Mapping[int, str]  # element and charge of each atom
    whole: Mapping[int, str]  # the same with hydrogens, of the one molecule that may be drawn whole
    orders: Mapping[tuple[int, int], float]  # of bonds, 1, 1.5, 2 or 3, by ids of which the lower comes first

    def renumbered(self, ids: Sequence[int]) -> "Sketch":
        """Some of the atoms, called by their places among `ids`; none is drawn whole."""
        place = {name: i for i, name in enumerate(ids)}
        ends = ((u, v, order) for (u, v), order in self.orders.items() if u in place and v in place)
        orders = {(min(place[u], place[v]), max(place[u], place[v])): order for u, v, order in ends}
        return Sketch({i: self.letters[name] for name, i in place.items()}, {}, orders)


def sketch(graph: Data, ids: Sequence[int] | None = None) -> Sketch | None:
    """The molecule that a graph is, None if it is none; `ids` are those of its nodes, by default numbers."""
    if molecule_of(graph) is None:
        return None
    letters, whole, orders = _parsed(graph.smiles)
    names = range(len(letters)) if ids is None else ids
    ends = {(min(names[u], names[v]), max(names[u], names[v])): order for (u, v), order in orders.items()}
    return Sketch(dict(zip(names, letters, strict=True)), dict(zip(names, whole, strict=True)), ends)


def two(graph: Data, donor: Data) -> Sketch | None:
    """The molecules of a graph and its donor, whose ids come after the graph's; None if one is none."""
    size = graph.num_nodes
    own, other = sketch(graph), sketch(donor, range(size, size + donor.num_nodes))
    if own is None or other is None:
        return None
    return Sketch({**own.letters, **other.letters}, own.whole, {**own.orders, **other.orders})


@lru_cache(1024)
def _parsed(smiles: str) -> tuple[list[str], list[str], dict[tuple[int, int], float]]:
    """Letters of the atoms without and with their hydrogens, and the orders of bonds."""
    molecule = Chem.MolFromSmiles(smiles)
    letters, whole = [], []
    for atom in molecule.GetAtoms():
        charge, hydrogens = atom.GetFormalCharge(), atom.GetTotalNumHs()
        sign = f"{abs(charge) if abs(charge) > 1 else ''}{'+' if charge > 0 else '−'}" if charge else ""
        bound = "" if not hydrogens else "H" if hydrogens == 1 else f"H{chr(0x2080 + hydrogens)}"
        letters.append(atom.GetSymbol() + sign)
        whole.append((atom.GetSymbol() if letters[-1] == "C" else atom.GetSymbol() + bound) + sign)
    ends = ((b.GetBeginAtomIdx(), b.GetEndAtomIdx(), b.GetBondTypeAsDouble()) for b in molecule.GetBonds())
    return letters, whole, {(u, v): order for u, v, order in ends}


def as_molecule(nodes: list[Item], edges: list[Item], sketch: Sketch, theme: Theme, *, numbers: bool) -> Item:
    """A view's nodes and edges made clear, and the marks that are seen in their place.

    Args:
        nodes: As `hpme.figures.networks` makes them.
        edges: The same.
        sketch: What they are.
        theme: Its colours.
        numbers: Whether each atom carries its number.

    Returns:
        ``nodes``, ``edges`` and ``marks``: lines, discs, rings and texts in the order to draw them.
    """
    halos = {node["id"]: _halo(node, theme) for node in nodes}
    places = {node["id"]: (node["x"], node["y"]) for node in nodes}
    around = defaultdict(list)
    for edge in edges:
        around[edge["from"]].append(edge["to"])
        around[edge["to"]].append(edge["from"])
    marks: list[Mark] = [("disc", *places[node], _HALO, _HALO, halo) for node, halo in halos.items() if halo]
    bonds = [_bond(edge, places, around, sketch) for edge in edges]
    for edge, bond in zip(edges, bonds, strict=True):
        marks += _around_bond(edge, bond, (halos[edge["from"]], halos[edge["to"]]), theme)
    for edge, bond in zip(edges, bonds, strict=True):
        marks += _lines(edge, bond, theme)
    letters = sketch.whole if {*halos} == {*sketch.whole} else sketch.letters
    for node in nodes:
        letter = letters[node["id"]]
        seen = "" if letter == "C" and around[node["id"]] else letter
        marks += _atom(node, seen, halos[node["id"]], theme)
    if numbers:  # above all else
        marks += [_number(node, [places[other] for other in around[node["id"]]], theme) for node in nodes]
    clear = {"background": CLEAR, "border": CLEAR}
    return {
        "nodes": [node | {"color": clear, "label": " "} for node in nodes],
        "edges": [edge | {"color": {"color": CLEAR}} for edge in edges],
        "marks": list(map(list, marks)),  # as JSON has them
    }


def _halo(node: Item, theme: Theme) -> str | None:
    """The colour around an atom; None where it is dropped."""
    fill = node["color"]["background"]
    return None if fill == theme.faint else mix(theme.surface, fill, _TINT)


def _atom(node: Item, letter: str, halo: str | None, theme: Theme) -> list[Mark]:
    """The letters of an atom, if it has any, and the ring around it, if it is marked."""
    x, y = node["x"], node["y"]
    marks: list[Mark] = []
    if letter:
        ink = theme.ink if halo else mix(theme.faint, theme.ink, 0.35)
        marks += [("disc", x, y, 4 + 4.6 * len(letter), 9.5, halo or theme.surface)]
        marks += [("text", x, y, letter, ink, _LETTER)]
    if node["borderWidth"] > 1:
        marks.append(("ring", x, y, _HALO, node["color"]["border"], 2))
    return marks


def _number(node: Item, others: Sequence[tuple[float, float]], theme: Theme) -> Mark:
    """The number of an atom, where there is most room between its bonds, on the colour of the background."""
    x, y = node["x"], node["y"]
    turns = sorted(atan2(b - y, a - x) for a, b in others) or [0.75 * pi]
    gaps = [round((after - turn) % tau or tau, 6) for turn, after in pairwise([*turns, turns[0]])]
    turn = turns[gaps.index(max(gaps))] + max(gaps) / 2
    text = re.sub(r"^\D+", "", node["title"].split("\n")[0])
    spot = round(x + 23 * cos(turn), 1), round(y + 23 * sin(turn), 1)
    return ("text", *spot, text, theme.ink, _NUMBER, theme.surface)


@dataclass(frozen=True)
class _Bond:
    """Where a bond is, its order, and the side of its inner line: 1, -1, or 0 where it ends."""

    start: tuple[float, float]
    end: tuple[float, float]
    order: float
    side: int

    def beside(self, shift: float, short: float = 0.0) -> tuple[float, ...]:
        """The ends of a line beside the bond, shorter by a share at both."""
        (x, y), (to_x, to_y) = self.start, self.end
        across, down = to_x - x, to_y - y
        length = hypot(across, down) or 1.0
        left, up = -down / length * shift, across / length * shift
        ends = (x + short * across, y + short * down), (to_x - short * across, to_y - short * down)
        return tuple(round(value, 1) for a, b in ends for value in (a + left, b + up))


def _bond(
    edge: Item, places: Mapping[int, tuple[float, float]], around: Mapping[int, list[int]], sketch: Sketch
) -> _Bond:
    u, v = edge["from"], edge["to"]
    (x, y), (to_x, to_y) = places[u], places[v]
    others = [places[node] for node in (*around[u], *around[v]) if node not in (u, v)]
    turn = sum((to_x - x) * (b - y) - (to_y - y) * (a - x) for a, b in others)
    inner = min(len(around[u]), len(around[v])) > 1  # not at the end of a chain
    side = (1 if turn > 0 else -1) if inner else 0
    return _Bond((x, y), (to_x, to_y), sketch.orders.get((min(u, v), max(u, v)), 1.0), side)


def _around_bond(edge: Item, bond: _Bond, halos: tuple[str | None, str | None], theme: Theme) -> list[Mark]:
    """The halo of a bond: of the colours of its atoms, or of its own and as wide as its weight."""
    colour, (one, other) = edge["color"]["color"], halos
    if edge["dashes"] or colour == theme.faint:
        return []
    if colour == theme.line:
        return [("line", *bond.beside(0), mix(one, other, 0.5), _GIRTH, 0)] if one and other else []
    girth = round(min(_GIRTH, _GIRTH * edge["width"] / 4), 1)
    return [("line", *bond.beside(0), mix(theme.surface, colour, _TINT), girth, 0)]


def _lines(edge: Item, bond: _Bond, theme: Theme) -> list[Mark]:
    """The lines of a bond, as many as its order; one that is new is dashed in its own colour."""
    colour = edge["color"]["color"]
    if edge["dashes"]:
        return [("line", *bond.beside(0), colour, 3, 1)]
    pen = colour if colour == theme.faint else theme.ink
    inner, half = bond.side * _APART, _APART / 2
    if bond.order == 2 and not bond.side:
        spots = [(half, 0.0, 0), (-half, 0.0, 0)]
    elif bond.order in (1.5, 2):
        spots = [(0.0, 0.0, 0), (inner or half, _SHORT, int(bond.order == 1.5))]
    else:
        spots = [(0.0, 0.0, 0), *([(5.0, 0.0, 0), (-5.0, 0.0, 0)] if bond.order == 3 else [])]
    return [("line", *bond.beside(shift, short), pen, _PEN, dashed) for shift, short, dashed in spots]


_KINDS = {"square": "halo", "dot": "halo"}


def legend(keys: list[dict[str, str]], theme: Theme) -> list[dict[str, str]]:
    """The legend of a view, as its marks are: halos, and a line for what is dropped."""
    return [_key(key, theme) for key in keys]


def _key(key: dict[str, str], theme: Theme) -> dict[str, str]:
    if key["fill"] == theme.faint:
        return key | {"kind": "line"}
    tinted = {name: mix(theme.surface, key[name], _TINT) for name in ("fill", "from") if name in key}
    return (
        key
        | {"kind": _KINDS.get(key["kind"], key["kind"])}
        | (tinted if key["kind"] in {*_KINDS, "ramp"} else {})
    )


def svg_marks(marks: Sequence[Mark]) -> str:
    """Marks as SVG elements."""
    return "".join(_SVG[mark[0]](*mark[1:]) for mark in marks)


def _svg_line(x: float, y: float, to_x: float, to_y: float, colour: str, width: float, dashed: int) -> str:
    ends, dash = f'x1="{x}" y1="{y}" x2="{to_x}" y2="{to_y}"', ' stroke-dasharray="6 4"' if dashed else ""
    cap = ' stroke-linecap="round"' if not dashed else ""
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"{dash}{cap}/>'


def _svg_text(x: float, y: float, text: str, colour: str, size: float, around: str = "") -> str:
    spot = f'x="{x}" y="{y + 0.36 * size:.1f}" font-size="{size}" text-anchor="middle"'
    edge = (
        f' stroke="{around}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"' if around else ""
    )
    return f'<text {spot} fill="{colour}"{edge}>{escape(text)}</text>'


_SVG: dict[str, Callable[..., str]] = {
    "line": _svg_line,
    "text": _svg_text,
    "disc": lambda x, y, rx, ry, fill: f'<ellipse cx="{x}" cy="{y}" rx="{rx:.1f}" ry="{ry}" fill="{fill}"/>',
    "ring": lambda x, y, r, colour, width: (
        f'<circle cx="{x}" cy="{y}" r="{r}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
    ),
}
