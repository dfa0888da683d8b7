"""What each node adds to a number, with its sign, as a linked panel."""

from typing import Any

from torch import Tensor

from hpme.figures.networks import Panel, bare_network, marks_key, network_edge, pairs
from hpme.figures.palette import RED, Theme, mix
from hpme.figures.payload import PLAIN, Look, PanelData, linked_data, panel_data
from hpme.figures.scene import Scene
from hpme.figures.skeleton import two
from hpme.figures.window import near


def signed_data(
    scene: Scene,
    contribution: Tensor,
    quantity: str,
    title: str = "What each node adds, left out",
    caption: str = "Blue nodes raise the number, red ones lower it.",
    *,
    look: Look = PLAIN,
) -> dict[str, Any]:
    """The panel of what each node adds to a number.

    Args:
        scene: Whose graph it is.
        contribution: What each node adds ``[N]``; NaN where that is not known.
        quantity: What the number is.
        title: What is shown of each node, and how it was found.
        caption: What the colours mean.
        look: How to draw them.

    Returns:
        As `linked_data`: the colours diverge from no effect to the largest one, either way.
    """
    values = contribution.nan_to_num().tolist()
    strongest = max(map(abs, values), default=0.0)
    alt = f"{title}, to {quantity}: at most {strongest:.2f} up or down; the tables have the numbers."

    def draw(theme: Theme) -> list[PanelData]:
        panel = _panel(scene, values, strongest, theme, (title, caption))
        return [panel_data(near(panel, scene.ranked), [], alt)]

    return linked_data(scene.graph, draw, look, two(scene.graph, scene.donor))


def _panel(
    scene: Scene, values: list[float], strongest: float, theme: Theme, words: tuple[str, str]
) -> Panel:
    net = bare_network(scene, theme, [diverging(value, strongest, theme) for value in values])
    for node, value in zip(net.nodes, values, strict=True):
        node["title"] += f"\nAdds {value:+.3f}"
    net.edges.extend(network_edge(u, v, theme.line, 2) for u, v in pairs(scene.graph.edge_index))
    key = [
        {"kind": "ramp", "from": RED, "fill": theme.low, "label": f"−{strongest:.2f} … 0"},
        {"kind": "ramp", "from": theme.low, "fill": theme.explanation, "label": f"0 … +{strongest:.2f}"},
    ]
    return Panel(*words, net.nodes, net.edges, [*key, *marks_key(scene, theme)])


def diverging(value: float, strongest: float, theme: Theme) -> str:
    """The colour of a signed value, from red over no colour at 0 to blue; `strongest` has the full one."""
    return mix(theme.low, theme.explanation if value > 0 else RED, abs(value) / (strongest or 1.0))
