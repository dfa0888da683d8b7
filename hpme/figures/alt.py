"""The three views in a sentence or two each, for readers who do not see them."""

from torch_geometric.data import Data

from hpme.figures.story import Story


def alt_texts(story: Story) -> tuple[str, str, str]:
    """One sentence or two for each view: counts, kept nodes, and the model's prediction.

    Args:
        story: The explanation that the views show.

    Returns:
        Texts for original graph, hard-pooled subgraph and mixed graph.
    """
    scene = story.scene
    predictions = [story.answers.prediction(view) for view in range(4)]
    kept = [scene.name(node) for node in scene.keep.nonzero().flatten().tolist()]
    names = f": {', '.join(kept)}" if kept else ""
    links = int((scene.mixed.edge_origin == 2).sum()) // 2
    donor = int(scene.mixed.node_origin.sum())
    around = "" if scene.centre is None else f" around {scene.name(scene.centre)}"
    return (
        f"Original graph: {counts(scene.graph)}{around}. The model predicts {predictions[0]}.",
        f"Hard-pooled subgraph: {len(kept)} of {scene.graph.num_nodes} nodes are kept{names}. "
        f"On these alone the model predicts {predictions[1]}, on the rest alone {predictions[2]}.",
        f"Mixed graph: {counts(scene.mixed)}; {len(kept)} nodes of the explanation and {donor} of the donor, "
        f"joined by {links} new links. The model predicts {predictions[3]}.",
    )


def counts(graph: Data) -> str:
    """The numbers of nodes and undirected edges of a graph, in words."""
    return f"{graph.num_nodes} nodes and {graph.edge_index.size(1) // 2} edges"
