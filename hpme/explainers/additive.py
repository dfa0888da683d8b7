"""Whether a model's numbers add up over the parts of a graph, so that no part can be asked to keep them."""

from dataclasses import replace

import torch
from torch_geometric.data import Data

from hpme.forward.ask import answer
from hpme.forward.company import NEARLY
from hpme.forward.question import Question
from hpme.method.pooling import induced_subgraph

ADDS_UP = (
    "The numbers of {name} add up over the parts of a graph. Whether a few nodes keep the number is then the "
    "wrong question as soon as the others add something, too: see what each node and each piece contributes."
)


def adds_up(question: Question, graph: Data) -> bool:
    """Tells whether the number of two copies of a graph, taken as one graph, is the sum of both.

    What a graph without nodes gets does not count. Of a model of classes or of nodes, and of one that cannot
    be asked so, the answer is no.
    """
    if question.task.of_nodes:
        return False
    try:
        one, two = question.pack([graph]), question.pack([graph, graph])
        joined = replace(
            two,
            node_ptr=two.node_ptr[::2],
            edge_ptr=two.edge_ptr[::2],
            graph_attrs={name: value[:1] for name, value in two.graph_attrs.items()},
        )
        nothing = induced_subgraph(one, torch.zeros(len(one.x), dtype=torch.bool, device=one.device))
        none, single, double = (answer(question, graphs) for graphs in (nothing, one, joined))
    except ValueError:
        return False
    gap = (double - none) - 2 * (single - none)
    return single.size(1) == 1 and bool(gap.abs() <= NEARLY * double.abs().clamp(min=1))
