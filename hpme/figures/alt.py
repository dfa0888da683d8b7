"""What the three views show, in a sentence each, for readers who do not see them."""

from torch_geometric.data import Data

from hpme.figures.story import Story


def alt_texts(story: Story) -> tuple[str, str, str]:
    """One sentence or two for each view: counts, kept nodes, and what the classifier says.

    Args:
        story: What the views show.

    Returns:
        Texts for original graph, hard-pooled subgraph and mixed graph.
    """
    scene = story.scene
    said = [story.answers.said(view) for view in range(4)]
    kept = [scene.name(node) for node in scene.keep.nonzero().flatten().tolist()]
    names = f": {', '.join(kept)}" if kept else ""
    links = int((scene.mixed.edge_origin == 2).sum()) // 2
    donor = int(scene.mixed.node_origin.sum())
    return (
        f"Original graph: {counts(scene.graph)}. The classifier says {said[0]}.",
        f"Hard-pooled subgraph: {len(kept)} of {scene.graph.num_nodes} nodes are kept{names}. "
        f"Alone they are called {said[1]}, the rest alone {said[2]}.",
        f"Mixed graph: {counts(scene.mixed)}; {len(kept)} nodes of the explanation, {donor} of the donor, "
        f"{links} new links between them. The classifier says {said[3]}.",
    )


def counts(graph: Data) -> str:
    """How many nodes and undirected edges a graph has."""
    return f"{graph.num_nodes} nodes and {graph.edge_index.size(1) // 2} edges"
