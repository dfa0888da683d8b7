"""A small picture of a graph after edits, in which is marked what they change."""

from collections.abc import Mapping, Sequence
from itertools import combinations

import networkx as nx
import numpy as np
from torch_geometric.data import Data

from hpme.editing.candidates import named_nodes
from hpme.editing.edits import Cut, Delete, Edit, Join
from hpme.figures.edited import REACHED, changes_of, edge_names, letters_of, new_edges
from hpme.figures.palette import DARK, LIGHT, RED, mix
from hpme.figures.payload import PLAIN, Look
from hpme.figures.skeleton import Sketch, sketch
from hpme.figures.thumbnail import Dot, document
from hpme.forward.hops import CENTRE, has_centre

CHANGE_KEY = "Purple: added or changed. Red: taken away."  # what the marks mean, for captions
MOST = 50  # nodes; of more, those that are nearest to the change, or to the explained node


def changed_picture(
    graphs: tuple[Data, Data],
    places: Mapping[int, np.ndarray],
    edits: Sequence[Edit],
    labels: Sequence[str] = (),
    *,
    look: Look = PLAIN,
) -> str:
    """A small picture of a graph after edits, as an SVG document.

    Args:
        graphs: Before and after, both with ``node_name``.
        places: Result of `hpme.figures.edited.edit_layout`.
        edits: The edits between the two.
        labels: Element symbol of each one-hot feature column, for molecules.
        look: How to draw it.
    """
    theme = DARK if look.dark else LIGHT
    before, after = map(edge_names, graphs)
    both = nx.Graph([*sorted(before | after)])
    both.add_nodes_from(name for graph in graphs for name in graph.node_name.tolist())
    centre = {int(g.node_name[g[CENTRE].view(-1)]) for g in graphs if has_centre(g)}
    molecule = _either(*graphs) if look.structure else None
    near = nx.multi_source_dijkstra_path_length(both, (named_nodes(edits) | centre) & {*both})
    ordered = sorted(both, key=lambda name: (near.get(name, np.inf), name))
    shown = sorted(ordered if molecule else ordered[:MOST])
    place = {name: i for i, name in enumerate(shown)}
    joined = {(min(e.one, e.other), max(e.one, e.other)) for e in edits if isinstance(e, Join)}
    new, changes = new_edges(graphs) | joined & after, changes_of(graphs)
    gone = {edit.node for edit in edits if isinstance(edit, Delete)}
    cut = {(min(e.one, e.other), max(e.one, e.other)) for e in edits if isinstance(e, Cut)}
    there = {*graphs[1].node_name.tolist()}
    red = mix(theme.surface, RED, 0.75)
    dots, lines = [], []
    for name in shown:
        graph = graphs[name in there]
        node = graph.node_name.tolist().index(name)
        changed = changes.get(name, REACHED) != REACHED
        fill = red if name in gone else theme.faint if name not in there else theme.low
        star = has_centre(graph) and bool(graph[CENTRE][node])
        letters = letters_of(graph, node, labels) or " "
        dots.append(Dot(letters, theme.link if changed else fill, shape="star" if star else "dot"))
    for u, v in sorted((before | after) & {*combinations(shown, 2)}):
        if (u, v) in new:
            pen = (theme.link, 5, False)
        elif (u, v) in cut or {u, v} & gone:
            pen = (RED, 4, True)
        else:
            pen = (theme.line if (u, v) in after else theme.faint, 2, False)
        lines.append((place[u], place[v], *pen))
    spots = np.stack([places[name] for name in shown])
    return document(theme, spots, dots, lines, molecule, numbers=look.numbers)


def _either(before: Data, after: Data) -> Sketch | None:
    """What is and what was there of a molecule, by names; None if the graphs are none."""
    was, now = (sketch(graph, graph.node_name.tolist()) for graph in (before, after))
    if was is None or now is None:
        return None
    return Sketch({**was.letters, **now.letters}, {**was.letters, **now.whole}, {**was.orders, **now.orders})
