"""Colours of all figures: the Okabe-Ito palette, on a light and on a dark surface."""

from dataclasses import dataclass

BLUE, SKY, GREEN = "#0072B2", "#56B4E9", "#009E73"
ORANGE, PURPLE, VERMILLION = "#E69F00", "#CC79A7", "#D55E00"
RED = "#D32F2F"  # beside orange, from which vermillion is not told apart once it is pale
CLASSES = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION, "#F0E442", "#7F7F7F")  # in order


@dataclass(frozen=True)
class Theme:
    """The colours of one theme, as ``#rrggbb``."""

    surface: str  # what lies behind the graph
    ink: str  # text, and the outline of the ground truth
    line: str  # edges with no part in the explanation
    low: str  # fill of a node with the lowest score
    faint: str  # nodes and edges that the explanation drops
    explanation: str  # kept nodes and edges
    donor: str  # what the donor brings into the mixed graph
    link: str  # new edges between the two


LIGHT = Theme("#ffffff", "#1b2430", "#8b95a3", "#e8eef5", "#dde2e9", BLUE, ORANGE, PURPLE)
DARK = Theme("#12171e", "#e6eaf0", "#6f7b8a", "#27313d", "#303947", SKY, ORANGE, PURPLE)


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of a ``#rrggbb`` colour, each in 0-255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(start: str, end: str, share: float) -> str:
    """The colour `share` of the way from `start` to `end`, in ``[0, 1]``."""
    pairs = zip(channels(start), channels(end), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def readable_on(fill: str) -> str:
    """Black or white, whichever is easier to read on `fill`."""
    red, green, blue = channels(fill)
    return "#000000" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#ffffff"
