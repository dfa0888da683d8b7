"""What the steps of the method give on one graph, in numbers and as a table."""

from hpme.figures.scene import Scene


def score_rows(scene: Scene) -> list[dict[str, object]]:
    """Every node and its chance to be kept, the highest first."""
    scores = scene.explanation.node_score.tolist()
    order = sorted(range(len(scores)), key=lambda node: -scores[node])
    return [{"node": scene.name(node), "chance to be kept": round(scores[node], 3)} for node in order]


def above(scene: Scene, limit: float) -> int:
    """Number of nodes whose score is above a limit."""
    return int((scene.explanation.node_score > limit).sum())


def cut_edges(scene: Scene) -> int:
    """Number of edges from a kept node to one that is not."""
    start, end = scene.keep[scene.graph.edge_index]
    return int((start & ~end).sum())
