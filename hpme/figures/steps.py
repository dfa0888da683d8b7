"""Numbers and a table that the tour shows of one graph."""

from hpme.figures.scene import Scene


def score_rows(scene: Scene) -> list[dict[str, object]]:
    """A row for each node with its probability of being kept, the highest first."""
    scores = scene.explanation.node_score.tolist()
    order = sorted(range(len(scores)), key=lambda node: -scores[node])
    return [{"node": scene.name(node), "probability of being kept": round(scores[node], 3)} for node in order]


def above(scene: Scene, limit: float) -> int:
    """Number of nodes whose score is above a limit."""
    return int((scene.explanation.node_score > limit).sum())


def cut_edges(scene: Scene) -> int:
    """Number of edges from a kept node to one that is not."""
    start, end = scene.keep[scene.graph.edge_index]
    return int((start & ~end).sum())
