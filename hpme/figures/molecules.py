"""Molecules as chemists draw them: RDKit's 2D structures, highlighted, at the positions of the networks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from rdkit import Chem
from rdkit.Chem.Draw import rdMolDraw2D
from rdkit.Geometry import Point2D, Point3D
from torch_geometric.data import Data

from hpme.editing.chemistry import kekule
from hpme.figures.layout import BOND
from hpme.figures.palette import VERMILLION, Theme, channels, mix

_PIXELS = 48 / BOND  # of the SVG, per unit of the layout
_UNIT = 1.5 / BOND  # of RDKit's coordinates, per unit of the layout


@dataclass(frozen=True)
class Structure:
    """A drawn structure, and the box that it fills in the coordinates of the layout."""

    svg: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class _Layer:
    """One molecule of a drawing; colours are ``#rrggbb``."""

    molecule: Chem.Mol
    pen: str
    atoms: dict[int, str] = field(default_factory=dict)  # highlight of an atom, and of the bonds between two
    link: str = ""  # highlight of the bonds that no molecule has


def structure(
    graph: Data, positions: np.ndarray, frame: np.ndarray, colours: dict[int, str], theme: Theme
) -> Structure:
    """One molecule.

    Args:
        graph: With ``smiles``.
        positions: Of its atoms, ``[N, 2]``.
        frame: What the drawing holds, places ``[M, 2]``.
        colours: Highlights of atoms, ``#rrggbb``, and of the bonds between two of them.
        theme: Colours.
    """
    return _draw([_Layer(_placed(kekule(graph.smiles), positions), theme.ink, colours)], frame, theme)


def changed_structure(
    graphs: tuple[Data, Data], places: Mapping[int, np.ndarray], marked: Collection[int], theme: Theme
) -> Structure:
    """A molecule after edits: what they name and what is new highlighted, what is gone in red behind it.

    Args:
        graphs: Before and after, both with ``smiles`` and ``node_name``.
        places: Of all their atoms, by name.
        marked: Names of the atoms that the edits name.
        theme: Colours.
    """
    old, new = (graph.node_name.tolist() for graph in graphs)
    ends = [{frozenset(pair) for pair in g.node_name[g.edge_index].t().tolist()} for g in graphs]
    cut = sorted(map(sorted, ends[0] - ends[1]))
    lost = sorted({*old} - {*new} | {end for pair in cut for end in pair})
    tint = {lost.index(name): mix(theme.surface, VERMILLION, 0.35) for name in {*old} - {*new}}
    molecule = kekule(graphs[0].smiles)
    atoms = [Chem.Atom("C") if name in new else molecule.GetAtomWithIdx(old.index(name)) for name in lost]
    kinds = {False: Chem.BondType.ZERO, True: Chem.BondType.SINGLE}  # dashed between atoms that stay
    bonds = [(lost.index(u), lost.index(v), kinds[not {u, v} <= {*new}]) for u, v in cut]
    pen = mix(theme.surface, VERMILLION, 0.8)
    behind = _Layer(_placed(_build(atoms, bonds), _at(places, lost)), pen, tint, pen)
    changed = {*marked} | {*new} - {*old}
    fill = mix(theme.surface, theme.link, 0.6)
    colours = {atom: fill for atom, name in enumerate(new) if name in changed}
    front = _Layer(_placed(kekule(graphs[1].smiles), _at(places, new)), theme.ink, colours)
    return _draw([behind, front] if lost else [front], _at(places, sorted({*old, *new})), theme)


def _at(places: Mapping[int, np.ndarray], names: Sequence[int]) -> np.ndarray:
    return np.array([places[name] for name in names]).reshape(-1, 2)


def _build(atoms: list[Chem.Atom], bonds: list[tuple[int, int, Chem.BondType]]) -> Chem.Mol:
    """A drawing of atoms and bonds that need not exist: nothing is sanitised, no hydrogen implied."""
    molecule = Chem.RWMol()
    for atom in atoms:
        bare = Chem.Atom(atom.GetSymbol())
        bare.SetFormalCharge(atom.GetFormalCharge())
        bare.SetNoImplicit(True)
        molecule.AddAtom(bare)
    for u, v, kind in bonds:
        molecule.AddBond(u, v, kind)
    molecule.UpdatePropertyCache(strict=False)
    Chem.FastFindRings(molecule)
    return molecule.GetMol()


def _placed(molecule: Chem.Mol, positions: np.ndarray) -> Chem.Mol:
    copy = Chem.Mol(molecule)
    copy.RemoveAllConformers()
    conformer = Chem.Conformer(copy.GetNumAtoms())
    for node, (x, y) in enumerate((positions * _UNIT).tolist()):
        conformer.SetAtomPosition(node, Point3D(x, -y, 0.0))
    copy.AddConformer(conformer)
    return copy


def _draw(layers: list[_Layer], frame: np.ndarray, theme: Theme) -> Structure:
    """Draws molecules over one another on one scale; the picture holds `frame` and a margin."""
    low, high = frame.min(0) - BOND, frame.max(0) + BOND
    width, height = ((high - low) * _PIXELS).astype(int).tolist()
    (left, top), (right, bottom) = (low * _UNIT).tolist(), (high * _UNIT).tolist()
    drawer = rdMolDraw2D.MolDraw2DSVG(width, height)
    _set_options(drawer.drawOptions())
    drawer.SetScale(width, height, Point2D(left, -bottom), Point2D(right, -top))
    for layer in layers:
        _paint(drawer, layer)
    drawer.FinishDrawing()
    origin, one = drawer.GetDrawCoords(Point2D(0.0, 0.0)), drawer.GetDrawCoords(Point2D(_UNIT, 0.0))
    scale = 1 / (one.x - origin.x)
    box = -origin.x * scale, -origin.y * scale, width * scale, height * scale
    return Structure(drawer.GetDrawingText(), *box)


def _set_options(options: Any) -> None:
    options.prepareMolsBeforeDrawing = False
    options.clearBackground = False
    options.includeMetadata = False
    options.bondLineWidth = 2
    options.scaleBondWidth = False
    options.highlightBondWidthMultiplier = 9
    options.padding = 0.0


def _paint(drawer: rdMolDraw2D.MolDraw2DSVG, layer: _Layer) -> None:
    drawer.drawOptions().setAtomPalette({-1: _rgb(layer.pen)})
    bonds = {}
    for bond in layer.molecule.GetBonds():
        ends = layer.atoms.get(bond.GetBeginAtomIdx()), layer.atoms.get(bond.GetEndAtomIdx())
        if bond.GetBondType() == Chem.BondType.ZERO:
            bonds[bond.GetIdx()] = _rgb(layer.link)
        elif ends[0] and ends[1]:
            bonds[bond.GetIdx()] = _rgb(mix(ends[0], ends[1], 0.5))
    drawer.DrawMolecule(
        layer.molecule,
        list(layer.atoms),
        list(bonds),
        highlightAtomColors={node: _rgb(colour) for node, colour in layer.atoms.items()},
        highlightBondColors=bonds,
        highlightAtomRadii=dict.fromkeys(layer.atoms, 0.36),
    )


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(channel / 255 for channel in channels(colour))
