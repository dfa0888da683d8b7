"""One graph, and nodes of it that a model of nodes is asked about: the graphs around them."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch_geometric.data import Data

from hpme import checks
from hpme.forward.around import GraphsAround
from hpme.forward.embedding import message_passing
from hpme.forward.graphs import one_graph
from hpme.forward.hops import CENTRE, MOST, around
from hpme.forward.packed import Packed, pack
from hpme.forward.question import Question, ask

FURTHEST = 8  # hops that are tried
SAMPLE = 16  # nodes that they are tried on
NEAR = 1e-4  # largest difference of outputs that should be equal, relative to the largest


def node_graphs(
    model: nn.Module,
    graph: Data,
    index: int | Sequence[int] | Tensor,
    hops: int | None = None,
    most: int = MOST,
) -> list[Data]:
    """Cuts the graphs around nodes, which can be explained, mixed and measured like any other graphs.

    Args:
        model: Model of nodes, or a `Question` whose task is at the level of nodes.
        graph: The whole graph, with ``N`` nodes.
        index: Node, or nodes ``[B]``, or a mask of them, bool ``[N]``.
        hops: How many steps from the node its graph reaches; default: the fewest at which the model answers
            as it does in the whole graph, tried on a few of the nodes. Where layers divide by degrees that is
            one more than there are layers.
        most: The most nodes of one graph; see `hpme.forward.hops.around`.

    Returns:
        For each node a graph; see `hpme.forward.around.GraphsAround`.

    Raises:
        ValueError: If the model's task is not at the level of nodes, a node is not in the graph, or the model
            answers otherwise than in the whole graph however far the graphs reach.

    Example:
        >>> import torch
        >>> from torch_geometric.nn import GCN
        >>> path = torch.tensor([[0, 1, 1, 2, 2, 3, 3, 4], [1, 0, 2, 1, 3, 2, 4, 3]])
        >>> model = GCN(1, 8, num_layers=1, out_channels=2).eval()
        >>> model.model_config = dict(mode="multiclass_classification", task_level="node")
        >>> around_first = node_graphs(model, Data(x=torch.ones(5, 1), edge_index=path), 0)[0]
        >>> around_first.node_number.tolist(), around_first.centre.tolist()
        ([0, 1, 2], [True, False, False])
    """
    question, whole = ask(model), one_graph(graph)
    if not question.task.of_nodes:
        raise ValueError(
            f"Expected task_level 'node' to ask {question.name} about nodes (got 'graph'); say it in "
            "model_config, or leave out index"
        )
    checks.graph(whole)
    nodes = _numbers(index, whole.num_nodes)
    steps = fewest_hops(question, pack([whole]), nodes, most) if hops is None else hops
    checks.in_range("hops", steps, 0, 1000)
    return [*GraphsAround(whole, nodes, steps, most)]


def _numbers(index: int | Sequence[int] | Tensor, count: int) -> Tensor:
    """The numbers of nodes, int64 ``[B]``, of a graph of so many."""
    given = torch.as_tensor(index)
    if given.dtype == torch.bool:
        if given.shape != (count,):
            raise ValueError(
                f"Expected a mask of {count} nodes (got {list(given.shape)}); give it a row each"
            )
        return given.nonzero().view(-1)
    if given.is_floating_point() and given.numel():
        raise ValueError(f"Expected numbers of nodes (got {given.dtype}); give integers")
    nodes = given.long().reshape(-1)
    wrong = nodes[(nodes < 0) | (nodes >= count)].tolist()
    if wrong:
        raise ValueError(f"Expected nodes from 0 to {count - 1} (got {wrong[0]}); choose others")
    return nodes


def fewest_hops(question: Question, graph: Packed, nodes: Tensor, most: int = MOST) -> int:
    """Returns the fewest steps at which a model answers about some nodes as it does in the whole graph.

    Args:
        question: The question to the model.
        graph: The whole graph.
        nodes: Nodes ``[B]``, of which a few are tried.
        most: The most nodes of the graph around one; those that have as many are not compared.

    Raises:
        ValueError: If it answers otherwise however far the graphs reach.
    """
    if not len(nodes):
        return 0
    if question.device is not None:
        graph = graph.to(question.device)
    nodes = nodes.to(graph.device)
    sample = nodes[torch.linspace(0, len(nodes) - 1, min(SAMPLE, len(nodes))).long()].unique()
    with torch.no_grad():
        answers = question.each_node(graph)[sample]
        near = NEAR * max(1.0, float(answers.abs().max()))
        gap = torch.inf
        for hops in range(min(len(message_passing(question.model)), FURTHEST), FURTHEST + 1):
            cut, _ = around(graph, sample, hops, most)
            fit = cut.node_ptr.diff() < most  # of the others not all is taken, and no further step is
            if not fit.any():
                return hops
            gap = float((question(cut) - answers)[fit].abs().max())
            if gap <= near:
                return hops
    raise ValueError(
        f"Expected {question.name} to answer about a node as in the whole graph when it is given the graph "
        f"up to {FURTHEST} steps around it (got answers that differ by {gap:.2g}); say hops= to explain the "
        "model on such graphs all the same"
    )


__all__ = ["CENTRE", "node_graphs"]
