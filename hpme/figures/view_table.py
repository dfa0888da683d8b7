"""The views as a table of nodes: for readers who do not see them, and for sorting."""

from typing import Any

from hpme.figures.scene import Scene


def node_table(scene: Scene) -> list[dict[str, Any]]:
    """A row for each node with all that the three views show of it.

    Args:
        scene: The views.

    Returns:
        Rows with the same keys: the graph's own nodes, then the donor's in the mixed graph; None where a
        column does not apply. ``id`` is the node's id in the views.
    """
    return [_own(scene, node) for node in range(len(scene.positions))] + _donors(scene)


def _own(scene: Scene, node: int) -> dict[str, Any]:
    kept, truth = scene.kept[node], scene.true
    return {
        "id": node,
        "node": scene.name(node),
        "neighbours": _neighbours(scene, node),
        "score": round(scene.scores[node], 3),
        "rank": scene.ranks[node],
        "kept": kept,
        "ground truth": None if truth is None else truth[node],
        "in the mix": kept,
        "new links": scene.new_links[node] if kept else None,
    }


def _donors(scene: Scene) -> list[dict[str, Any]]:
    blank = dict.fromkeys(("score", "rank", "kept", "ground truth"))
    return [
        {"id": node, "node": f"{scene.name(node)} (donor)", "neighbours": _neighbours(scene, node)}
        | blank
        | {"in the mix": True, "new links": scene.new_links[node]}
        for node in scene.mixed_ids
        if node >= len(scene.positions)
    ]


def _neighbours(scene: Scene, node: int) -> str:
    graph, own = scene.home(node)
    around = sorted(graph.edge_index[1, graph.edge_index[0] == own].tolist())
    return ", ".join(scene.name(other + node - own).removeprefix("node ") for other in around)
