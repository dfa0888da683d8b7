import torch
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.datasets import molecules
from hpme.figures import scene
from hpme.method.mixup import mix_graphs


def explanation_of(graph, kept, bits=None):
    """An explanation that keeps some nodes; the score falls with the node's number."""
    mask = torch.zeros(graph.num_nodes)
    mask[[node for node in kept if node < graph.num_nodes]] = 1.0
    score = torch.arange(graph.num_nodes, 0, -1) / graph.num_nodes
    edge_score = score[graph.edge_index].amin(0)
    explanation = Explanation(
        x=graph.x,
        edge_index=graph.edge_index,
        node_mask=mask[:, None],
        edge_mask=mask[graph.edge_index].amin(0),
        node_score=score,
        edge_score=edge_score,
        target=torch.tensor([1]),
    )
    if bits is not None:
        explanation.capacity_bits = bits
    return explanation


def scene_of(graph, kept, donor, donor_kept, labels=()):
    """The scene of two graphs whose kept nodes are given."""
    ours, theirs = explanation_of(graph, kept), explanation_of(donor, donor_kept)
    keeps = [explanation.node_mask.view(-1) > 0.5 for explanation in (ours, theirs)]
    mixed = mix_graphs([graph], [donor], keeps[:1], keeps[1:], 0)[0]
    return scene(graph, ours, donor, mixed, labels)


def molecule_graph(smiles: str, marked=()) -> Data:
    graph = molecules.molecule_graph(molecules.parse_bundled(smiles), smiles, 1, set(marked))
    graph.graph_id = len(smiles)
    return graph
