"""Several explainers on one graph: a panel for each, all with one layout, and one for their consensus."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from torch import Tensor
from torch_geometric.explain import Explanation

from hpme.figures.networks import (
    Panel,
    bare_network,
    marks_key,
    network_edge,
    pairs,
    subgraph_panel,
    weight_of,
    weighted_edge,
)
from hpme.figures.palette import Theme, mix
from hpme.figures.payload import PLAIN, Look, PanelData, linked_data, panel_data, verdicts
from hpme.figures.scene import Scene
from hpme.figures.skeleton import two
from hpme.figures.story import Story
from hpme.figures.window import near
from hpme.metrics import METRICS, votes

COMPARED = ("edge_auc", "node_iou", "fid_plus", "fid_minus", "kept_on_mix")  # HPME's own criterion comes last
SOFT = "Its raw mask, as the explainer gives it. The bars are of it cut to {kept}."


@dataclass(frozen=True)
class Method:
    """An explainer's explanation of a graph: cut to a hard subgraph, and with its raw masks."""

    title: str
    story: Story
    raw: Explanation
    seconds: float  # to explain the graph
    fit_seconds: float | None = None  # None where there was nothing to fit, or the fit is shipped

    @property
    def keep(self) -> Tensor:
        """Kept nodes, bool ``[N]``."""
        return self.story.scene.keep

    @property
    def values(self) -> dict[str, float | None]:
        """Metrics on this graph, by name in ``METRICS``."""
        views = {"fid_plus": 2, "fid_minus": 1}  # on which the metric counts a prediction that changes
        fidelity = {name: float(not self.story.answers.holds(view)) for name, view in views.items()}
        return {name: (self.story.metrics | fidelity)[name] for name in COMPARED}


def grid_data(methods: Sequence[Method], raw: Collection[str] = (), *, look: Look = PLAIN) -> dict[str, Any]:
    """The panels of several explainers: their consensus first, then a panel for each.

    Args:
        methods: What to compare, at least one, all on the same graph.
        raw: Titles of those whose raw masks are drawn, in place of their hard subgraphs.
        look: How to draw them.

    Returns:
        As `linked_data`.
    """
    scene = methods[0].story.scene
    molecules = two(scene.graph, scene.donor)
    return linked_data(scene.graph, lambda theme: _panels(methods, raw, theme), look, molecules)


def _panels(methods: Sequence[Method], raw: Collection[str], theme: Theme) -> list[PanelData]:
    ranked = methods[0].story.scene.ranked
    first = panel_data(near(_consensus(methods, theme), ranked), verdicts(methods[0].story, (0,)))
    return [first, *(_panel(method, method.title in raw, theme, ranked) for method in methods)]


def _consensus(methods: Sequence[Method], theme: Theme) -> Panel:
    scene, count = methods[0].story.scene, votes([method.keep for method in methods]).tolist()
    fills = [mix(theme.low, theme.explanation, share / len(methods)) for share in count]
    net = bare_network(scene, theme, fills)
    for node, kept in zip(net.nodes, count, strict=True):
        node["title"] += f"\nKept by {kept} of {len(methods)}"
    net.edges.extend(network_edge(u, v, theme.line, 2) for u, v in pairs(scene.graph.edge_index))
    ramp = {"kind": "ramp", "from": theme.low, "fill": theme.explanation, "label": "kept by none … all"}
    key = [ramp, *marks_key(scene, theme)]
    caption = f"How many of the {len(methods)} explainers keep each node."
    if len(methods) == 1:
        caption = f"What {methods[0].title} keeps; no other explainer stands here yet."
    return Panel("Consensus", caption, net.nodes, net.edges, key)


def _panel(method: Method, raw: bool, theme: Theme, ranked: Sequence[int]) -> PanelData:
    scene = method.story.scene
    kept = f"{int(method.keep.sum())} of {scene.graph.num_nodes} nodes"
    if raw:
        panel, caption = soft_panel(replace(scene, explanation=method.raw), theme), SOFT.format(kept=kept)
    else:
        panel, caption = subgraph_panel(scene, theme, True), f"{kept} kept."
    below = verdicts(method.story, (1, 2, 3))
    return panel_data(near(replace(panel, name=method.title, caption=caption), ranked), below) | {
        "facts": _facts(method)
    }


def _facts(method: Method) -> list[dict[str, str]]:
    rows = [
        {
            "name": METRICS[name].title,
            "value": "–" if value is None else f"{value:.2f}",
            "words": METRICS[name].help,
        }
        for name, value in method.values.items()
    ]
    fit = "" if method.fit_seconds is None else f"{method.fit_seconds:.1f} s fit, "
    words = "Time to fit the explainer, if it was fitted here, and to explain this graph."
    return [*rows, {"name": "Time", "value": f"{fit}{1000 * method.seconds:.0f} ms", "words": words}]


def soft_panel(scene: Scene, theme: Theme) -> Panel:
    """A graph under an explainer's raw masks: the fill of nodes, the width of edges."""
    explanation = scene.explanation
    shares = explanation.node_mask.view(-1).clamp(0, 1).tolist()
    net = bare_network(scene, theme, [mix(theme.low, theme.explanation, share) for share in shares])
    weights = weight_of(scene.graph.edge_index, explanation.edge_mask)
    net.edges.extend(weighted_edge(u, v, theme.explanation, weight) for (u, v), weight in weights.items())
    ramp = {"kind": "ramp", "from": theme.low, "fill": theme.explanation, "label": "mask 0 … 1"}
    return Panel("", "", net.nodes, net.edges, [ramp, *marks_key(scene, theme)])
