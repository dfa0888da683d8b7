"""A graph before and after edits, as two linked panels in which nodes and edges can be picked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from torch import Tensor
from torch_geometric.data import Data

from hpme.editing.edits import Add, Edit
from hpme.figures.alt import counts
from hpme.figures.answer import Answers
from hpme.figures.layout import BOND
from hpme.figures.molecules import structure
from hpme.figures.networks import NodeLook, Panel, behind, network_edge, network_node, pairs
from hpme.figures.palette import Theme, mix
from hpme.figures.payload import PanelData, linked_data, panel_data, verdict

_CLEAR = "rgba(0,0,0,0)"
_NAMES = ("Before", "After")


def edit_layout(positions: np.ndarray, history: Sequence[Edit]) -> np.ndarray:
    """Places of all nodes in a history of edits: an added one goes where there is room beside its anchor.

    Args:
        positions: Of the original's nodes, ``[N, 2]``.
        history: The edits, in order.

    Returns:
        Float array ``[N + added, 2]``; a row is the place of the node of that name.
    """
    places = positions
    angles = np.arange(12) * np.pi / 6
    ring = BOND * np.stack([np.cos(angles), np.sin(angles)], -1)
    for edit in history:
        if isinstance(edit, Add):
            spots = places[edit.at] + ring
            room = np.linalg.norm(spots[:, None] - places, axis=-1).min(1)
            places = np.concatenate([places, spots[[room.round(3).argmax()]]])
    return places


def edit_data(
    graphs: tuple[Data, Data],
    places: np.ndarray,
    answers: Answers,
    keeps: tuple[Tensor, Tensor | None],
    labels: Sequence[str] = (),
    *,
    drawn: bool = False,
) -> dict[str, Any]:
    """The panels of a graph before and after its edits.

    Args:
        graphs: Before and after, both with ``node_name``.
        places: Result of `edit_layout`.
        answers: The model's predictions on the two.
        keeps: Kept nodes of each, ``bool [N]``; None where the edited graph is not explained.
        labels: Element symbol of each feature column, for molecules.
        drawn: Whether molecules are drawn as real structures; no effect on other graphs.

    Returns:
        As `linked_data`; nodes go by their names, and edges can be picked.
    """
    edited = _Edited(graphs, places, keeps, labels, drawn)

    def both(theme: Theme) -> list[PanelData]:
        return [
            panel_data(
                _panel(edited, which, theme),
                [verdict(answers, which, _NAMES[which])],
                f"{_NAMES[which]}: {counts(graphs[which])}. {answers.statement(which).capitalize()}.",
            )
            for which in (0, 1)
        ]

    data = linked_data(graphs[0], both)
    return data | {"token": f"edits-{data['token']}", "edge": None, "edges": True}


@dataclass(frozen=True)
class _Edited:
    """A graph before and after its edits, and how it is drawn; see `edit_data`."""

    graphs: tuple[Data, Data]
    places: np.ndarray
    keeps: tuple[Tensor, Tensor | None]
    labels: Sequence[str]
    drawn: bool


def _panel(edited: _Edited, which: int, theme: Theme) -> Panel:
    graph, keep, labels = edited.graphs[which], edited.keeps[which], edited.labels
    names = graph.node_name.tolist()
    kept = [None] * len(names) if keep is None else keep.tolist()
    changes = _changes(edited.graphs) if which else {}
    nodes = []
    for i, name in enumerate(names):
        fill = theme.low if keep is None else theme.explanation if kept[i] else theme.faint
        border = theme.link if name in changes else mix(fill, theme.ink, 0.25)
        look = NodeLook(fill, border, width=3 if name in changes else 1)
        title = _title(graph, i, labels, kept[i], changes.get(name, ""))
        nodes.append(network_node(name, _letters(graph, i, labels), title, edited.places[name], look))
    old = _ends(edited.graphs[0])
    edges = [
        network_edge(u, v, *_look(theme, names, kept, u, v, new=(u, v) not in old))
        for u, v in sorted(_ends(graph))
    ]
    panel = Panel(_NAMES[which], _caption(which, keep), nodes, edges, _legend(theme, keep, which))
    if not (edited.drawn and labels and "smiles" in graph):
        return panel
    colours = {i: mix(theme.surface, theme.explanation, 0.6) for i, one in enumerate(kept) if one}
    picture = structure(graph, edited.places[names], edited.places, colours, theme)
    clear = {"color": _CLEAR, "highlight": _CLEAR, "hover": _CLEAR}
    return replace(behind(panel, picture), edges=[edge | {"color": clear} for edge in edges])


def _look(
    theme: Theme, names: list[int], kept: list[bool | None], u: int, v: int, *, new: bool
) -> tuple[str, float, bool]:
    """Colour, width and dashes of an edge."""
    if new:
        return theme.link, 3, True
    inside = kept[names.index(u)] and kept[names.index(v)]
    return (theme.explanation, 4, False) if inside else (theme.line, 2, False)


def _ends(graph: Data) -> set[tuple[int, int]]:
    """The edges, by the names of their ends, the lower first."""
    names = graph.node_name.tolist()
    return {(min(names[u], names[v]), max(names[u], names[v])) for u, v in pairs(graph.edge_index)}


def _changes(graphs: tuple[Data, Data]) -> dict[int, str]:
    """For each node that is new or changed, by name: “Added” or “Changed”."""
    rows = dict(zip(graphs[0].node_name.tolist(), graphs[0].x, strict=True))
    changes = {}
    for name, row in zip(graphs[1].node_name.tolist(), graphs[1].x, strict=True):
        if name not in rows:
            changes[name] = "Added"
        elif bool((row != rows[name]).any()):
            changes[name] = "Changed"
    return changes


def _letters(graph: Data, node: int, labels: Sequence[str]) -> str:
    return labels[int(graph.x[node].argmax())] if labels else ""


def _title(graph: Data, node: int, labels: Sequence[str], kept: bool | None, change: str) -> str:
    name = f"{_letters(graph, node, labels) or 'node '}{int(graph.node_name[node])}"
    around = int((graph.edge_index[0] == node).sum())
    word = "" if kept is None else "Kept" if kept else "Dropped"
    return "\n".join(line for line in (name, f"Neighbours: {around}", word, change) if line)


def _caption(which: int, keep: Tensor | None) -> str:
    if keep is None:
        return "Not explained yet."
    kept = f"{int(keep.sum())} of {len(keep)} nodes kept."
    return f"{'The edited graph' if which else 'The original graph'}: {kept}"


def _legend(theme: Theme, keep: Tensor | None, which: int) -> list[dict[str, str]]:
    key = []
    if keep is not None:
        key += [{"kind": "dot", "fill": theme.explanation, "label": "kept"}]
        key += [{"kind": "dot", "fill": theme.faint, "label": "dropped"}]
    if which:
        key += [{"kind": "ring", "fill": theme.link, "label": "added or changed"}]
        key += [{"kind": "dash", "fill": theme.link, "label": "new edge"}]
    return key
