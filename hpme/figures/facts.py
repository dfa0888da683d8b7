"""The facts of a single node in words: tooltips, and the rows of the inspector."""

from torch_geometric.data import Data

from hpme.figures.scene import Scene


def node_facts(scene: Scene, node: int) -> dict[str, str]:
    """The facts of one node by name, in words, in the order to show them.

    Args:
        scene: What the views show.
        node: Id as in the views: below ``graph.num_nodes`` the graph's own node, above it the donor's.
    """
    about = {"Features": _features(scene, node), "Neighbours": _neighbours(scene, node)}
    return about | _part(scene, node)


def _part(scene: Scene, node: int) -> dict[str, str]:
    """What part a node has in the explanation, or in the mixed graph."""
    graph, own = scene.home(node)
    if graph is scene.donor:
        source = f"{scene.item} {graph.graph_id}" if "graph_id" in graph else f"another {scene.item}"
        return {"New links": str(scene.new_links[node]), "Origin": f"the donor's rest ({source})"}
    kept, truth = scene.kept[own], scene.true
    return {
        "Score": f"{scene.scores[own]:.3f} (rank {scene.ranks[own]} of {len(scene.scores)})",
        "Explanation": _fate(scene, own),
        "Ground truth": "unknown" if truth is None else "part of it" if truth[own] else "not part of it",
        "Origin": "the explained graph" + (", kept in the mixed graph" if kept else ""),
    }


def _fate(scene: Scene, node: int) -> str:
    if node == scene.centre:
        return "the explained node itself, always kept"
    return "kept" if scene.kept[node] else "dropped"


def tooltip(scene: Scene, node: int) -> str:
    """Hover text of a node, short enough not to cover its neighbours: plain text, one fact a line."""
    rows = _part(scene, node)
    lines = [
        f"{name}: {rows[name]}"
        for name in ("Score", "Explanation", "Ground truth", "New links")
        if name in rows
    ]
    return "\n".join([scene.name(node), *lines, *([rows["Origin"]] if "Score" not in rows else [])])


def _features(scene: Scene, node: int) -> str:
    if scene.labels:
        return f"element {scene.symbol(node)}"
    graph, own = scene.home(node)
    values = [round(value, 3) for value in graph.x[own].tolist()]
    if len(set(values)) == 1:
        return f"{values[0]:g} in each of {len(values)} columns"
    return ", ".join(f"{value:g}" for value in values)


def _neighbours(scene: Scene, node: int) -> str:
    graph, own = scene.home(node)
    around = sorted(_around(graph, own))
    offset = node - own
    names = ", ".join(scene.name(other + offset).removeprefix("node ") for other in around)
    return f"{len(around)} ({names})" if around else "none"


def _around(graph: Data, node: int) -> list[int]:
    return graph.edge_index[1, graph.edge_index[0] == node].tolist()
