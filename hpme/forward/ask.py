"""Asking any model: logits of graphs, and embeddings of nodes and graphs."""

from math import erf, sqrt

import torch
from torch import Tensor, nn
from torch_geometric.nn import global_max_pool, global_mean_pool

from hpme.forward.around import GraphsAround
from hpme.forward.hops import CENTRE, centre_rows
from hpme.forward.packed import Packed
from hpme.forward.question import ask

TOLERANCE = 0.5  # of the outputs' spread: what is nearer counts as the same number


def same(outputs: Tensor, originals: Tensor, tolerance: float = 0.0) -> Tensor:
    """Tells whether predictions are the same: the same class, or with one output a number near enough.

    Args:
        outputs: A model's outputs on changed graphs ``[..., C]``, or ``[..., 1]`` of a regression.
        originals: Its outputs on the originals, of a shape that fits.
        tolerance: Largest difference of two numbers that count as the same; classes do not need it.

    Returns:
        Bool ``[...]``.
    """
    if outputs.size(-1) == 1:
        return ((outputs - originals).abs() <= tolerance).squeeze(-1)
    return outputs.argmax(-1) == originals.argmax(-1)


def tolerance(outputs: Tensor) -> float:
    """Returns half the standard deviation of a regression's outputs ``[G, 1]``; 0 for classes ``[G, C]``.

    Two graphs drawn at random differ by less than that in about a quarter of cases (0.28 if the outputs are
    normal): so a number kept is far from a number that came about by chance, and a model's usual error on
    unlike graphs is still forgiven.
    """
    if outputs.size(-1) > 1 or len(outputs) < 2:
        return 0.0
    return TOLERANCE * float(outputs.std())


def levels(num_outputs: int) -> float:
    """Returns how many predictions a model tells apart: its number of classes, or 2.6 for a regression.

    That is one over the share of graphs for which the best constant prediction is the `same` as the model's;
    for a regression, if its numbers are normal.
    """
    return num_outputs if num_outputs > 1 else 1 / erf(TOLERANCE / sqrt(2))


def graph_logits(model: nn.Module, graphs: Packed) -> Tensor:
    """Returns the logits of each graph, also of those that have no nodes left.

    Args:
        model: Model, or `hpme.forward.question.Question`.
        graphs: ``B`` graphs, as the question packs them.

    Returns:
        Logits ``[B, C]``, or numbers ``[B, 1]``, without gradient.

    Raises:
        ValueError: If the graphs lack what the model takes, or it returns another shape.
    """
    with torch.no_grad():
        return ask(model)(graphs).float()


def whole_logits(model: nn.Module, graphs: GraphsAround) -> Tensor:
    """Returns the logits of each node ``[B, C]`` as `graph_logits` does, asked about the whole graph at once.

    They are those of the graphs around the nodes where these reach as far as the model sees.
    """
    question = ask(model)
    with torch.no_grad():
        return question.each_node(graphs.packed).float()[graphs.nodes]


def answer(model: nn.Module, graphs: Packed) -> Tensor:
    """Returns `graph_logits` ``[B, C]``, if they are numbers: what an explanation can be of.

    Raises:
        ValueError: If one is not.
    """
    return checked_answer(model, graphs, graph_logits(model, graphs))


def checked_answer(model: nn.Module, graphs: Packed, logits: Tensor) -> Tensor:
    """Returns the logits ``[B, C]`` that a model gives of graphs, if they are numbers.

    Raises:
        ValueError: If one is not.
    """
    none = logits.isnan().any(1).nonzero().view(-1).tolist()
    if none:
        nodes, edges = (int(ptr.diff()[none[0]]) for ptr in (graphs.node_ptr, graphs.edge_ptr))
        raise ValueError(
            f"Expected numbers from {ask(model).name} (got nan for {len(none)} of {len(logits)} graphs, one "
            f"of them with {nodes} nodes and {edges} edges); see hpme check-model"
        )
    return logits


def node_embedding(model: nn.Module, graphs: Packed) -> Tensor:
    """Returns the embedding of each node before the readout ``[N, H]``, without gradient.

    See `hpme.forward.question.Question.embed`.
    """
    with torch.no_grad():
        return ask(model).embed(graphs).float()


def graph_embedding(model: nn.Module, graphs: Packed) -> Tensor:
    """Returns the `readout` of each graph's node embeddings ``[B, 2H]``, or ``[B, H]`` around nodes."""
    return readout(node_embedding(model, graphs), graphs)


def readout(z: Tensor, graphs: Packed) -> Tensor:
    """Returns maximum and mean of the embeddings ``[N, H]`` of each graph's nodes ``[B, 2H]``; 0 if none.

    Of a graph around a node it is the embedding of that node ``[B, H]``, which is all that the model reads.
    """
    if CENTRE in graphs.node_attrs:
        return centre_rows(z, graphs)
    pools = (pool(z, graphs.batch, graphs.size) for pool in (global_max_pool, global_mean_pool))
    return torch.cat([*pools], dim=-1)
