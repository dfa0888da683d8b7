"""Small pictures of molecules as chemists draw them: for cards, lists and tables."""

from collections.abc import Collection

import numpy as np
from torch_geometric.data import Data

from hpme.figures.layout import BOND, layout
from hpme.figures.molecules import structure
from hpme.figures.palette import DARK, LIGHT, mix

ASPECT = 1.5  # width over height of all of them, so that they stand in rows
LEAST = 7.0  # bonds; a small molecule is not blown up to more


def molecule_picture(
    graph: Data, kept: Collection[int] = (), *, dark: bool = False, positions: np.ndarray | None = None
) -> str:
    """A picture of a molecule, its kept atoms and the bonds between them highlighted, as an SVG document.

    Args:
        graph: With ``smiles`` whose atoms are the nodes.
        kept: Atoms to highlight.
        dark: Colours for a dark surface.
        positions: Result of `layout` for the graph, where it is known already.

    Returns:
        A document of the same shape for all molecules, on a clear ground.
    """
    theme = DARK if dark else LIGHT
    places = layout(graph) if positions is None else positions
    colours = dict.fromkeys(kept, mix(theme.surface, theme.explanation, 0.6))
    drawn = structure(graph, places, _frame(places), colours, theme)
    return drawn.svg[drawn.svg.index("<svg") :]


def _frame(places: np.ndarray) -> np.ndarray:
    """Two corners around the atoms, in the shape of the picture."""
    low, high = places.min(0), places.max(0)
    width, height = np.maximum(high - low, (LEAST * BOND, LEAST * BOND / ASPECT)).tolist()
    half = np.array([max(width, height * ASPECT), max(height, width / ASPECT)]) / 2
    middle = (low + high) / 2
    return np.stack([middle - half, middle + half])
