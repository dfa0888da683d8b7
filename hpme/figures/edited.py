"""A graph before and after edits, as two linked panels in which nodes and edges can be picked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from torch import Tensor
from torch_geometric.data import Data

from hpme.editing.edits import Add, Edit
from hpme.figures.alt import counts
from hpme.figures.answer import Answers
from hpme.figures.layout import BOND
from hpme.figures.networks import (
    NodeLook,
    Panel,
    drawn,
    network_edge,
    network_node,
    only_drawn,
    pairs,
    star_key,
    starred,
)
from hpme.figures.palette import Theme, mix
from hpme.figures.payload import PLAIN, Look, PanelData, linked_data, panel_data, verdict
from hpme.figures.skeleton import sketch
from hpme.forward.hops import CENTRE, has_centre

_NAMES = ("Before", "After")
REACHED = "Now within reach"


def edit_layout(
    graphs: tuple[Data, Data], positions: np.ndarray, history: Sequence[Edit], fresh: int
) -> dict[int, np.ndarray]:
    """Places of all nodes in a history of edits: an added one goes where there is room beside its anchor.

    What the edits have brought within reach of a node goes beside its neighbours.

    Args:
        graphs: Before and after, both with ``node_name``.
        positions: Of the nodes before, ``[N, 2]``.
        history: The edits, in order.
        fresh: Name of the first node that is added.

    Returns:
        The place ``[2]`` of each node by its name.
    """
    before, after = graphs
    places = dict(zip(before.node_name.tolist(), positions, strict=True))
    anchors = (edit.at for edit in history if isinstance(edit, Add))
    for name, anchor in enumerate(anchors, fresh):
        if anchor in places:
            places[name] = _beside(places, anchor)
    names = after.node_name
    links = [(u, v) for u, v in names[after.edge_index].t().tolist() if v not in places]
    while links:
        u, v = next((link for link in links if link[0] in places), links[0])
        places[v] = _beside(places, u)
        links = [link for link in links if link[1] != v]
    return places


def _beside(places: Mapping[int, np.ndarray], anchor: int) -> np.ndarray:
    """The place beside a node's where there is most room; far from it only where near ones are taken."""
    angles = np.arange(12) * np.pi / 6
    ring = BOND * np.stack([np.cos(angles), np.sin(angles)], -1)
    spots = places[anchor] + np.concatenate([ring, 2 * ring, 3 * ring])
    room = np.linalg.norm(spots[:, None] - np.stack([*places.values()]), axis=-1).min(1)
    worth = np.minimum(room / BOND, 1) - 0.25 * np.repeat([0, 1, 2], len(ring))
    return spots[worth.round(3).argmax()]


def edit_data(
    graphs: tuple[Data, Data],
    places: Mapping[int, np.ndarray],
    answers: Answers,
    keeps: tuple[Tensor, Tensor | None],
    labels: Sequence[str] = (),
    *,
    look: Look = PLAIN,
) -> dict[str, Any]:
    """The panels of a graph before and after its edits.

    Args:
        graphs: Before and after, both with ``node_name``.
        places: Result of `edit_layout`.
        answers: The model's predictions on the two.
        keeps: Kept nodes of each, ``bool [N]``; None where the edited graph is not explained.
        labels: Element symbol of each feature column, for molecules.
        look: How to draw them.

    Returns:
        As `linked_data`; nodes go by their names, and edges can be picked.
    """
    edited = _Edited(graphs, places, keeps, labels, look)

    def both(theme: Theme) -> list[PanelData]:
        return [
            panel_data(
                _panel(edited, which, theme),
                [verdict(answers, which, _NAMES[which])],
                f"{_NAMES[which]}: {counts(graphs[which])}. {answers.statement(which, 'The model')}.",
            )
            for which in (0, 1)
        ]

    data = linked_data(graphs[0], both, look)
    return data | {"token": f"edits-{data['token']}", "edge": None, "edges": True}


@dataclass(frozen=True)
class _Edited:
    """A graph before and after its edits, and how it is drawn; see `edit_data`."""

    graphs: tuple[Data, Data]
    places: Mapping[int, np.ndarray]
    keeps: tuple[Tensor, Tensor | None]
    labels: Sequence[str]
    look: Look


