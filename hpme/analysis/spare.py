"""Why a small change may not flip a prediction: several pieces of a graph are enough for it, each alone."""

import torch
from torch import nn
from torch_geometric.data import Data

from hpme.analysis.pieces import Piece, cut_into_pieces
from hpme.metrics.forward import logits, subgraphs


def spare_pieces(model: nn.Module, graph: Data) -> list[Piece]:
    """Returns the pieces of a graph that alone keep its class, if there are two and without them it is lost.

    The model is asked about each piece as a graph of its own, and about the graph without all of those that
    keep the class. Where it says that class then, too, the class does not hang on them: none are returned.

    Args:
        model: Model of classes of graphs, or `hpme.forward.question.Question`.
        graph: Graph that fits it.

    Example:
        >>> from hpme import load_classifier
        >>> from hpme.datasets.molecules import molecule_graph, parse_bundled
        >>> graph = molecule_graph(parse_bundled("c1ccccc1CCCc1ccccc1"), "c1ccccc1CCCc1ccccc1", 0, set())
        >>> [piece.name for piece in spare_pieces(load_classifier("benzene"), graph)]
        ['benzene ring', 'benzene ring']
    """
    pieces = cut_into_pieces(graph)
    alone = torch.zeros(len(pieces), graph.num_nodes, dtype=torch.bool)
    for mask, piece in zip(alone, pieces, strict=True):
        mask[list(piece.nodes)] = True
    own, *others = logits(model, [graph, *subgraphs([graph] * len(pieces), [*alone])]).argmax(-1)
    enough = torch.stack(others) == own
    (rest,) = logits(model, subgraphs([graph], [~alone[enough].any(0)])).argmax(-1)
    if enough.sum() < 2 or rest == own:
        return []
    return [piece for piece, keeps in zip(pieces, enough, strict=True) if keeps]