def _panel(edited: _Edited, which: int, theme: Theme) -> Panel:
    graph, keep, labels = edited.graphs[which], edited.keeps[which], edited.labels
    names = graph.node_name.tolist()
    kept = dict(zip(names, [None] * len(names) if keep is None else keep.tolist(), strict=True))
    changes = changes_of(edited.graphs) if which else {}
    centre = int(graph.node_name[graph[CENTRE]]) if has_centre(graph) else None
    nodes = []
    for i, name in enumerate(names):
        fill = theme.low if keep is None else theme.explanation if kept[name] else theme.faint
        changed = changes.get(name, "") not in ("", REACHED)
        border = theme.link if changed else mix(fill, theme.ink, 0.25)
        look = NodeLook(fill, border, 3 if changed else 1)
        if name == centre:
            look = replace(starred(look, theme, len(names)), border=theme.link if changed else theme.ink)
        title = _title(graph, i, labels, kept[name], changes.get(name, ""))
        nodes.append(
            network_node(name, letters_of(graph, i, labels), title, edited.places[name].tolist(), look)
        )
    new = new_edges(edited.graphs) if which else set()
    edges = [
        network_edge(u, v, *_look(theme, (kept[u], kept[v]), new=(u, v) in new))
        for u, v in sorted(edge_names(graph))
    ]
    key = only_drawn(_legend(theme), nodes, edges)
    key += [] if centre is None else [star_key(theme, f"node {centre}")]
    panel = Panel(_NAMES[which], _caption(edited.graphs, which, keep), nodes, edges, key)
    molecule = sketch(graph, names) if edited.look.structure and labels else None
    return drawn(panel, molecule, theme, numbers=edited.look.numbers) if molecule else panel


def _look(theme: Theme, kept: tuple[bool | None, bool | None], *, new: bool) -> tuple[str, float, bool]:
    """Colour, width and dashes of an edge, of which each end is kept or not, or is not explained."""
    if new:
        return theme.link, 3, True
    if None in kept:
        return theme.line, 2, False
    return (theme.explanation, 4, False) if all(kept) else (theme.faint, 2, False)


def edge_names(graph: Data) -> set[tuple[int, int]]:
    """Returns the edges, by the names of their ends, the lower first."""
    names = graph.node_name.tolist()
    return {(min(names[u], names[v]), max(names[u], names[v])) for u, v in pairs(graph.edge_index)}


def new_edges(graphs: tuple[Data, Data]) -> set[tuple[int, int]]:
    """Returns the edges that were made: none of those that were there, though out of a node's reach."""
    new = edge_names(graphs[1]) - edge_names(graphs[0])
    if "edge_reached" not in graphs[1]:
        return new
    reached = graphs[1].node_name[graphs[1].edge_index[:, graphs[1].edge_reached]].t().tolist()
    return new - {(min(ends), max(ends)) for ends in reached}


def changes_of(graphs: tuple[Data, Data]) -> dict[int, str]:
    """Returns for each node that is new or changed, by name: “Added”, `REACHED` or “Changed”."""
    after = graphs[1]
    rows = dict(zip(graphs[0].node_name.tolist(), graphs[0].x, strict=True))
    reached = after.reached.tolist() if "reached" in after else [False] * len(after.x)
    changes = {}
    for name, row, brought in zip(after.node_name.tolist(), after.x, reached, strict=True):
        if brought:
            changes[name] = REACHED
        elif name not in rows:
            changes[name] = "Added"
        elif bool((row != rows[name]).any()):
            changes[name] = "Changed"
    return changes


def letters_of(graph: Data, node: int, labels: Sequence[str]) -> str:
    """Returns the element of an atom; nothing where nodes are not atoms."""
    return labels[int(graph.x[node].argmax())] if labels else ""


def _title(graph: Data, node: int, labels: Sequence[str], kept: bool | None, change: str) -> str:
    name = f"{letters_of(graph, node, labels) or 'node '}{int(graph.node_name[node])}"
    around = int((graph.edge_index[0] == node).sum())
    word = "" if kept is None else "Kept" if kept else "Dropped"
    return "\n".join(line for line in (name, f"Neighbours: {around}", word, change) if line)


def _caption(graphs: tuple[Data, Data], which: int, keep: Tensor | None) -> str:
    kept = "Not explained yet."
    if keep is not None:
        what = "The edited graph" if which else "The original graph"
        kept = f"{what}: {int(keep.sum())} of {len(keep)} nodes kept."
    if not which or "reached" not in graphs[1]:
        return kept
    names = [set(graph.node_name.tolist()) for graph in graphs]
    gone, come = len(names[0] - names[1]), int(graphs[1].reached.sum())
    moved = [f"{gone} left its reach" if gone else "", f"{come} came into it" if come else ""]
    return " ".join([kept, f"Nodes: {', '.join(filter(None, moved))}." if gone or come else ""]).strip()


def _legend(theme: Theme) -> list[dict[str, str]]:
    return [
        {"kind": "dot", "fill": theme.explanation, "label": "kept"},
        {"kind": "dot", "fill": theme.faint, "label": "dropped"},
        {"kind": "ring", "fill": theme.link, "label": "added or changed"},
        {"kind": "dash", "fill": theme.link, "label": "new edge"},
    ]
